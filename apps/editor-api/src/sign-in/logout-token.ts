import { errors, jwtVerify, type JWTVerifyGetKey } from 'jose';
import { z } from 'zod';
import { algorithms } from '#platform';
import { SignInFailed } from './failures.js';

/** How the issuer names the sessions that it ends: by the person, by its own session, or by both. */
export interface Ended {
  readonly sub?: string | undefined;
  readonly sid?: string | undefined;
}

/** How old a logout token may be, in seconds: an issuer sends it at once. */
export const longestAgeS = 120;
/** How much our clock and the issuer's may differ, in seconds. */
export const clockToleranceS = 30;

const event = 'http://schemas.openid.net/event/backchannel-logout';
const Name = z.string().min(1).max(255);
const Claims = z
  .looseObject({
    sub: Name.optional(),
    sid: Name.optional(),
    jti: z.string().min(1),
    events: z.looseObject({ [event]: z.looseObject({}) }),
    // An ID token has one, and is no logout token.
    nonce: z.undefined().optional(),
  })
  .refine(({ sub, sid }) => sub !== undefined || sid !== undefined);

// The issuer's keys were not there, which says nothing about the token.
const noKeys = ['ERR_JOSE_GENERIC', 'ERR_JWKS_TIMEOUT', 'ERR_JWKS_INVALID'];

/**
 * The sessions that a logout token ends (OpenID Connect Back-Channel Logout 1.0, 2.6). Throws a SignInFailed: `refused` if it is not a token
 * of the issuer for this client now, `unavailable` if the issuer's keys cannot be read.
 */
export async function endedBy(
  token: string,
  keys: JWTVerifyGetKey,
  { issuer, client }: { readonly issuer: string; readonly client: string },
): Promise<Ended> {
  const options = {
    ...{ issuer, audience: client, algorithms: [...algorithms], maxTokenAge: longestAgeS },
    // So no other token of the issuer's can be used as one.
    typ: 'logout+jwt',
    clockTolerance: clockToleranceS,
  };
  const { payload } = await jwtVerify(token, keys, options).catch((error: unknown) => {
    const code = error instanceof errors.JOSEError ? error.code : 'ERR_JOSE_GENERIC';
    throw new SignInFailed(noKeys.includes(code) ? 'unavailable' : 'refused', code);
  });
  const { success, data } = Claims.safeParse(payload);
  if (!success) throw new SignInFailed('refused', 'not the claims of a logout token');
  return { sub: data.sub, sid: data.sid };
}
