import { z } from 'zod';
import { Allowance, setting, type SettingsOf } from '../settings.js';

/** What the local key signs tokens by, for one's own machine alone. */
export const devTokenSettings = {
  DEV_KEY_FILE: setting(
    z.string().default('.dateline/dev-key.json'),
    'The local signing key of AUTH=dev, made where it is missing. Only its owner may be able to read it.',
  ),
  JWT_ISSUER: setting(z.string().default('dateline-dev'), 'Who must have issued a token.'),
  JWT_AUDIENCE: setting(z.string().default('dateline'), 'Whom a token must be meant for.'),
};
export type DevTokenSettings = SettingsOf<typeof devTokenSettings>;

/** What an app that takes tokens is set by. */
export const tokenSettings = {
  AUTH: setting(
    z.enum(['jwks', 'dev']).default('jwks'),
    'Whose tokens count: those of the sign-in whose keys are at JWKS_URL, or those of the local key in DEV_KEY_FILE, for one’s own machine alone.',
  ),
  JWKS_URL: setting(
    z.url().refine(isSafeForKeys, 'must be an https:// URL; http:// is for this machine alone').optional(),
    'Where the newsroom’s sign-in publishes its keys: https, or http on this machine. Needed unless AUTH is `dev`.',
  ),
  JWKS_MAX_AGE_MS: setting(
    z.coerce.number().int().min(1_000).max(600_000).default(60_000),
    'How long the sign-in’s keys are believed without being asked for again, in milliseconds: so long a key that it withdrew may still count.',
  ),
  JWT_TYPE: setting(
    z.enum(['at+jwt', 'JWT']).default('at+jwt'),
    'The type that a token’s header must say (`typ`, RFC 9068). `JWT` also takes `JWT` and none, for a sign-in that marks its access tokens no further; its ID tokens are refused by their claims.',
  ),
  JWT_MAX_AGE_S: setting(
    z.coerce.number().int().min(60).max(604_800).default(43_200),
    'How long a token counts at most, in seconds from when it was issued (`iat`), whatever it says itself.',
  ),
  REVOKED_FILE: setting(
    z.string().optional(),
    'JSON file of people whose tokens count no more: by the token’s subject an instant, from which on newly issued ones count again, or null. A change counts within a second.',
  ),
  ...devTokenSettings,
};
export type TokenSettings = SettingsOf<typeof tokenSettings>;

/** How much of it one address or one person may ask for in a minute. */
export const signedInLimits = {
  FAILED_SIGN_INS_PER_MINUTE: setting(
    Allowance.default(600),
    'Tokens that are not valid which one address may send in a minute; then only tokens that were good lately are let pass. 0 for any number.',
  ),
  WRITES_PER_MINUTE: setting(
    Allowance.default(1_200),
    'Commands and previews that one person may send in a minute; more are answered with 429. 0 for any number.',
  ),
};
export type SignedInLimits = SettingsOf<typeof signedInLimits>;

// A hoisted function: the schemas above name it.
/** Whether nobody on the way can put other keys in the place of those that the URL gives. */
function isSafeForKeys(url: string): boolean {
  if (!URL.canParse(url)) return false;
  const { protocol, hostname } = new URL(url);
  if (protocol === 'https:') return true;
  return protocol === 'http:' && (/^127(\.\d+){3}$/.test(hostname) || ['localhost', '[::1]'].includes(hostname));
}
