import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { freePort } from '#dev-servers';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { axeFindings, describeInBrowser, launch, screenshot, type How } from '../harness/browser.js';
import { startIssuer, type TestIssuer } from '../harness/issuer.js';
import { TestNewsroom } from '../harness/newsroom.js';

const pictures = process.env.SCREENS;
/** So long that the issuer is asked again only when a test makes a session older. */
const checkS = 30;
const idleS = 60;

describeInBrowser('sign-in at an issuer', () => {
  let issuer: TestIssuer;
  let newsroom: TestNewsroom;
  let browser: Browser;
  let desk: string;
  let other: string;
  let traces: Server;
  let traced = '';
  const contexts: BrowserContext[] = [];
  /** Everything secret that the tests have seen. */
  const secrets = new Set<string>();

  beforeAll(async () => {
    const port = await freePort();
    desk = `http://127.0.0.1:${port}`;
    traces = createServer((request, response) => {
      request.setEncoding('utf8').on('data', (text: string) => (traced += text));
      request.on('end', () => response.end());
    });
    await new Promise<void>(listening => traces.listen(0, '127.0.0.1', listening));
    issuer = await startIssuer(desk, {});
    newsroom = await TestNewsroom.open({ editors: 0, projector: false, reader: false, env: issuer.settings });
    const env = {
      SESSION_CHECK_S: String(checkS),
      SESSION_IDLE_S: String(idleS),
      LOG_LEVEL: 'trace',
      OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${(traces.address() as AddressInfo).port}`,
    };
    await newsroom.startEditors(1, { ...env, PORT: String(port) });
    await newsroom.startEditors(1, env);
    other = newsroom.editors[1]!.url;
    browser = await launch();
  });
  beforeEach(() => {
    issuer.people.clear();
    issuer.tokensMs = 0;
    issuer.people.set('ada', { name: 'Ada Ames', roles: ['editor'] });
    issuer.people.set('ben', { name: 'Ben Bose', roles: ['gardener'] });
  });
  afterAll(async () => {
    await Promise.all(contexts.map(context => context.close()));
    await browser?.close();
    await newsroom?.close();
    await issuer?.close();
    traces?.close();
  });

  async function open(how: How = {}) {
    const { theme = 'light', width = 1280 } = how;
    const context = await browser.newContext({
      colorScheme: theme,
      viewport: { width, height: 800 },
      reducedMotion: 'reduce',
    });
    contexts.push(context);
    const page = await context.newPage();
    const requests: string[] = [];
    page.on('request', request => requests.push(`${request.url()} ${request.headers().referer ?? ''}`));
    page.on('request', request => {
      const code = new URL(request.url()).searchParams.get('code');
      if (code) secrets.add(code);
    });
    await page.goto(`${desk}/desk`);
    return { context, page, requests };
  }
  const login = async (page: Page, who: string) => {
    await page.locator('[name=login]').fill(who);
    await page.locator('[name=password]').fill('any');
    await page.locator('button[type=submit]').click();
    // The issuer's own page asks for consent.
    await page.getByRole('button', { name: 'Continue' }).click();
  };
  const signIn = async (who = 'ada') => {
    const opened = await open();
    await opened.page.getByRole('link', { name: 'Sign in' }).click();
    await login(opened.page, who);
    await opened.page.getByRole('heading', { name: 'Stories' }).waitFor();
    const [cookie] = (await opened.context.cookies(desk)).filter(({ name }) => name === 'dateline');
    secrets.add(cookie!.value);
    const as = (url: string, path = '/me', init: RequestInit = {}) =>
      fetch(url + path, { ...init, headers: { Cookie: `dateline=${cookie!.value}`, ...init.headers } });
    return { ...opened, cookie: cookie!, as };
  };
  /** The issuer's answer to a refresh token. */
  const refreshed = async (refreshToken: string) => {
    const { OIDC_CLIENT_ID: id, OIDC_CLIENT_SECRET: secret } = issuer.settings;
    const { status } = await fetch(`${issuer.url}/token`, {
      method: 'POST',
      headers: { Authorization: `Basic ${Buffer.from(`${id}:${secret}`).toString('base64')}` },
      body: new URLSearchParams({ grant_type: 'refresh_token', refresh_token: refreshToken }),
    });
    return status;
  };
  /** Makes the newest session one that nobody used for so long. */
  const unusedFor = async (seconds: number) => {
    await newsroom.onDatabase(client =>
      client.query(
        `update dateline_access.session set checked = now() - $1 * interval '1 second'
         where ends = (select max(ends) from dateline_access.session)`,
        [seconds],
      ),
    );
    // What a process read of a session it believes for half a second.
    await pause(600);
  };
  const gone = async (status: () => Promise<number>, within: number) => {
    const begun = performance.now();
    while ((await status()) !== 401) {
      if (performance.now() - begun > within + 20_000) throw new Error(`Not refused after ${within} ms.`);
      await pause(50);
    }
    return performance.now() - begun;
  };

  test('a person signs in through the issuer’s form; no script, storage or address holds a token', async () => {
    const { page, context, cookie, requests, as } = await signIn();
    await page.getByRole('button', { name: 'Sign out Ada Ames' }).waitFor();
    expect(await (await as(desk)).json()).toMatchObject({ id: 'ada', name: 'Ada Ames', roles: ['editor'] });
    expect(cookie).toMatchObject({ httpOnly: true, sameSite: 'Strict', path: '/' });
    expect(await page.evaluate('document.cookie + JSON.stringify(localStorage) + JSON.stringify(sessionStorage)')).toBe(
      '{}{}',
    );
    expect(page.url()).toBe(`${desk}/desk`);
    const names = (await context.cookies(desk)).map(({ name }) => name).filter(name => name.startsWith('dateline'));
    expect(names).toEqual(['dateline']);
    // The code is in one address, which no Referer repeats.
    expect(requests.filter(request => request.includes('code=')).length).toBe(1);
    for (const request of requests) for (const token of issuer.refreshTokens) expect(request).not.toContain(token);
  });

  test('the sign-in leads back to the page that asked for it, and to no other site', async () => {
    const { page } = await open();
    await page.goto(`${desk}/desk/no-such-story`);
    await page.getByRole('link', { name: 'Sign in' }).click();
    await login(page, 'ada');
    await page.getByRole('heading', { name: /no-such-story/ }).waitFor();
    for (const to of ['https://evil.test/', '//evil.test', '/desk/../evil', '/docs']) {
      const failed = await fetch(`${desk}/sign-in/failed?${new URLSearchParams({ why: 'state', to }).toString()}`);
      expect(await failed.text()).toContain('/sign-in?to=%2Fdesk"');
    }
  });

  test('signing out ends the session in every process and at the issuer', async () => {
    const { page, as } = await signIn();
    expect([(await as(desk)).status, (await as(other)).status]).toEqual([200, 200]);
    await page.getByRole('button', { name: 'Sign out Ada Ames' }).click();
    // The issuer's own page asks, because no token says whose session it is.
    await page.getByRole('button', { name: /yes, sign me out/i }).click();
    await page.getByRole('heading', { name: 'Sign in to the desk' }).waitFor();
    expect((await as(desk)).status).toBe(401);
    expect(await gone(async () => (await as(other)).status, 1_000)).toBeLessThan(20_000);
    await page.getByRole('link', { name: 'Sign in' }).click();
    await page.locator('[name=login]').waitFor();
  });

  test('signing out leaves no draft of another page in the browser, and signs that page out', async () => {
    // The row of a draft names its author.
    issuer.people.set('cy', { name: 'Cy Cole', roles: ['editor'] });
    const { page, context, as } = await signIn('cy');
    const headers = { Origin: desk, 'Content-Type': 'application/json' };
    const story = { id: 'other-page', title: 'The other page', zone: 'UTC' };
    expect((await as(desk, '/stories', { method: 'POST', headers, body: JSON.stringify(story) })).status).toBe(201);
    const second = await context.newPage();
    let answer = () => {};
    const isSignedOut = new Promise<void>(resolve => (answer = resolve));
    // The answer to its saving comes late.
    await second.route('**/drafts/*', async route => {
      if (route.request().method() !== 'PUT') return route.continue();
      const response = await route.fetch();
      await isSignedOut;
      await route.fulfill({ response });
    });
    await second.goto(`${desk}/desk/other-page`);
    const saving = second.waitForRequest(request => request.method() === 'PUT');
    await second.keyboard.press('Alt+N');
    await second.locator('#draft-content-body:focus').waitFor();
    await second.keyboard.type('Under embargo until noon');
    await saving;
    expect(await second.evaluate('JSON.stringify(localStorage)')).toContain('Under embargo until noon');
    await page.getByRole('button', { name: 'Sign out Cy Cole' }).click();
    await page.getByRole('button', { name: /yes, sign me out/i }).click();
    await second.getByRole('link', { name: 'Sign in' }).waitFor();
    const late = second.waitForResponse(response => response.request().method() === 'PUT');
    answer();
    await late;
    await pause(100);
    expect(await second.evaluate('JSON.stringify(localStorage)')).not.toContain('Under embargo until noon');
  });

  test('a sign-in ends the session that the same browser had before it', async () => {
    const { page, context, as } = await signIn();
    expect((await as(desk)).status).toBe(200);
    await page.goto(`${desk}/sign-in`);
    // The issuer knows the person still, so it asks for consent alone.
    await page.getByRole('button', { name: 'Continue' }).click();
    await page.getByRole('heading', { name: 'Stories' }).waitFor();
    await gone(async () => (await as(desk)).status, 1_000);
    const cookie = (await context.cookies(desk)).find(({ name }) => name === 'dateline');
    secrets.add(cookie!.value);
    expect((await fetch(`${desk}/me`, { headers: { Cookie: `dateline=${cookie!.value}` } })).status).toBe(200);
  });

  test('a refresh token is used once, however many requests and processes need it', async () => {
    const { as } = await signIn();
    await unusedFor(checkS);
    const before = issuer.refreshTokens.length;
    // Both processes need it before one of them has it.
    issuer.tokensMs = 2_000;
    const answers = await Promise.all(Array.from({ length: 20 }, (_, at) => as(at % 2 ? desk : other)));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
    expect(issuer.refreshTokens.length).toBe(before + 1);
  });

  test('a sign-out at the issuer ends its sessions here at once, and no others', async () => {
    const [here, elsewhere] = [await signIn(), await signIn()];
    await here.page.goto(`${issuer.url}/session/end`);
    await here.page.getByRole('button', { name: /yes, sign me out/i }).click();
    // Its refresh token would keep the session: only the issuer's call ends it.
    await gone(async () => (await here.as(desk)).status, 1_000);
    await gone(async () => (await here.as(other)).status, 1_000);
    expect((await elsewhere.as(desk)).status).toBe(200);
  });

  test('what is no logout token of the issuer ends no session', async () => {
    const { as } = await signIn();
    const post = async (body: string, type = 'application/x-www-form-urlencoded') => {
      const headers = { 'Content-Type': type };
      const { status } = await fetch(`${desk}/sign-out/by-issuer`, { method: 'POST', headers, body });
      return status;
    };
    expect([await post(''), await post('logout_token=x'), await post('logout_token=a.b.c')]).toEqual([400, 400, 400]);
    expect(await post('{}', 'application/json')).toBe(415);
    expect((await as(desk)).status).toBe(200);
  });

  test('a session that nobody used for too long ends, here and at the issuer', async () => {
    const { as } = await signIn();
    await unusedFor(idleS - 20);
    expect((await as(desk)).status).toBe(200);
    const refreshToken = issuer.refreshTokens.at(-1)!;
    await unusedFor(idleS);
    expect((await as(desk)).status).toBe(401);
    expect((await as(other)).status).toBe(401);
    expect(await refreshed(refreshToken)).toBe(400);
  });

  test('the reuse of an old refresh token ends the session', async () => {
    const { as } = await signIn();
    const stolen = issuer.refreshTokens.at(-1)!;
    await unusedFor(checkS);
    expect((await as(desk)).status).toBe(200);
    expect(await refreshed(stolen)).toBe(400);
    await unusedFor(checkS);
    expect((await as(desk)).status).toBe(401);
  });

  test('a person whose account or role ends is out, in open pages too; a changed role holds', async () => {
    const { page, as } = await signIn();
    issuer.people.set('ada', { name: 'Ada Ames', roles: ['auditor', 'legal'] });
    await unusedFor(checkS);
    expect(await (await as(other)).json()).toMatchObject({ roles: ['legal', 'auditor'] });
    issuer.people.set('ada', { name: 'Ada Ames', roles: [] });
    await unusedFor(checkS);
    expect((await as(desk)).status).toBe(401);
    await page.reload();
    await page.getByText('Your session or your rights have ended').waitFor();
    issuer.people.set('ada', { name: 'Ada Ames', roles: ['editor'] });
    const second = await signIn();
    const story = { id: 'the-vote', title: 'The vote', zone: 'UTC' };
    const headers = { Origin: desk, 'Content-Type': 'application/json' };
    const opened = await second.as(desk, '/stories', { method: 'POST', headers, body: JSON.stringify(story) });
    expect(opened.status).toBe(201);
    await second.page.goto(`${desk}/desk/the-vote`);
    await second.page.getByText('connected', { exact: true }).waitFor();
    issuer.people.delete('ada');
    await unusedFor(checkS);
    expect((await second.as(desk)).status).toBe(401);
    // The open desk notices by its feed.
    await second.page.getByText('Your session or your rights have ended').waitFor();
  });

  test('a person without a role here reads why, and stays out', async () => {
    const { page, context } = await open();
    await page.getByRole('link', { name: 'Sign in' }).click();
    await login(page, 'ben');
    await page.getByText('you have no role at this newsroom’s desk').waitFor();
    expect((await context.cookies(desk)).map(({ name }) => name)).not.toContain('dateline');
    expect(await axeFindings(page)).toEqual([]);
    if (pictures) await screenshot(page, `${pictures}/sign-in-failed.png`, false);
  });

  test('while the issuer is away nobody is let in or kept in, and the pages say so', async () => {
    const { as } = await signIn();
    const begun = await fetch(`${desk}/sign-in`, { redirect: 'manual' });
    const state = new URL(begun.headers.get('Location')!).searchParams.get('state')!;
    const headers = { Cookie: begun.headers.getSetCookie()[0]!.split(';')[0]! };
    await issuer.away();
    try {
      const query = new URLSearchParams({ code: 'any', iss: issuer.url, state }).toString();
      const page = await fetch(`${desk}/sign-in/callback?${query}`, { headers });
      expect([page.status, await page.text()]).toEqual([503, expect.stringContaining('The issuer does not answer')]);
      await unusedFor(checkS);
      const refused = await as(desk);
      expect([refused.status, (await refused.json()).code]).toEqual([503, 'sign-in-unavailable']);
    } finally {
      await issuer.back();
    }
    expect((await as(desk)).status).toBe(200);
  });

  test('a cancelled sign-in, and one that another browser began, are explained', async () => {
    const { page } = await open();
    await page.getByRole('link', { name: 'Sign in' }).click();
    await page.getByRole('link', { name: 'Cancel' }).click();
    await page.getByText('The sign-in was cancelled or refused').waitFor();
    expect(page.url()).not.toContain('code=');
    await page.goto(`${desk}/sign-in/callback?code=stolen-code&state=of-another`);
    await page.getByText('did not begin in this browser').waitFor();
    expect(page.url()).not.toContain('stolen');
    await page.getByRole('link', { name: 'Try again' }).click();
    await page.locator('[name=login]').waitFor();
  });

  test('another site’s page cannot use the session', async () => {
    const { as } = await signIn();
    const post = (headers: Record<string, string>, path = '/stories') => as(desk, path, { method: 'POST', headers });
    for (const path of ['/stories', '/sign-out'])
      for (const headers of [
        { 'Sec-Fetch-Site': 'cross-site' },
        { 'Sec-Fetch-Site': 'same-site' },
        { 'Sec-Fetch-Site': 'none' },
        { Origin: 'https://evil.test' },
        { Origin: 'null' },
      ])
        expect((await post(headers as Record<string, string>, path)).status).toBe(403);
    expect((await as(desk, '/me', { headers: { 'Sec-Fetch-Site': 'cross-site' } })).status).toBe(403);
    expect((await post({ Origin: desk })).status).toBe(422);
    expect((await as(desk)).status).toBe(200);
  });

  test.each<[string, How]>([
    ['light', {}],
    ['dark', { theme: 'dark' }],
    ['phone', { width: 360 }],
  ])('axe finds nothing on the sign-in: %s', async (name, how) => {
    const { page } = await open(how);
    await page.getByRole('link', { name: 'Sign in' }).waitFor();
    expect(await axeFindings(page)).toEqual([]);
    if (pictures) await screenshot(page, `${pictures}/sign-in-${name}.png`, false);
  });

  test('no log line, trace or row of the database holds a code, a cookie or a token', async () => {
    await Promise.all(newsroom.editors.map(editor => editor.signal('SIGTERM')));
    // Who is at the desk is a name by design, for half a minute; it must not be in a session.
    await newsroom.onDatabase(client => client.query('delete from dateline_access.presence'));
    const rows = await newsroom.everything();
    const logged = newsroom.editors.flatMap(({ output }) => output).join('\n');
    expect(logged).toContain('signed in');
    expect(traced.length).toBeGreaterThan(0);
    expect(secrets.size).toBeGreaterThan(5);
    const { OIDC_CLIENT_SECRET } = issuer.settings;
    for (const secret of [...secrets, ...issuer.refreshTokens, OIDC_CLIENT_SECRET!, 'code=', 'Ada Ames'])
      expect([secret, logged.includes(secret), traced.includes(secret), rows.includes(secret)]).toEqual([
        secret,
        false,
        false,
        false,
      ]);
  });
});
