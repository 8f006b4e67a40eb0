import { remoteKeys } from '#platform';
import type { JWTVerifyGetKey } from 'jose';
import * as oidc from 'openid-client';
import { BadClaim, personOf, type Person } from './person.js';
import { SignInFailed } from './failures.js';
import { clockToleranceS, endedBy, type Ended } from './logout-token.js';
import type { SignInSettings } from './settings.js';

/** Settings with an issuer. */
export type IssuerSettings = SignInSettings & { readonly OIDC_ISSUER: string; readonly EDITOR_URL: string };

/** The person, and the tokens by which the issuer is asked again. Kept sealed, and sent to no browser. */
export interface Grant {
  readonly person: Person;
  readonly refresh?: string;
  /** Only if there is no refresh token. */
  readonly access?: string;
}

/** A sign-in that has begun: what the browser must bring back to finish it. */
export interface Begun {
  readonly state: string;
  readonly nonce: string;
  readonly verifier: string;
}

/** How long the issuer may take for one answer, in seconds. */
const patienceS = 5;
/** How long the issuer's own description (its addresses and abilities) is kept, in milliseconds. */
const describedMs = 600_000;
/** How long its keys for logout tokens are kept. */
const keysLast = { maxAgeMs: 600_000, againMs: 30_000, timeoutMs: patienceS * 1_000 };

/** The OpenID Connect issuer, as its client sees it. Every function asks it over the network; they reject with errors of `openid-client`. */
export class Issuer {
  private config: oidc.Configuration | undefined;
  private described = -Infinity;
  private keys: { readonly at: string; readonly get: JWTVerifyGetKey } | undefined;

  constructor(private readonly settings: IssuerSettings) {}

  private get callback(): string {
    return `${this.settings.EDITOR_URL}/sign-in/callback`;
  }

  private async configuration(): Promise<oidc.Configuration> {
    const now = performance.now();
    if (this.config && now - this.described < describedMs) return this.config;
    const { OIDC_ISSUER, OIDC_CLIENT_ID: id, OIDC_CLIENT_SECRET: secret } = this.settings;
    const issuer = new URL(OIDC_ISSUER);
    // The settings allow http on this machine alone.
    const execute = issuer.protocol === 'http:' ? [oidc.allowInsecureRequests] : [];
    try {
      const found = await oidc.discovery(issuer, id, undefined, oidc.None(), { execute, timeout: patienceS });
      const methods = found.serverMetadata().token_endpoint_auth_methods_supported ?? ['client_secret_basic'];
      const basic = methods.includes('client_secret_basic');
      const proof = secret ? (basic ? oidc.ClientSecretBasic(secret) : oidc.ClientSecretPost(secret)) : oidc.None();
      const config = new oidc.Configuration(
        found.serverMetadata(),
        id,
        { [oidc.clockTolerance]: clockToleranceS },
        proof,
      );
      config.timeout = patienceS;
      execute.forEach(allow => allow(config));
      [this.config, this.described] = [config, now];
      return config;
    } catch (error) {
      // An issuer that is away for a moment is where it was.
      if (this.config) return this.config;
      throw error;
    }
  }

  /** Begins a sign-in: the address to which the browser goes, and what it must bring back. */
  async begin(): Promise<Begun & { readonly url: string }> {
    const config = await this.configuration();
    const [state, nonce, verifier] = [oidc.randomState(), oidc.randomNonce(), oidc.randomPKCECodeVerifier()];
    const scopes = this.settings.OIDC_SCOPES;
    const url = oidc.buildAuthorizationUrl(config, {
      redirect_uri: this.callback,
      scope: scopes.join(' '),
      code_challenge: await oidc.calculatePKCECodeChallenge(verifier),
      code_challenge_method: 'S256',
      ...{ state, nonce },
      // OpenID Connect Core, 11: without it an issuer may give no refresh token.
      ...(scopes.includes('offline_access') ? { prompt: 'consent' } : {}),
    });
    return { url: url.href, state, nonce, verifier };
  }

  /** Finishes a sign-in with the query of the browser's return. */
  async finish(query: string, { state, nonce, verifier }: Begun): Promise<Grant & { readonly sid?: string }> {
    const config = await this.configuration();
    const tokens = await oidc.authorizationCodeGrant(config, new URL(`${this.callback}?${query}`), {
      pkceCodeVerifier: verifier,
      expectedState: state,
      expectedNonce: nonce,
      idTokenExpected: true,
    });
    const claims = tokens.claims()!;
    const grant = { ...(tokens.refresh_token ? { refresh: tokens.refresh_token } : { access: tokens.access_token }) };
    const person = await this.person(config, tokens.access_token, claims.sub, claims);
    return { ...grant, person, ...(typeof claims.sid === 'string' && { sid: claims.sid }) };
  }

  /** Asks again who the person is. `keep` stores a new refresh token before anything else can fail: the former is used up. */
  async renew({ person, refresh, access }: Grant, keep: (grant: Grant) => Promise<unknown>): Promise<Grant> {
    const config = await this.configuration();
    if (refresh === undefined) {
      if (access === undefined || !config.serverMetadata().userinfo_endpoint)
        throw new SignInFailed('no-role', 'the issuer gave no token to ask again with');
      return { access, person: await this.person(config, access, person.id) };
    }
    const tokens = await oidc.refreshTokenGrant(config, refresh);
    const claims = tokens.claims();
    if (claims && claims.sub !== person.id) throw new BadClaim('sub');
    // An issuer that does not rotate lets the token be used again.
    const next = tokens.refresh_token ?? refresh;
    if (next !== refresh) await keep({ person, refresh: next });
    return { refresh: next, person: await this.person(config, tokens.access_token, person.id, claims) };
  }

  /** The person by the claims of the ID token and of userinfo, where the issuer has either. */
  private async person(
    config: oidc.Configuration,
    access: string,
    subject: string,
    claims: Readonly<Record<string, unknown>> = {},
  ): Promise<Person> {
    const asks = config.serverMetadata().userinfo_endpoint !== undefined;
    const userinfo = asks ? await oidc.fetchUserInfo(config, access, subject) : {};
    return this.withRole({ ...claims, ...userinfo });
  }

  private withRole(claims: Readonly<Record<string, unknown>>): Person {
    const person = personOf(claims, this.settings);
    if (person.roles.length === 0) throw new SignInFailed('no-role', 'no role of ours in the claims');
    return person;
  }

  /** Tells the issuer that the refresh token is not needed any more, if it wants to know. */
  async revoke({ refresh, access }: Grant): Promise<void> {
    const config = await this.configuration();
    const token = refresh ?? access;
    if (token && config.serverMetadata().revocation_endpoint) await oidc.tokenRevocation(config, token);
  }

  /** The sessions that the issuer ends with this logout token. Rejects with a SignInFailed: see `endedBy`. */
  async ended(logoutToken: string): Promise<Ended> {
    const { issuer, jwks_uri: at } = (await this.configuration()).serverMetadata();
    if (at === undefined) throw new SignInFailed('unavailable', 'the issuer names no keys');
    if (this.keys?.at !== at) this.keys = { at, get: remoteKeys(at, keysLast) };
    return endedBy(logoutToken, this.keys.get, { issuer, client: this.settings.OIDC_CLIENT_ID });
  }

  /** The address that also signs the browser out at the issuer; undefined if it offers none. It holds no token, so the issuer may ask. */
  async signOutUrl(): Promise<string | undefined> {
    const config = await this.configuration();
    if (!config.serverMetadata().end_session_endpoint) return undefined;
    return oidc.buildEndSessionUrl(config, { post_logout_redirect_uri: `${this.settings.EDITOR_URL}/desk` }).href;
  }
}
