import { z } from 'zod';
import { Allowance, setting, type SettingsOf } from '../settings.js';

/** Settings of the tokens that the local key signs, for use on this machine only. */
export const devTokenSettings = {
  DEV_KEY_FILE: setting(
    z.string().default('.dateline/dev-key.json'),
    'File of the local signing key for AUTH=dev, created if missing. Only its owner may have read access.',
  ),
  JWT_ISSUER: setting(z.string().default('dateline-dev'), 'Required issuer of tokens (`iss`).'),
  JWT_AUDIENCE: setting(z.string().default('dateline'), 'Required audience of tokens (`aud`).'),
};
/** The settings of tokens of the local key, as read. */
export type DevTokenSettings = SettingsOf<typeof devTokenSettings>;

/** Settings of apps that accept tokens. */
export const tokenSettings = {
  AUTH: setting(
    z.enum(['jwks', 'dev']).default('jwks'),
    'How people sign in: at OIDC_ISSUER, and with tokens of JWKS_URL; or, with `dev`, with tokens of the local key in DEV_KEY_FILE, for your own machine only.',
  ),
  JWKS_URL: setting(
    z.url().refine(isSafe, 'must be an https:// URL; http:// is allowed for this machine only').optional(),
    'URL of the public keys (JWKS) of those whose signed tokens are accepted: https, or http on this machine. Required unless AUTH is `dev` or OIDC_ISSUER is set.',
  ),
  JWKS_MAX_AGE_MS: setting(
    z.coerce.number().int().min(1_000).max(600_000).default(60_000),
    'How long the sign-in’s keys are cached, in milliseconds. A withdrawn key may be accepted for that long.',
  ),
  JWT_TYPE: setting(
    z.enum(['at+jwt', 'JWT']).default('at+jwt'),
    'Required type of tokens (`typ`, RFC 9068). `JWT` also accepts tokens without a type, for a sign-in that does not mark access tokens; its ID tokens are refused by their claims.',
  ),
  JWT_MAX_AGE_S: setting(
    z.coerce.number().int().min(60).max(604_800).default(43_200),
    'Maximum age of a token, in seconds since its issue (`iat`), even if its own expiry is later.',
  ),
  REVOKED_FILE: setting(
    z.string().optional(),
    'JSON file of people whose tokens are refused. Key: the token’s subject. Value: an instant, after which newly issued tokens are accepted again, or null. Changes take effect within a second.',
  ),
  ...devTokenSettings,
};
/** The settings of tokens, as read. */
export type TokenSettings = SettingsOf<typeof tokenSettings>;

/** Limits per minute for one address, or one person, or one person in one story. */
export const signedInLimits = {
  FAILED_SIGN_INS_PER_MINUTE: setting(
    Allowance.default(600),
    'Maximum number of invalid tokens per address and minute; after that, only recently accepted tokens pass. 0: no limit.',
  ),
  WRITES_PER_MINUTE: setting(
    Allowance.default(1_200),
    'Maximum number of commands and previews per person and minute; more are answered with 429. 0: no limit.',
  ),
  STORY_WRITES_PER_MINUTE: setting(
    Allowance.default(600),
    'Maximum number of commands and previews per person, story and minute; more are answered with 429. 0: no limit.',
  ),
};
/** The limits of people who have signed in, as read. */
export type SignedInLimits = SettingsOf<typeof signedInLimits>;

// A hoisted function: the schemas above name it.
/** Whether an attacker on the network can neither read nor replace what the URL returns: https, or http on this machine. */
export function isSafe(url: string): boolean {
  if (!URL.canParse(url)) return false;
  const { protocol, hostname } = new URL(url);
  if (protocol === 'https:') return true;
  return protocol === 'http:' && (/^127(\.\d+){3}$/.test(hostname) || ['localhost', '[::1]'].includes(hostname));
}
