import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Browser } from 'playwright-core';
import { startApp, type App } from '../harness/app.js';
import { axeFindings, describeInBrowser, launch, openPage } from '../harness/browser.js';
import type { Client } from '../harness/client.js';
import { row, sitDown } from '../harness/desk-page.js';
import { TestNewsroom } from '../harness/newsroom.js';

// A site of this test, which a real fetcher asks: its settings allow this machine's network, and the site's port alone.

const FETCHER_SECRET = 'the secret of this test, long enough';
const story = 'linked';
let site: Server;
let address: string;
let says: string | undefined = '<title>Talks go on</title><meta name="author" content="Ann">';
let asked = 0;
let fetcher: App;
let newsroom: TestNewsroom;
let browser: Browser;
let ed: Client;

beforeAll(async () => {
  site = createServer((_, answer) => {
    asked++;
    if (says === undefined) return void answer.writeHead(410).end();
    answer.setHeader('content-type', 'text/html; charset=utf-8').end(says);
  }).listen(0, '127.0.0.1');
  await once(site, 'listening');
  const { port } = site.address() as AddressInfo;
  address = `http://127.0.0.1:${port}/talks`;
  fetcher = await startApp('fetcher', { FETCHER_SECRET, CAPTURE_NETWORKS: '127.0.0.0/8', CAPTURE_PORTS: String(port) });
  newsroom = await TestNewsroom.open({ desk: true, env: { FETCHER_URL: fetcher.url, FETCHER_SECRET } });
  ed = await newsroom.as(['editor']);
  await ed.post('/stories', { id: story, title: 'The talks', zone: 'UTC', language: 'en' });
  browser = await launch();
});
afterAll(async () => {
  await browser?.close();
  await newsroom?.close();
  await fetcher?.signal('SIGTERM');
  site?.close();
});

describeInBrowser('a linked page that is captured again at the desk', () => {
  test('the editor reads what changed, then that it is gone, and so do readers on an open page', async () => {
    const { body: capture } = await ed.post(`/stories/${story}/captures`, { url: address });
    const content = { kind: 'update', body: 'They talk.', captures: [capture] };
    await ed.post(`/stories/${story}/developments`, { content });
    const { page: desk, faults, close } = await sitDown(browser, newsroom, story, 'ada', { still: true });
    const seen = await openPage(browser, `${newsroom.reader!.url}/s/${story}`);
    const card = seen.page.locator('#timeline .captured');
    await card.getByText('Talks go on').waitFor();
    await row(desk, 'They talk').click();
    const again = desk.getByRole('button', { name: 'Capture again' });
    const dialog = desk.getByRole('dialog', { name: 'Capture again' });

    says = '<title>Talks have ended</title><meta name="author" content="Ann">';
    await again.click();
    await dialog.getByText('Talks go on changed: the title, from “Talks go on” to “Talks have ended”.').waitFor();
    expect(await axeFindings(desk)).toEqual([]);
    await dialog.getByRole('button', { name: 'Show it to readers' }).click();
    await dialog.waitFor({ state: 'detached' });
    await card.getByText(/captured again .*: the title changed/).waitFor();
    expect(await card.innerText()).toMatch(/Talks go on[^]*The title: Talks have ended/);
    expect(await axeFindings(seen.page)).toEqual([]);

    says = undefined;
    await again.click();
    await dialog.getByText('Talks go on is gone: its site says that there is no such page.').waitFor();
    await dialog.getByRole('button', { name: 'Show it to readers' }).click();
    await dialog.waitFor({ state: 'detached' });
    await card.getByText(/gone at/).waitFor();
    expect(await card.innerText()).toContain('Talks go on');
    expect(asked).toBe(3);
    expect(seen.requests.filter(url => url.startsWith(address))).toEqual([]);

    // What cannot be captured is not recorded.
    await fetcher.signal('SIGTERM');
    await again.click();
    await dialog.getByText(/Talks go on was not captured again\. The newsroom’s fetcher does not answer/).waitFor();
    expect(await dialog.getByRole('button', { name: 'Show it to readers' }).count()).toBe(0);
    expect(faults.filter(fault => !fault.includes('503'))).toEqual([]);
    await seen.close();
    await close();
  });
});
