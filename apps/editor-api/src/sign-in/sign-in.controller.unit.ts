import { describe, expect, test } from '@jest/globals';
import type { Request, Response } from 'express';
import { Cookies } from './cookies.js';
import type { Issuer, IssuerSettings } from './issuer.js';
import { Sessions } from './sessions.js';
import { SignIn, SignInController } from './sign-in.controller.js';
import type { SessionStore } from './store.js';

const origin = 'https://desk.test';
const cookies = new Cookies(origin);
const settings = { EDITOR_URL: origin, SESSION_CHECK_S: 30, SESSION_IDLE_S: 3_600, SESSION_MAX_S: 43_200 };
const issuer = {
  begin: async () => ({ url: 'https://issuer.test/', state: 's', nonce: 'n', verifier: 'v' }),
  finish: async () => ({ person: { id: 'ada', roles: ['editor'] } }),
  revoke: async () => undefined,
  signOutUrl: async () => undefined,
} as unknown as Issuer;

/** A browser that visits the sign-in: its cookies, and where it was sent. */
class Browser {
  readonly held = new Map<string, string>();
  at = '';
  private readonly controller: SignInController;

  constructor(readonly sessions: Sessions) {
    this.controller = new SignInController(new SignIn(issuer, sessions, cookies));
  }

  /** A request with the cookies that have these names. */
  request(url = '/', names: readonly string[] = [...this.held.keys()], site = 'same-origin') {
    const cookie = names.map(name => `${name}=${this.held.get(name)}`).join('; ');
    return { url, method: 'GET', headers: { cookie, 'sec-fetch-site': site } } as unknown as Request;
  }

  private get response(): Response {
    const response = {
      set: () => response,
      cookie: (name: string, value: string) => (this.held.set(name, value), response),
      clearCookie: (name: string) => (this.held.delete(name), response),
      redirect: (_: number, url: string) => void (this.at = url),
    };
    return response as unknown as Response;
  }

  /** Signs in at an issuer of another site: from there the browser sends the cookie of the sign-in alone. */
  async signIn(): Promise<void> {
    await this.controller.begin({ to: '/desk' }, this.request(), this.response);
    const returned = this.request('/sign-in/callback?code=c&state=s', [cookies.signingIn]);
    await this.controller.finish({}, returned, this.response);
  }

  /** Follows another site's link to the sign-in: the browser sends no cookie that is strictly of one site. */
  followLink = () =>
    this.controller.begin({ to: '/desk/count' }, this.request('/sign-in', [], 'cross-site'), this.response);

  signOut = () => this.controller.end(this.request(), this.response);
}

/** Sessions in memory. */
function inMemory(): Sessions {
  const rows = new Map<string, string>();
  const store = {
    add: async (id: Buffer, sealed: string) => void rows.set(id.toString('hex'), sealed),
    find: async (id: Buffer) => {
      const sealed = rows.get(id.toString('hex'));
      return sealed === undefined ? undefined : { sealed, age: 0, left: 86_400_000 };
    },
    remove: async (id: Buffer) => {
      const sealed = rows.get(id.toString('hex'));
      rows.delete(id.toString('hex'));
      return sealed;
    },
  } as unknown as SessionStore;
  return new Sessions(settings as IssuerSettings, issuer, store, cookies);
}

test('a sign-in ends the session before it, although the browser does not send that one back from the issuer’s site', async () => {
  const browser = new Browser(inMemory());
  await browser.signIn();
  const before = browser.request();
  expect(await browser.sessions.of(before)).toMatchObject({ principal: { id: 'ada' } });
  await browser.signIn();
  expect([browser.at, [...browser.held.keys()]]).toEqual(['/desk', [cookies.session]]);
  await expect(browser.sessions.of(before)).rejects.toMatchObject({ details: { code: 'signed-out' } });
  expect(await browser.sessions.of(browser.request())).toMatchObject({ principal: { id: 'ada' } });
});

test('another site’s link to the sign-in leads to the desk, because that sign-in would leave the session before it open', async () => {
  const browser = new Browser(inMemory());
  await browser.signIn();
  await browser.followLink();
  expect([browser.at, [...browser.held.keys()]]).toEqual(['/desk/count', [cookies.session]]);
});

describe('while the database of sessions is away', () => {
  const fails = async () => Promise.reject(new Error('connect ECONNREFUSED'));
  const store = { add: fails, remove: fails } as unknown as SessionStore;
  const browser = new Browser(new Sessions(settings as IssuerSettings, issuer, store, cookies));

  test('a sign-in says so, and blames no issuer', async () => {
    await browser.signIn();
    expect(browser.at).toBe('/sign-in/failed?why=sessions&to=%2Fdesk');
  });

  test('a sign-out is to be tried again', async () => {
    browser.held.set(cookies.session, 'x'.repeat(43));
    await expect(browser.signOut()).rejects.toMatchObject({ details: { status: 503, code: 'sign-in-unavailable' } });
    expect(browser.held.has(cookies.session)).toBe(true);
  });
});
