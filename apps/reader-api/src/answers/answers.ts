import { pageHeaders } from '#pages';
import { routeOf, type Early, type ObserveEarly } from '#platform';
import { Inject, Injectable } from '@nestjs/common';
import type { Response } from 'express';
import { LRUCache } from 'lru-cache';
import type { IncomingMessage } from 'node:http';
import { html, type Answer } from '../http/answer.js';
import { PublicUrl } from '../http/public-url.js';
import { ReadModels } from '../read-models.js';
import { SETTINGS, type ReaderSettings } from '../settings.js';
import { Kept } from './kept.js';
import type { Look, Scope } from './known.js';

/** Maximum number of bytes of addresses whose question is remembered. */
const addressBytes = 2 * 1_024 * 1_024;

/** A request's address, as it was sent, and what it asks. */
interface Address {
  readonly key: string;
  /** The route's pattern, for metrics. */
  readonly route: string;
}

interface Flight {
  readonly scope: Scope;
  readonly look: Look;
  readonly answer: Promise<Kept>;
}

/**
 * The answers that this process keeps. An answer is a function of its address, the build and the positions of its story and of the
 * registry: it is rendered once for all who ask, one rendering at a time, and is sent as long as a look at the database, begun after
 * the request came, says that nothing it depends on has changed.
 */
@Injectable()
export class Answers {
  private readonly kept: LRUCache<string, Kept>;
  private readonly flights = new Map<string, Flight>();
  private readonly addresses = new LRUCache<string, Address>({
    maxSize: addressBytes,
    sizeCalculation: ({ key }, address) => key.length + address.length + 200,
  });
  private readonly cacheControl: string;
  private readonly ancestors: string;

  constructor(
    private readonly models: ReadModels,
    private readonly publicUrl: PublicUrl,
    @Inject(SETTINGS) settings: ReaderSettings,
  ) {
    this.kept = new LRUCache({ maxSize: settings.ANSWERS_BYTES, sizeCalculation: ({ bytes }) => bytes });
    // After a takedown nothing from before it stays in memory.
    models.known.onForget = () => this.kept.clear();
    this.ancestors = settings.FRAME_ANCESTORS;
    const { CACHE_SECONDS: seconds } = settings;
    this.cacheControl = seconds > 0 ? `public, max-age=${seconds}` : 'no-cache';
  }

  /** The bytes that kept answers take. */
  get bytes(): number {
    return this.kept.calculatedSize;
  }

  /**
   * Sends the answer to a question, or 304. `question` must contain everything that the answer depends on besides the rows of `scope`
   * and this API's public address.
   */
  async send(
    response: Response,
    question: readonly unknown[],
    scope: Scope,
    make: () => Promise<Answer>,
  ): Promise<void> {
    const { req: request } = response;
    const key = JSON.stringify([this.publicUrl.of(request), ...question]);
    const kept = await this.answer(key, scope, make);
    const address = this.addressOf(request);
    if (address !== undefined) this.addresses.set(address, { key, route: routeOf(request) });
    await kept.sendInApp(response, () => this.grown(key, kept));
  }

  /** Finds a kept answer for a request, before the app sees it. */
  early(observe: ObserveEarly): Early {
    return request => {
      const address = this.addressOf(request);
      const found = address === undefined ? undefined : this.addresses.get(address);
      if (!found) return undefined;
      const began = performance.now();
      return async response => {
        await this.models.look();
        const kept = this.valid(found.key);
        if (!kept || response.destroyed) return false;
        const sent = await kept.sendEarly(request, response, () => this.grown(found.key, kept));
        if (sent) observe(response, found.route, began);
        return sent;
      };
    };
  }

  /** Which answer an address gets; undefined if a header decides too. */
  private addressOf(request: IncomingMessage): string | undefined {
    const { url = '', headers, socket } = request;
    if (headers['accept-datetime'] !== undefined) return undefined;
    return `${socket.localAddress} ${socket.localPort} ${url}`;
  }

  private async answer(key: string, scope: Scope, make: () => Promise<Answer>): Promise<Kept> {
    await this.models.look();
    const kept = this.valid(key);
    if (kept) return kept;
    const flight = this.flights.get(key);
    if (flight && this.models.known.same(flight.scope, flight.look)) {
      const shared = await flight.answer;
      // Which other story it names was known only at its end.
      if (this.models.known.same(shared.scope, shared.look)) return shared;
    }
    return this.begin(key, scope, make);
  }

  private begin(key: string, scope: Scope, make: () => Promise<Answer>): Promise<Kept> {
    const look = this.models.known.latest;
    const answer = make().then(made => {
      const whole = made.names === undefined ? scope : { ...scope, names: made.names };
      return new Kept(made, whole, look, this.headersOf(made));
    });
    const flight = { scope, look, answer };
    this.flights.set(key, flight);
    const last = () => this.flights.get(key) === flight;
    answer.then(
      kept => {
        if (!last()) return;
        this.flights.delete(key);
        if (this.models.known.same(kept.scope, look)) this.kept.set(key, kept);
      },
      () => last() && this.flights.delete(key),
    );
    return answer;
  }

  private valid(key: string): Kept | undefined {
    const kept = this.kept.get(key);
    if (!kept || this.models.known.same(kept.scope, kept.look)) return kept;
    this.kept.delete(key);
    return undefined;
  }

  private grown(key: string, kept: Kept): void {
    if (this.kept.peek(key) === kept) this.kept.set(key, kept);
  }

  private headersOf({ type, headers = {} }: Answer) {
    const vary = ['Accept-Encoding', ...(headers.Vary ? [headers.Vary] : [])].join(', ');
    return {
      ...(type === html ? pageHeaders({ ancestors: this.ancestors }) : {}),
      'Cache-Control': this.cacheControl,
      ...headers,
      Vary: vary,
    };
  }
}
