import type { CallHandler, ExecutionContext, NestInterceptor } from '@nestjs/common';
import type { Request, RequestHandler } from 'express';
import { hash } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { isIPv6 } from 'node:net';
import type { Authenticated } from '../auth/guard.js';
import type { Principal } from '../auth/principal.js';
import { Problem } from '../problem.js';
import { refuse, type Limit } from '../telemetry/refusals.js';

/**
 * The address for limits per client: the peer of the connection, or the address that a trusted proxy gives in X-Forwarded-For
 * (TRUSTED_PROXIES). An IPv6 address counts by its first 64 bits, as one customer controls the rest.
 */
export function clientAddress({ ip = 'unknown' }: Pick<Request, 'ip'>): string {
  const v4 = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(ip)?.[1];
  return v4 ?? (isIPv6(ip) ? networkOf(ip) : ip);
}

/** The first four of the eight groups of an IPv6 address. */
function networkOf(ip: string): string {
  const [head = '', tail] = ip.split('%')[0]!.split('::');
  const groups = (text: string | undefined) => (text ? text.split(':') : []);
  // `::` means groups of zeros; a last part in dotted form is two groups.
  const filled = 8 - groups(head).length - groups(tail).length;
  const all =
    tail === undefined
      ? groups(head)
      : [...groups(head), ...Array<string>(Math.max(0, filled)).fill('0'), ...groups(tail)];
  return `${all
    .slice(0, 4)
    .map(group => parseInt(group, 16).toString(16))
    .join(':')}::/64`;
}

const minute = 60_000;

/** The most keys (addresses, people or tokens) in one tally, about 100 bytes each. Beyond that it forgets the least recently seen. */
export const keyLimit = 20_000;

/**
 * A rate limit per key: bursts of `perMinute`, refilled evenly over a minute. Stores one instant for each key, at which the key is full
 * again (the generic cell rate algorithm). 0 means no limit.
 */
export class Tally {
  private readonly filled = new Map<string, number>();

  constructor(
    private readonly perMinute: number,
    private readonly now: () => number = () => performance.now(),
    private readonly keys = keyLimit,
  ) {}

  /** Uses one unit of the key. Returns 0, or the whole seconds until the next unit is free. */
  take(key: string): number {
    const wait = this.wait(key);
    if (wait === 0 && this.perMinute > 0) this.set(key, this.next(key));
    return wait;
  }

  /** The seconds until a unit is free; 0 for now. */
  wait(key: string): number {
    if (this.perMinute === 0) return 0;
    return Math.max(0, Math.ceil((this.next(key) - this.now() - minute) / 1_000));
  }

  /** The instant at which the key is full again after one more use. */
  private next(key: string): number {
    return Math.max(this.now(), this.filled.get(key) ?? 0) + minute / this.perMinute;
  }

  private set(key: string, filled: number): void {
    this.filled.delete(key);
    this.filled.set(key, filled);
    if (this.filled.size > this.keys) this.filled.delete(this.filled.keys().next().value!);
  }

  get size(): number {
    return this.filled.size;
  }
}

const tooMany = (what: string, retryAfter: number) =>
  new Problem(429, 'too-many-requests', `${what} Try again in ${retryAfter} s.`, { retryAfter });

/** Health checks must get an answer even if other clients use up the limit of their address. */
const isHealth = (path: string) => path.startsWith('/health/');

/** Counts each request once, even if it is counted before the app sees it. */
export class RequestCounts {
  private readonly requests: Tally;
  private readonly counted = new WeakSet<IncomingMessage>();

  constructor(perMinute: number) {
    this.requests = new Tally(perMinute);
  }

  /** Counts the request for its address. Returns 0, or the seconds until the address may send the next one. */
  take(request: IncomingMessage, address: string): number {
    if (this.counted.has(request)) return 0;
    const wait = this.requests.take(address);
    if (wait === 0) this.counted.add(request);
    return wait;
  }
}

/** Refuses an address that exceeds its limit, before any other work. */
export const limitRequests =
  (counts: RequestCounts): RequestHandler =>
  (request, response, next) => {
    const wait = isHealth(request.path) ? 0 : counts.take(request, clientAddress(request));
    if (wait > 0) refuse(response, 'requests');
    next(wait > 0 ? tooMany('Your address has sent too many requests.', wait) : undefined);
  };

/** The most tokens remembered as valid. */
const goodTokens = 10_000;

/**
 * Refuses tokens and cookies from an address that has sent too many bad ones, before verifying any. Recently valid tokens pass, so that a signed-in
 * person is not locked out by others at the same address.
 */
export function limitFailedSignIns(perMinute: number): RequestHandler {
  const failures = new Tally(perMinute);
  const good = new Set<string>();
  const remember = (token: string) => {
    good.delete(token);
    good.add(token);
    if (good.size > goodTokens) good.delete(good.values().next().value!);
  };
  return (request, response, next) => {
    const { authorization, cookie } = request.headers;
    const given = authorization ?? cookie;
    if (given === undefined) return next();
    const [address, token] = [clientAddress(request), hash('sha256', given, 'base64')];
    const wait = good.has(token) ? 0 : failures.wait(address);
    if (wait > 0) {
      refuse(response, 'sign-ins');
      return next(tooMany('Your address has sent too many invalid tokens.', wait));
    }
    response.once('close', () => {
      if (response.statusCode === 401) {
        good.delete(token);
        failures.take(address);
      } else if ((request as Partial<Authenticated>).principal) remember(token);
    });
    next();
  };
}

/** The longest id of a story for which commands are counted. A longer one is refused as malformed. */
const longestStory = 200;

/**
 * Refuses a person, or a program with a token, who sends more commands than people do: in all, and in one story. It does so before the body
 * is read. Nobody can use up the commands of another person.
 */
export class LimitWrites implements NestInterceptor {
  private readonly writes: Tally;
  private readonly inStory: Tally;

  constructor(perMinute: number, perStoryAndMinute: number) {
    this.writes = new Tally(perMinute);
    this.inStory = new Tally(perStoryAndMinute);
  }

  intercept(context: ExecutionContext, next: CallHandler) {
    const http = context.switchToHttp();
    const { method, principal, params } = http.getRequest<Writing>();
    if (!principal || method === 'GET' || method === 'HEAD') return next.handle();
    const refused = this.take(principal.id, params?.story);
    if (!refused) return next.handle();
    refuse(http.getResponse<ServerResponse>(), refused.limit);
    throw refused.problem;
  }

  /** Counts the command, or says which limit refuses it. */
  private take(id: string, story = ''): { limit: Limit; problem: Problem } | undefined {
    const place = story !== '' && story.length <= longestStory ? JSON.stringify([id, story]) : undefined;
    const [wait, waitInStory] = [this.writes.wait(id), place ? this.inStory.wait(place) : 0];
    if (wait > 0) return { limit: 'writes', problem: tooMany('You have sent too many commands.', wait) };
    if (waitInStory > 0)
      return { limit: 'story-writes', problem: tooMany('You have sent too many commands to this story.', waitInStory) };
    this.writes.take(id);
    if (place) this.inStory.take(place);
    return undefined;
  }
}

interface Writing {
  readonly method: string;
  readonly principal?: Principal;
  readonly params?: { readonly story?: string };
}
