import { isSafe, roles, secret, setting, type SettingsOf } from '#platform';
import { z } from 'zod';

const Safe = z
  .url()
  .refine(isSafe, 'must be an https:// URL; http:// is allowed for this machine only')
  .transform(url => url.replace(/\/+$/, ''));

const Words = z
  .string()
  .transform(text => text.split(/\s+/).filter(Boolean))
  .refine(words => words.includes('openid'), 'must contain openid');

const Mapping = z
  .string()
  .transform((text, context) => {
    try {
      return JSON.parse(text) as unknown;
    } catch {
      context.addIssue('must be a JSON object such as {"newsroom-editors": "editor"}');
      return z.NEVER;
    }
  })
  .pipe(z.record(z.string(), z.enum(roles)));

/** The settings of the desk's sign-in at an OpenID Connect issuer. */
export const signInSettings = {
  OIDC_ISSUER: setting(
    z.url().refine(isSafe, 'must be an https:// URL; http:// is allowed for this machine only').optional(),
    'OpenID Connect issuer at which people sign in to the desk: https, or http on this machine. Without it the desk has no sign-in, except with AUTH=dev.',
  ),
  OIDC_CLIENT_ID: setting(z.string().default('dateline'), 'Client id of the desk at OIDC_ISSUER.'),
  OIDC_CLIENT_SECRET: secret(
    z.string().optional(),
    'Client secret of the desk at OIDC_ISSUER. Without it the desk is a public client, which PKCE alone protects.',
  ),
  OIDC_SCOPES: setting(
    Words.default(['openid', 'profile', 'offline_access']),
    'Scopes that the desk asks for, separated by spaces. `offline_access` gets a refresh token from issuers that need it.',
  ),
  OIDC_ROLES_CLAIM: setting(
    z.string().default('roles'),
    'Claim of the ID token or of userinfo that holds a person’s roles or groups. Dots lead into objects: `realm_access.roles`.',
  ),
  OIDC_ROLES: setting(
    Mapping.optional(),
    'JSON object that gives each value of that claim a role, such as {"newsroom-editors": "editor"}. Without it the values are the roles themselves.',
  ),
  OIDC_NAME_CLAIM: setting(z.string().default('name'), 'Claim that holds the name that colleagues and the log see.'),
  EDITOR_URL: setting(
    Safe.optional(),
    'Public base URL of the editor-api, outside any proxy: https, or http on this machine. OIDC_ISSUER needs it. Register EDITOR_URL/sign-in/callback there as redirect URI, EDITOR_URL/desk as URI after sign-out, and EDITOR_URL/sign-out/by-issuer as URI of the back-channel sign-out.',
  ),
  SESSION_CHECK_S: setting(
    z.coerce.number().int().min(1).max(50).default(30),
    'How long the issuer’s word about a person is believed, in seconds; the next request after it asks again. A person whose rights end is out after that long, and at most 10 s later on an open feed.',
  ),
  SESSION_MAX_S: setting(
    z.coerce.number().int().min(60).max(604_800).default(43_200),
    'How long a session lasts at most, in seconds. After it the person signs in again.',
  ),
  SESSION_IDLE_S: setting(
    z.coerce.number().int().min(60).max(604_800).default(3_600),
    'How long a session lasts without a request, in seconds. An open desk asks for news all the time, so this counts from when it was closed or its computer slept.',
  ),
};
/** The settings of the sign-in, as read. */
export type SignInSettings = SettingsOf<typeof signInSettings>;
