import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Browser } from 'playwright-core';
import { describeInBrowser, launch, openPage } from '../../../test/harness/browser.js';
import { Line } from '../../../test/harness/line.js';
import { TestNewsroom } from '../../../test/harness/newsroom.js';
import { Desk, statement } from '../../../test/pages/posting.js';

/** A minimal reader's app: every state of the timeline, an answer about the past, and a refusal. */
const source = `
import { Dateline, liveTimeline } from '#client';
const [address, story] = location.hash.slice(1).split('/');
const api = new Dateline(decodeURIComponent(address));
const show = (id, text) => (document.getElementById(id).textContent = text);
globalThis.heard = [];
globalThis.ask = api;
api.story('none').catch(({ status, code, message }) => show('refused', [status, code, message].join(' ')));
for await (const { timeline, change, connected } of liveTimeline(api, story, { least: 50 })) {
  show('connection', connected ? 'connected' : 'away');
  show('timeline', timeline.entries.map(({ headline }) => headline).join('|'));
  if (change) globalThis.heard.push(...change.acts.map(({ act }) => change.position + ' ' + act));
}`;

describeInBrowser('the client in a browser, on a page of another origin', () => {
  let newsroom: TestNewsroom;
  let browser: Browser;
  let desk: Desk;
  let folder: string;
  let server: Server;
  let app: string;

  beforeAll(async () => {
    newsroom = await TestNewsroom.open();
    browser = await launch();
    desk = new Desk(await newsroom.as(['editor']), 'harbour');
    await desk.open();
    folder = await mkdtemp('dist/reader-app-');
    const [entry, outfile] = [join(folder, 'app.ts'), join(folder, 'app.js')];
    await writeFile(entry, source);
    const bundling = [entry, '--bundle', '--format=esm', '--conditions=dateline', `--outfile=${outfile}`];
    await promisify(execFile)('node_modules/.bin/esbuild', [...bundling, '--log-level=error']);
    const script = await readFile(outfile, 'utf8');
    const page = '<!doctype html><title>App</title><link rel="icon" href="data:,">';
    const body = `${page}<p id="connection"></p><p id="timeline"></p><p id="refused"></p>`;
    server = createServer((_, response) => {
      response.setHeader('Content-Type', 'text/html; charset=utf-8');
      response.end(`${body}<script type="module">${script}</script>`);
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    app = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  });
  afterAll(async () => {
    await browser?.close();
    server?.close();
    if (folder) await rm(folder, { recursive: true });
    await newsroom?.close();
  });

  test("the client reads, shows an error's code, follows, and resumes after a cut with no change lost or repeated", async () => {
    await desk.say('Before');
    await newsroom.seen(desk.position);
    const line = await Line.to(newsroom.reader!.url);
    const { page, close } = await openPage(browser, `${app}#${encodeURIComponent(line.url)}/harbour`);
    const resumed: string[] = [];
    page.on('request', request => {
      const from = new URL(request.url()).searchParams.get('after');
      if (from !== null) resumed.push(from);
    });
    const timeline = (...quotes: string[]) =>
      page
        .locator('#timeline')
        .getByText(quotes.map(quote => `The Mayor: “${quote}”`).join('|'), { exact: true })
        .waitFor();
    try {
      await page.locator('#connection', { hasText: 'connected' }).waitFor();
      await page.locator('#refused', { hasText: '404 unknown-story' }).waitFor();
      await timeline('Before');
      await desk.say('While it holds');
      await timeline('While it holds', 'Before');
      const { position } = desk;
      await line.cut();
      await page.locator('#connection', { hasText: 'away' }).waitFor();
      const development = await desk.say('While it is cut');
      const content = statement('mayor', 'While it was cut');
      await desk.on(development, 'correct', { content, wrong: 'The tense.', reason: 'Grammar.' });
      await line.mend();
      await page.locator('#connection', { hasText: 'connected' }).waitFor();
      await timeline('While it was cut', 'While it holds', 'Before');
      await desk.say('After');
      await timeline('After', 'While it was cut', 'While it holds', 'Before');
      expect(resumed).toContain(String(position));
      expect(await page.evaluate(() => (globalThis as unknown as { heard: string[] }).heard)).toEqual([
        `${position} DevelopmentRecorded`,
        `${position + 1} DevelopmentRecorded`,
        `${position + 2} DevelopmentCorrected`,
        `${position + 3} DevelopmentRecorded`,
      ]);
      const then = await page.evaluate(async at => {
        type Api = { timeline(story: string, query: object): Promise<{ entries: { headline: string }[] }> };
        const { entries } = await (globalThis as unknown as { ask: Api }).ask.timeline('harbour', { position: at });
        return entries.map(({ headline }) => headline);
      }, position);
      expect(then).toEqual(['The Mayor: “While it holds”', 'The Mayor: “Before”']);
    } finally {
      await close();
      await line.cut();
    }
  });
});
