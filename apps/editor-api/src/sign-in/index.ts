import { ConfigError, type TokenSettings } from '#platform';
import { Cookies } from './cookies.js';
import { Issuer } from './issuer.js';
import { Sessions } from './sessions.js';
import type { SignInSettings } from './settings.js';
import { SignIn } from './sign-in.controller.js';
import { SessionStore } from './store.js';

export { SignIn, SignInController } from './sign-in.controller.js';

type Settings = SignInSettings &
  Pick<TokenSettings, 'AUTH' | 'JWKS_URL' | 'JWT_ISSUER'> & { readonly DATABASE_URL: string };

const plain = (issuer: string) => issuer.replace(/\/$/, '');

/** The desk's sign-in, and what closes it; undefined if no issuer is set. Throws a ConfigError. */
export function signInOf(settings: Settings): (SignIn & { readonly close: () => Promise<void> }) | undefined {
  const { OIDC_ISSUER, EDITOR_URL, AUTH, DATABASE_URL, JWKS_URL, JWT_ISSUER } = settings;
  if (OIDC_ISSUER === undefined) return undefined;
  if (AUTH === 'dev')
    throw new ConfigError(
      'OIDC_ISSUER and AUTH=dev exclude each other: tokens of the local key are for your own machine. Remove one.',
    );
  // The log names people by the subject alone, and two issuers could give two people the same one.
  if (JWKS_URL && plain(JWT_ISSUER) !== plain(OIDC_ISSUER))
    throw new ConfigError(
      'With OIDC_ISSUER and JWKS_URL, JWT_ISSUER must be the same issuer as OIDC_ISSUER: another one could give somebody else the same subject.',
    );
  if (EDITOR_URL === undefined)
    throw new ConfigError(
      'OIDC_ISSUER needs EDITOR_URL: the address to which the issuer sends editors’ browsers back.',
    );
  const whole = { ...settings, OIDC_ISSUER, EDITOR_URL };
  const [issuer, cookies, store] = [new Issuer(whole), new Cookies(EDITOR_URL), new SessionStore(DATABASE_URL)];
  const signIn = new SignIn(issuer, new Sessions(whole, issuer, store, cookies), cookies);
  return Object.assign(signIn, { close: () => store.close() });
}
