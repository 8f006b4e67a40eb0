import { sha256 } from '#domain';
import type { Response } from 'express';
import Negotiator from 'negotiator';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';
import { holds, html, type Answer } from '../http/answer.js';
import type { Look, Scope } from './known.js';

const encodings = ['br', 'gzip'] as const;
type Encoding = (typeof encodings)[number];

/** Below this many bytes an answer is sent as it is: headers weigh more than compression saves. */
const smallest = 512;

/** From level 5 on Brotli beats gzip on our answers; higher levels take longer and save next to nothing. */
const brotli = { params: { [constants.BROTLI_PARAM_QUALITY]: 5 } };
const [brotlied, gzipped] = [promisify(brotliCompress), promisify(gzip)];
const compressed = (encoding: Encoding, body: Buffer): Promise<Buffer> =>
  encoding === 'br' ? brotlied(body, brotli) : gzipped(body);

/** What a kept answer takes besides its bodies, in bytes: its headers, its key and its objects, roughly. */
const overhead = 4_096;

/** A tag, and the headers of a 304 with it. */
interface Tag {
  readonly etag: string;
  readonly of304: string[];
}

/** What one request gets: a 304, or the headers of this sending, as names and values in turns, and the body. */
type Sending = { readonly held: Tag } | { readonly headers: readonly string[]; readonly body: Buffer };

/** What does not depend on the request: headers, as names and values in turns, and the tag in both its forms. */
interface Common {
  readonly headers: readonly string[];
  readonly strong: Tag;
  readonly weak: Tag;
}

/**
 * The headers that a 304 repeats: those that caches need (RFC 9110, 15.4.5; RFC 7089), and those that let other sites' scripts read it. A
 * digest of the others is in the tag, so a client with this tag has them too.
 */
const repeated = /^(cache-control|content-location|expires|vary|link|memento-datetime|access-control-.*)$/i;

/** The headers that the app has set, and the tag. */
function commonOf(response: Response, etag: string): Common {
  const pairs = rawNames(response).map(name => [name, String(response.getHeader(name))] as const);
  const once = pairs.filter(([name]) => !repeated.test(name));
  const again = pairs.filter(([name]) => repeated.test(name)).flat();
  const strong = etag.replace(/"$/, `.${sha256(JSON.stringify(once)).slice(0, 8)}"`);
  const tagOf = (etag: string) => ({ etag, of304: [...again, 'ETag', etag] });
  return { headers: pairs.flat(), strong: tagOf(strong), weak: tagOf(`W/${strong}`) };
}

/** An answer that was rendered once, for all who ask the same. */
export class Kept {
  private readonly body: Buffer;
  private readonly etag: string;
  private readonly type: string;
  private readonly bodies = new Map<Encoding, Buffer>();
  private readonly compressing = new Map<Encoding, Promise<Buffer>>();
  /** What the app and its middleware set; undefined until they have. It depends on no request. */
  private common: Common | undefined;

  constructor(
    answer: Answer,
    readonly scope: Scope,
    /** The state of the database before it was read. */
    readonly look: Look,
    private readonly own: Readonly<Record<string, string>>,
  ) {
    this.body = Buffer.from(answer.text);
    this.etag = answer.etag;
    this.type = answer.type;
  }

  /** The bytes that it takes in memory. */
  get bytes(): number {
    return [...this.bodies.values()].reduce((sum, { length }) => sum + length, this.body.length + overhead);
  }

  /** What to send to this request: the answer, or 304 to a client that holds it. `onGrown`: see `encoded`. */
  private toSend({ headers: asked }: IncomingMessage, common: Common, onGrown: () => void): Sending | Promise<Sending> {
    const held = asked['if-none-match'];
    const encoding = this.body.length < smallest ? undefined : accepted(asked['accept-encoding']);
    // Compressed bytes are another representation. A page may be compressed on its way too.
    const tag = encoding || this.type === html ? common.weak : common.strong;
    if (held !== undefined && (held === tag.etag || holds(held, common.strong.etag))) return { held: tag };
    const whole = (body: Buffer): Sending => {
      const headers = ['ETag', tag.etag, 'Content-Type', this.type, 'Content-Length', String(body.length)];
      if (encoding) headers.push('Content-Encoding', encoding);
      return { headers, body };
    };
    const body = encoding ? this.encoded(encoding, onGrown) : this.body;
    return Buffer.isBuffer(body) ? whole(body) : body.then(whole);
  }

  /** Sends it through the app, with the headers that the app has set, and remembers them. */
  async sendInApp(response: Response, onGrown: () => void): Promise<void> {
    response.set(this.own);
    const common = (this.common ??= commonOf(response, this.etag));
    const sending = await this.toSend(response.req, common, onGrown);
    if ('held' in sending) {
      for (const name of rawNames(response)) if (!repeated.test(name)) response.removeHeader(name);
      return void response.status(304).setHeader('ETag', sending.held.etag).end();
    }
    const { headers, body } = sending;
    for (let at = 0; at < headers.length; at += 2) response.setHeader(headers[at]!, headers[at + 1]!);
    if (response.req.method === 'HEAD') response.end();
    else response.end(body);
  }

  /** Sends it before the app sees the request, with the headers that the app sent. False if the app has not sent it yet. */
  sendEarly(request: IncomingMessage, response: ServerResponse, onGrown: () => void): boolean | Promise<boolean> {
    const { common } = this;
    if (!common) return false;
    const send = (sending: Sending) => {
      if ('held' in sending) response.writeHead(304, sending.held.of304).end();
      else response.writeHead(200, [...common.headers, ...sending.headers]).end(sending.body);
      return true;
    };
    const sending = this.toSend(request, common, onGrown);
    return sending instanceof Promise ? sending.then(send) : send(sending);
  }

  /** The compressed body, made once for all; `onGrown` is called when the answer takes more memory. */
  private encoded(encoding: Encoding, onGrown: () => void): Promise<Buffer> | Buffer {
    const known = this.bodies.get(encoding);
    if (known) return known;
    const running = this.compressing.get(encoding);
    if (running) return running;
    const begun = compressed(encoding, this.body).then(body => {
      this.bodies.set(encoding, body);
      this.compressing.delete(encoding);
      onGrown();
      return body;
    });
    this.compressing.set(encoding, begun);
    return begun;
  }
}

/** The names of the headers as they were written, which Node's types do not list here. */
const rawNames = (response: Response): string[] =>
  (response as unknown as { getRawHeaderNames(): string[] }).getRawHeaderNames();

/** Maximum number of Accept-Encoding headers whose meaning is remembered. Browsers send few different ones. */
const mostHeaders = 100;
const meanings = new Map<string, Encoding | undefined>();

/** The best encoding that the header accepts; undefined for none. */
export function accepted(header: string | string[] | undefined): Encoding | undefined {
  if (header === undefined) return undefined;
  const text = String(header);
  if (meanings.has(text)) return meanings.get(text);
  const all = new Negotiator({ headers: { 'accept-encoding': text } }).encodings([...encodings]);
  const best = encodings.find(encoding => all.includes(encoding));
  if (meanings.size >= mostHeaders) meanings.clear();
  meanings.set(text, best);
  return best;
}
