import type { CallHandler, ExecutionContext, NestInterceptor } from '@nestjs/common';
import type { RequestHandler } from 'express';
import { createHash } from 'node:crypto';
import type { Authenticated } from '../auth/guard.js';
import type { Principal } from '../auth/token.js';
import { Problem } from '../problem.js';
import { clientAddress } from './client-address.js';
import { Tally } from './tally.js';

const tooMany = (what: string, retryAfter: number) =>
  new Problem(429, 'too-many-requests', `${what} Try again in ${retryAfter} s.`, { retryAfter });

/** Health checks must get an answer even where other clients use up the limit of their address. */
const isHealth = (path: string) => path.startsWith('/health/');

/** Refuses an address that exceeds its limit, before any other work. */
export function limitRequests(perMinute: number): RequestHandler {
  const requests = new Tally(perMinute);
  return (request, _response, next) => {
    const wait = isHealth(request.path) ? 0 : requests.take(clientAddress(request));
    next(wait > 0 ? tooMany('Your address has sent too many requests.', wait) : undefined);
  };
}

/** The most tokens remembered as valid. */
const goodTokens = 10_000;

/**
 * Refuses tokens from an address that has sent too many bad ones, before verifying any. Recently valid tokens pass, so that a signed-in
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
    const { authorization } = request.headers;
    if (authorization === undefined) return next();
    const [address, token] = [clientAddress(request), createHash('sha256').update(authorization).digest('base64')];
    const wait = good.has(token) ? 0 : failures.wait(address);
    if (wait > 0) return next(tooMany('Your address has sent too many invalid tokens.', wait));
    response.once('close', () => {
      if (response.statusCode === 401) {
        good.delete(token);
        failures.take(address);
      } else if ((request as Partial<Authenticated>).principal) remember(token);
    });
    next();
  };
}

/** Refuses a person who sends more commands than people do, before the body is read. */
export class LimitWrites implements NestInterceptor {
  private readonly writes: Tally;

  constructor(perMinute: number) {
    this.writes = new Tally(perMinute);
  }

  intercept(context: ExecutionContext, next: CallHandler) {
    const { method, principal } = context.switchToHttp().getRequest<{ method: string; principal?: Principal }>();
    const wait = !principal || method === 'GET' || method === 'HEAD' ? 0 : this.writes.take(principal.id);
    if (wait > 0) throw tooMany('You have sent too many commands.', wait);
    return next.handle();
  }
}
