import { Author, Subject } from '#domain';
import { Logger } from '@nestjs/common';
import type { Request } from 'express';
import {
  createLocalJWKSet,
  errors,
  jwtVerify,
  type JWTHeaderParameters,
  type JWTPayload,
  type JWTVerifyGetKey,
} from 'jose';
import { z } from 'zod';
import { Problem } from '../problem.js';
import { ConfigError } from '../settings.js';
import type { Credentials } from './credentials.js';
import { devAlgorithm, publicKeys } from './dev-key.js';
import { Refused, type Principal } from './principal.js';
import { remoteKeys } from './remote-keys.js';
import { Revoked } from './revoked.js';
import type { TokenSettings } from './settings.js';

const Claims = z.object({
  sub: Subject,
  name: Author.shape.name.or(z.literal('')),
  roles: z.array(z.string()).default([]),
  iat: z.number(),
  exp: z.number(),
});

/** Accepted signature algorithms: only with private keys, never with a secret that the verifier shares. */
export const algorithms = [
  ...['EdDSA', 'Ed25519', 'ES256', 'ES384', 'ES512'],
  ...['PS256', 'PS384', 'PS512', 'RS256', 'RS384', 'RS512'],
];

/** The shortest time in milliseconds between two fetches of the keys because a token names an unknown one. */
const askAgainMs = 10_000;

/** How long a verified signature is trusted without another check, in milliseconds; no longer than `JWKS_MAX_AGE_MS`. */
const trustedMs = 1_000;
/** The most tokens whose signatures are trusted. Beyond that the oldest is checked again. */
export const trustedTokens = 1_000;

interface Trusted {
  readonly principal: Principal;
  /** Until when its signature is trusted, by `performance.now()`. */
  readonly until: number;
}

/** Claims of tokens for other uses: ID tokens, and tokens bound to a key whose proof we do not check. */
const foreignClaims = ['nonce', 'at_hash', 'c_hash', 's_hash', 'cnf'];
/** Claims in which some issuers name the token's use, where the header's type is `JWT` for all uses. */
const foreignUses: readonly [string, readonly unknown[]][] = [
  ['token_use', ['id']],
  ['typ', ['ID', 'Refresh', 'Offline', 'Logout']],
];

/** A fault of a token, as a word for the log. Never contains a part of the token. */
class TokenFault extends Error {
  constructor(readonly why: string) {
    super(why);
  }
}

// Errors of jose for keys that could not be fetched, as opposed to a bad token.
const keysMissing = ['ERR_JOSE_GENERIC', 'ERR_JWKS_TIMEOUT', 'ERR_JWKS_INVALID'];

function faultOf(error: unknown): string | undefined {
  if (error instanceof TokenFault) return error.why;
  if (error instanceof z.ZodError) return `claim ${String(error.issues[0]?.path[0])}`;
  if (!(error instanceof errors.JOSEError) || keysMissing.includes(error.code)) return undefined;
  // Expiry is also a failed claim. The names of claims are our own list, so they are safe to log.
  return 'claim' in error ? `${error.code} ${String(error.claim)}` : error.code;
}

/**
 * The keys, and the algorithms that they may be used with; no keys if people sign in with other credentials alone. Throws a ConfigError if
 * nobody could sign in.
 */
function trusted(
  { AUTH, JWKS_URL, JWKS_MAX_AGE_MS, DEV_KEY_FILE }: TokenSettings,
  others: boolean,
): [JWTVerifyGetKey, string[]] {
  if (AUTH === 'dev') {
    if (JWKS_URL) throw new ConfigError('JWKS_URL and AUTH=dev exclude each other. Remove one of them.');
    return [createLocalJWKSet({ keys: publicKeys(DEV_KEY_FILE) }), [devAlgorithm]];
  }
  if (!JWKS_URL && others) return [createLocalJWKSet({ keys: [] }), algorithms];
  if (!JWKS_URL)
    throw new ConfigError(
      'Set OIDC_ISSUER to let people sign in at your issuer, or JWKS_URL to accept its tokens. On your own machine, set AUTH=dev to accept tokens of a local key instead.',
    );
  const lasting = { maxAgeMs: JWKS_MAX_AGE_MS, againMs: Math.min(askAgainMs, JWKS_MAX_AGE_MS) };
  return [remoteKeys(JWKS_URL, lasting), algorithms];
}

/** The request's bearer token; undefined if it has none in the accepted form. */
export const tokenIn = ({ headers }: Pick<Request, 'headers'>): string | undefined =>
  /^Bearer (\S+)$/i.exec(headers.authorization ?? '')?.[1];

/**
 * Verifies a token's signature, algorithm, type, issuer, audience, times and subject. Any fault is a 401, whose reason only the log
 * gets. A 503 if the keys could not be fetched.
 */
export class TokenVerifier {
  private readonly logger = new Logger('auth');
  private readonly keys: JWTVerifyGetKey;
  private readonly algorithms: string[];
  private readonly revoked: Revoked;
  private readonly verified = new WeakMap<object, Promise<Principal>>();
  /** When a principal's token or session was issued: milliseconds since 1970. */
  private readonly issued = new WeakMap<Principal, number>();
  /** By token. Verifying a signature costs more than the rest of a small request. */
  private readonly trusted = new Map<string, Trusted>();
  /** Verifications that have begun, by token. Each ends soon, so there are no more of them than requests in progress. */
  private readonly verifying = new Map<string, Promise<Principal>>();

  /** `others`: further credentials; `signsIn`: whether people can sign in with them, so that no source of keys is needed. */
  constructor(
    private readonly settings: TokenSettings,
    private readonly others: readonly Credentials[] = [],
    signsIn = false,
  ) {
    [this.keys, this.algorithms] = trusted(settings, signsIn);
    this.revoked = new Revoked(settings.REVOKED_FILE);
  }

  async verify(token: string): Promise<Principal> {
    const known = this.trusted.get(token);
    const isTrusted = known && performance.now() < known.until && Date.now() < known.principal.ends;
    if (isTrusted && !this.isRevoked(known.principal)) return known.principal;
    this.trusted.delete(token);
    // Requests that come together with one token share one verification.
    const running = this.verifying.get(token);
    if (running) return running;
    const verifying = this.verifyNow(token).finally(() => this.verifying.delete(token));
    this.verifying.set(token, verifying);
    return verifying;
  }

  private async verifyNow(token: string): Promise<Principal> {
    const { JWT_ISSUER: issuer, JWT_AUDIENCE: audience, JWT_MAX_AGE_S: maxTokenAge } = this.settings;
    const options = { issuer, audience, maxTokenAge, algorithms: this.algorithms, requiredClaims: ['sub', 'exp'] };
    try {
      const { payload, protectedHeader } = await jwtVerify(token, this.keys, options);
      this.checkUse(protectedHeader, payload);
      const { sub: id, name, roles, iat, exp } = Claims.parse(payload);
      if (this.revoked.has(id, iat * 1_000)) throw new TokenFault('revoked');
      const ends = Math.min(exp, iat + maxTokenAge) * 1_000;
      return this.trust(token, { id, roles, ...(name ? { name } : {}), ends }, iat * 1_000);
    } catch (error) {
      const why = faultOf(error);
      if (why === undefined) {
        this.logger.warn(error);
        const detail = 'The sign-in’s token keys are unavailable. Try again.';
        throw new Problem(503, 'sign-in-unavailable', detail);
      }
      const detail =
        error instanceof errors.JWTExpired ? 'The token has expired.' : 'This newsroom does not accept the token.';
      throw new Refused(401, 'wrong-token', `${detail} Send Authorization: Bearer with a valid token.`, why);
    }
  }

  private trust(token: string, principal: Principal, issued: number): Principal {
    const until = performance.now() + Math.min(trustedMs, this.settings.JWKS_MAX_AGE_MS);
    this.issued.set(principal, issued);
    this.trusted.set(token, { principal, until });
    if (this.trusted.size > trustedTokens) this.trusted.delete(this.trusted.keys().next().value!);
    return principal;
  }

  /** The principal of the request's token or session, verified once per request. */
  ofRequest(request: Pick<Request, 'headers' | 'method'>): Promise<Principal> {
    const known = this.verified.get(request);
    if (known) return known;
    const principal = this.identify(request);
    this.verified.set(request, principal);
    return principal;
  }

  private async identify(request: Pick<Request, 'headers' | 'method'>): Promise<Principal> {
    for (const other of this.others) {
      const found = await other.of(request);
      if (!found) continue;
      this.issued.set(found.principal, found.issued);
      if (!this.isRevoked(found.principal)) return found.principal;
      throw new Refused(401, 'signed-out', 'Your rights have ended. Ask your newsroom.', 'revoked');
    }
    const token = tokenIn(request);
    if (token) return this.verify(token);
    throw new Refused(401, 'no-token', 'Send “Authorization: Bearer” with a token of this newsroom.', 'no token');
  }

  /**
   * The principal of an admitted request as it is now; undefined if the request would not be admitted any more. A token holds until its end or
   * its revocation, also while the keys are unavailable.
   */
  async current(request: Pick<Request, 'headers' | 'method'>): Promise<Principal | undefined> {
    try {
      return await this.identify(request);
    } catch (error) {
      if (error instanceof Refused || tokenIn(request) === undefined) return undefined;
      const admitted = await this.ofRequest(request);
      return Date.now() < admitted.ends && !this.isRevoked(admitted) ? admitted : undefined;
    }
  }

  /** Whether somebody's rights were revoked: those of a program also with its maker's. */
  private isRevoked(principal: Principal): boolean {
    const { id, machine } = principal;
    const issued = this.issued.get(principal) ?? 0;
    return [id, ...(machine ? [machine.maker] : [])].some(who => this.revoked.has(who, issued));
  }

  /** Accepts only access tokens: a token that the issuer signed for another use must not open anything. */
  private checkUse({ typ }: JWTHeaderParameters, payload: JWTPayload): void {
    const type = typ?.toLowerCase().replace(/^application\//, '');
    const taken = this.settings.JWT_TYPE === 'JWT' ? [undefined, 'jwt', 'at+jwt'] : ['at+jwt'];
    if (!taken.includes(type)) throw new TokenFault('type, which JWT_TYPE does not accept');
    const claim = foreignClaims.find(name => name in payload);
    if (claim) throw new TokenFault(`claim ${claim}`);
    const use = foreignUses.find(([name, values]) => values.includes(payload[name]));
    if (use) throw new TokenFault(`claim ${use[0]}`);
  }
}
