import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Browser, Locator, Page } from 'playwright-core';
import sharp from 'sharp';
import { startApp, type App } from '../harness/app.js';
import { axeFindings, describeInBrowser, launch, openPage, screenshot } from '../harness/browser.js';
import { published, row, sitDown, unfold, valueOf } from '../harness/desk-page.js';
import { TestNewsroom } from '../harness/newsroom.js';

// A site of this test, which a real fetcher asks: its settings allow this machine's own network, and the site's port alone.

const FETCHER_SECRET = 'the secret of this test, long enough';
const pictures = process.env.SCREENS;
const id = 'linked';
let site: Server;
let host: string;
let address: string;
let harbour: Buffer;
let says: string | undefined;
const asked: string[] = [];
let fetcher: App;
let newsroom: TestNewsroom;
let browser: Browser;

const page = (title: string, description: string, picture: string) =>
  `<meta property="og:image" content="${picture}"><title>${title}</title><meta property="og:site_name" content="Harbour News"><meta property="og:description" content="${description}">`;

/** Sky above water: a picture with something to see. */
const drawn = () => {
  const water = Buffer.from('<svg width="900" height="200"><rect width="900" height="200" fill="#1d4e6b"/></svg>');
  return sharp({ create: { width: 900, height: 500, channels: 3, background: '#c9dfee' } })
    .composite([{ input: water, gravity: 'south' }])
    .jpeg()
    .toBuffer();
};

beforeAll(async () => {
  harbour = await drawn();
  site = createServer(({ url, headers }, answer) => {
    asked.push(`${url} ${headers['user-agent']}`);
    if (url === '/harbour.jpg') return void answer.setHeader('content-type', 'image/jpeg').end(harbour);
    if (url === '/drawing.svg') return void answer.setHeader('content-type', 'image/svg+xml').end('<svg/>');
    if (says === undefined) return void answer.writeHead(410).end();
    answer.setHeader('content-type', 'text/html; charset=utf-8').end(says);
  }).listen(0, '127.0.0.1');
  await once(site, 'listening');
  const { port } = site.address() as AddressInfo;
  host = `127.0.0.1:${port}`;
  address = `http://${host}/talks`;
  const CAPTURE_USER_AGENT = 'The Paper';
  const allowed = { CAPTURE_NETWORKS: '127.0.0.0/8', CAPTURE_PORTS: String(port) };
  fetcher = await startApp('fetcher', { FETCHER_SECRET, CAPTURE_USER_AGENT, ...allowed });
  newsroom = await TestNewsroom.open({ desk: true, env: { FETCHER_URL: fetcher.url, FETCHER_SECRET } });
  const ed = await newsroom.as(['editor']);
  await ed.post('/stories', { id, title: 'The talks', zone: 'UTC', language: 'en' });
  browser = await launch();
});
afterAll(async () => {
  await browser?.close();
  await newsroom?.close();
  await fetcher?.signal('SIGTERM');
  site?.close();
});

const expectLoaded = (image: Locator) =>
  expect(
    image.evaluate((element: HTMLImageElement) => element.decode().then(() => element.naturalWidth)),
  ).resolves.toBeGreaterThan(0);

/** Pastes a text where the caret is, as a person does. */
async function paste(page: Page, text: string): Promise<void> {
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
  await page.evaluate(text => navigator.clipboard.writeText(text), text);
  await page.keyboard.press('Control+V');
}
const latest = async () => (await newsroom.readers.get(`/stories/${id}/timeline?limit=1`)).body.entries[0];

describeInBrowser('a link at the desk', () => {
  test('a pasted address is captured, posted and shown to readers; a later capture is a correction', async () => {
    says = page('Talks go on', 'Both sides stay at the table.', '/harbour.jpg');
    const { page: desk, faults, close } = await sitDown(browser, newsroom, id, 'ada', { still: true });
    await desk.locator('#draft-content-body').fill('They talk. ');
    await paste(desk, address);
    await desk.getByRole('option', { name: `Show readers this page as it is now: ${host}` }).waitFor();
    await desk.keyboard.press('ArrowDown');
    await desk.keyboard.press('Enter');
    await desk.getByText(`Captured ${host}: readers see it below the text.`).waitFor();
    expect(asked).toEqual(['/talks The Paper', '/harbour.jpg The Paper']);
    await unfold(desk, 'H');
    const linked = desk.getByRole('group', { name: 'Linked pages' });
    await linked.getByText('Talks go on').waitFor();
    await expectLoaded(linked.locator('img'));
    await expectLoaded(desk.locator('.preview .captured img'));
    expect(await axeFindings(desk)).toEqual([]);
    if (pictures) await screenshot(desk, `${pictures}/desk-capture.png`, false);
    await desk.locator('#draft-content-body').focus();
    await desk.keyboard.press('Control+Enter');
    await desk.getByText(published).waitFor();
    const first = await latest();
    expect(first.captures).toMatchObject([{ url: address, title: 'Talks go on', site: 'Harbour News' }]);
    expect(first.captures[0].picture).toMatchObject({ alt: '', width: 900, height: 500 });

    // Readers see the card, and their browser asks the site for nothing.
    const seen = await openPage(browser, `${newsroom.reader!.url}/s/${id}`);
    const card = seen.page.locator('#timeline .captured');
    expect(await card.innerText()).toMatch(/Talks go on\s+Both sides stay at the table\.\s+Harbour News, 127\.0\.0\.1/);
    expect(await card.getByRole('link').getAttribute('href')).toBe(address);
    await card.scrollIntoViewIfNeeded();
    await expectLoaded(card.locator('img'));
    expect(await axeFindings(seen.page)).toEqual([]);
    if (pictures) {
      await screenshot(seen.page, `${pictures}/captures.png`, false);
      const phone = await openPage(browser, `${newsroom.reader!.url}/s/${id}`, { width: 390, height: 844 });
      await expectLoaded(phone.page.locator('#timeline .captured img'));
      await screenshot(phone.page, `${pictures}/captures-phone.png`, false);
      await phone.close();
    }
    expect(seen.requests.filter(url => url.includes(host))).toEqual([]);
    expect(asked).toHaveLength(2);

    says = page('Talks have ended', 'Nobody stays.', '/drawing.svg');
    await row(desk, 'They talk').click();
    await desk.getByRole('button', { name: /^Correct/ }).click();
    await desk.getByRole('textbox', { name: 'What was wrong' }).fill('The page says otherwise now.');
    await desk.getByRole('textbox', { name: 'Why' }).fill('It was captured again.');
    await unfold(desk, 'H');
    await linked.getByRole('button', { name: 'Capture again' }).click();
    await linked.getByText('Talks have ended').waitFor();
    await linked.getByText('Its picture is not kept: the file is none that can be shown.').waitFor();
    await desk.locator('#draft-content-body').focus();
    await desk.keyboard.press('Control+Enter');
    await row(desk, 'They talk').getByText('corrected').waitFor();
    expect((await latest()).captures).toMatchObject([{ url: address, title: 'Talks have ended' }]);
    // It reaches the open page.
    await card.getByText('Talks have ended').waitFor();
    const then = await newsroom.readers.get(`/stories/${id}/timeline/${first.id}?position=${first.changed}`);
    expect(then.body.entry.captures).toEqual(first.captures);
    expect(faults).toEqual([]);
    await seen.close();
    await close();
  });

  test('a post that is sent before its page is captured goes out without it, and so does the next one', async () => {
    says = page('Talks go on', 'Both sides stay at the table.', '/harbour.jpg');
    const { page: desk, close } = await sitDown(browser, newsroom, id, 'ada', { still: true });
    const [capture, answer] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    await desk.route('**/captures', async route => {
      await capture.promise;
      await route.continue();
    });
    await desk.route('**/developments', async route => {
      if (route.request().method() === 'POST') await answer.promise;
      await route.continue();
    });
    const text = desk.locator('#draft-content-body');
    await text.fill('They wait. ');
    await paste(desk, address);
    await desk.getByRole('option', { name: /^Show readers this page/ }).click();
    await desk.getByText(`Capturing ${host} …`).waitFor();
    await text.fill('They wait.');
    await text.press('Control+Enter');
    await desk.getByText('still being added. Post again to publish without it.').waitFor();
    await text.press('Control+Enter');
    await desk.getByRole('button', { name: 'Sending …' }).waitFor();
    const captured = desk.waitForResponse('**/captures');
    capture.resolve();
    await (await captured).finished();
    answer.resolve();
    await desk.getByText(/^Published without what was still being added, \d\d:\d\d\.$/).waitFor();
    expect(await valueOf(text, '')).toBe('');
    // Nothing is in the next draft.
    expect(await desk.getByRole('button', { name: 'Discard' }).count()).toBe(0);
    expect((await latest()).captures).toBeUndefined();
    await close();
  });

  test('a page that is gone is refused in words, and the post goes out without it', async () => {
    says = undefined;
    const { page: desk, close } = await sitDown(browser, newsroom, id, 'ada', { still: true });
    await desk.locator('#draft-content-body').fill('It was here. ');
    await paste(desk, address);
    await desk.getByRole('option', { name: /^Show readers this page/ }).click();
    const said = desk.locator('.writing .error[role=status]');
    expect(await said.innerText()).toBe('The site says that there is no such page.');
    expect(await desk.locator('#draft-content-body').inputValue()).toBe(`It was here. ${address}`);
    await desk.locator('#draft-content-body').fill('It was here.');
    await desk.keyboard.press('Control+Enter');
    await row(desk, 'It was here').locator('time').waitFor();
    expect((await latest()).captures).toBeUndefined();
    await close();
  });
});
