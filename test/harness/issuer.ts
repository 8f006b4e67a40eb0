import { freePort } from '#dev-servers';
import { createServer, type Server } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import Provider from 'oidc-provider';

/** What the issuer says of a person. */
export interface Account {
  readonly name: string;
  readonly roles: readonly string[];
}

/** A real OpenID Connect server with a login form, on a port of its own. */
export interface TestIssuer {
  readonly url: string;
  /** By subject, which is also the name to type into the form. Change it to change people's rights. */
  readonly people: Map<string, Account>;
  /** The refresh tokens that it has given, in order. */
  readonly refreshTokens: string[];
  /** How long it takes to give tokens, in milliseconds. */
  tokensMs: number;
  /** The settings of a newsroom whose people sign in here. */
  readonly settings: Record<string, string>;
  /** Answers nothing until `back`. */
  away(): Promise<void>;
  back(): Promise<void>;
  close(): Promise<void>;
}

const secret = 'a-secret-of-the-tests';

/** Starts an issuer that knows one client: the desk at `editorUrl`. */
export async function startIssuer(editorUrl: string, people: Record<string, Account>): Promise<TestIssuer> {
  const port = await freePort();
  // Another site than the desk, which is at 127.0.0.1: so browsers keep back what is only for the desk’s own pages.
  const url = `http://localhost:${port}`;
  const known = new Map(Object.entries(people));
  const refreshTokens: string[] = [];
  const provider = new Provider(url, {
    clients: [
      {
        client_id: 'dateline',
        client_secret: secret,
        redirect_uris: [`${editorUrl}/sign-in/callback`],
        post_logout_redirect_uris: [`${editorUrl}/desk`],
        grant_types: ['authorization_code', 'refresh_token'],
        response_types: ['code'],
        backchannel_logout_uri: `${editorUrl}/sign-out/by-issuer`,
        backchannel_logout_session_required: true,
      },
    ],
    claims: { openid: ['sub'], profile: ['name', 'roles'] },
    features: {
      devInteractions: { enabled: true },
      revocation: { enabled: true },
      backchannelLogout: { enabled: true },
    },
    cookies: { keys: ['test'] },
    pkce: { required: () => true },
    rotateRefreshToken: true,
    ttl: {
      AccessToken: 600,
      AuthorizationCode: 60,
      IdToken: 600,
      RefreshToken: 3600,
      Session: 3600,
      Grant: 3600,
      Interaction: 600,
    },
    findAccount: (_context, sub) => {
      const person = known.get(sub);
      return person && { accountId: sub, claims: () => ({ sub, ...person, roles: [...person.roles] }) };
    },
    // Its own dispatcher calls no address of this machine, where the desk is.
    fetch: (called, options: RequestInit & { dispatcher?: unknown } = {}) => {
      const { dispatcher: _, ...others } = options;
      return fetch(called, others);
    },
  });
  provider.use(async ({ path }, next) => {
    if (path === '/token') await pause(issuer.tokensMs);
    return next();
  });
  provider.on('refresh_token.saved', ({ jti }) => refreshTokens.push(jti));
  // The default would print every error of a request, which these tests provoke.
  provider.on('server_error', (_context, error) => console.error(error));
  let server: Server | undefined;
  const back = async () => {
    server = createServer(provider.callback());
    await new Promise<void>(listening => server!.listen(port, '127.0.0.1', listening));
  };
  const away = async () => {
    const closing = server;
    server = undefined;
    closing?.closeAllConnections();
    await new Promise<void>(closed => (closing ? closing.close(() => closed()) : closed()));
  };
  await back();
  const settings = {
    AUTH: 'jwks',
    OIDC_ISSUER: url,
    OIDC_CLIENT_ID: 'dateline',
    OIDC_CLIENT_SECRET: secret,
    EDITOR_URL: editorUrl,
  };
  const issuer: TestIssuer = { url, people: known, refreshTokens, tokensMs: 0, settings, away, back, close: away };
  return issuer;
}
