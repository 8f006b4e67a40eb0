import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import sharp from 'sharp';
import { startApp, type App } from '../harness/app.js';
import { audit, succeeds } from '../harness/audit.js';
import type { Client } from '../harness/client.js';
import { TestNewsroom } from '../harness/newsroom.js';

// A real fetcher beside the newsroom: a site of this test is captured, shown to readers, and captured again once it says something else.

const FETCHER_SECRET = 'the secret of this test, long enough';
let site: Server;
let address: string;
const pictures = new Map<string, Buffer>();
let page: string | undefined = '<title>Talks go on</title><meta property="og:site_name" content="Example News">';
const asked: string[] = [];
let fetcher: App;
let newsroom: TestNewsroom;
let ed: Client;

beforeAll(async () => {
  site = createServer((request, answer) => {
    asked.push(request.url!);
    const picture = pictures.get(request.url!);
    if (picture) return void answer.setHeader('content-type', 'image/png').end(picture);
    if (page === undefined) return void answer.writeHead(410).end();
    answer.setHeader('content-type', 'text/html').end(page);
  });
  await new Promise<void>(resolve => site.listen(0, '127.0.0.1', resolve));
  const { port } = site.address() as AddressInfo;
  address = `http://127.0.0.1:${port}/story`;
  fetcher = await startApp('fetcher', { FETCHER_SECRET, CAPTURE_NETWORKS: '127.0.0.0/8', CAPTURE_PORTS: String(port) });
  newsroom = await TestNewsroom.open({ env: { FETCHER_URL: fetcher.url, FETCHER_SECRET } });
  ed = await newsroom.as(['editor']);
  await ed.post('/stories', { id: 'talks', title: 'The talks', zone: 'UTC' });
});
afterAll(async () => {
  await newsroom?.close();
  await fetcher?.signal('SIGTERM');
  site?.close();
});

const capture = () => ed.post('/stories/talks/captures', { url: address });
const captureAgain = () => ed.post('/stories/talks/captures/again', { url: address });
const recapture = async (development: string, capture: object) =>
  (await ed.post(`/stories/talks/developments/${development}/recapture`, { captures: [capture] })).body;

describe('a linked page', () => {
  test('is captured, shown to readers without a request to its site, and captured again', async () => {
    const first = await capture();
    expect(first).toMatchObject({ status: 200, body: { url: address, title: 'Talks go on', site: 'Example News' } });
    const content = { kind: 'update', body: 'They talk.', captures: [first.body] };
    const { body: posted } = await ed.post('/stories/talks/developments', { content });
    const path = `/stories/talks/timeline/${posted.development}`;
    const shown = await newsroom.readAt(path, posted.position);
    expect(shown.body.entry.captures).toEqual([first.body]);
    const { text } = await newsroom.readers.get('/s/talks');
    expect(text).toContain('Talks go on');
    expect(text).toContain(`<a href="${address}" rel="external nofollow noopener noreferrer">`);
    expect(asked).toEqual(['/story']);

    page = '<title>Talks have ended</title>';
    const again = await captureAgain();
    expect(again.body).toMatchObject({ title: 'Talks have ended' });
    expect(again.body.sha256).not.toBe(first.body.sha256);
    const made = await recapture(posted.development, { ...first.body, again: again.body });
    expect((await newsroom.readAt(path, made.position)).body.entry).toMatchObject({
      captures: [{ ...first.body, again: again.body }],
      corrections: [],
    });
    expect((await newsroom.readers.get('/s/talks')).text).toMatch(
      /captured again .*the title and the name of the site changed/,
    );
    const then = await newsroom.readers.get(`${path}?position=${posted.position}`);
    expect(then.body.entry.captures).toEqual([first.body]);

    page = undefined;
    const gone = await captureAgain();
    expect(gone.body).toMatchObject({ gone: true });
    const last = await recapture(posted.development, { ...first.body, again: gone.body });
    expect((await newsroom.readAt(path, last.position)).body.entry.captures).toEqual([
      { ...first.body, again: gone.body },
    ]);
    expect((await newsroom.readers.get('/s/talks')).text).toContain('gone at');
  });

  test('is shown with the picture of then, from the newsroom’s own copy, until a takedown destroys it', async () => {
    const made = (background: string) =>
      sharp({ create: { width: 900, height: 450, channels: 3, background } })
        .png()
        .toBuffer();
    pictures.set('/one.png', await made('#224466')).set('/two.png', await made('#aa2211'));
    const named = (picture: string) =>
      `<title>Talks go on</title><meta property="og:image" content="${picture}"><meta property="og:image:alt" content="A crane">`;
    page = named('/one.png');
    const first = await capture();
    expect(first.body).toMatchObject({ picture: { alt: 'A crane' } });
    const content = { kind: 'update', body: 'They talk in the harbour.', captures: [first.body] };
    const { body: posted } = await ed.post('/stories/talks/developments', { content });
    page = named('/two.png');
    const again = await captureAgain();
    const { ticket: _, ...picture } = first.body.picture;
    const made2 = await recapture(posted.development, { ...first.body, picture, again: again.body });
    const path = `/stories/talks/timeline/${posted.development}`;
    const [shown] = (await newsroom.readAt(path, made2.position)).body.entry.captures;
    expect(shown).toMatchObject({
      picture: { alt: 'A crane', width: 900, height: 450, sha256: picture.sha256 },
      again: { picture: { sha256: again.body.picture.sha256 } },
    });
    const sources: { href: string; width: number }[] = [shown.picture, shown.again.picture].flatMap(
      each => each.sources,
    );
    expect(Math.max(...sources.map(({ width }) => width))).toBe(640);
    const statuses = () =>
      Promise.all(sources.map(async ({ href }) => (await fetch(`${newsroom.reader!.url}${href}`)).status));
    expect(await statuses()).toEqual(sources.map(() => 200));
    asked.length = 0;
    const { text } = await newsroom.readers.get('/s/talks');
    expect(text).toMatch(/the picture changed/);
    expect(text.match(/<(img|source)[^>]*>/g)!.join()).not.toMatch(/(src|srcset)="https?:/);
    expect(asked).toEqual([]);
    // No reader can open the sealed files.
    expect(JSON.stringify(shown)).not.toContain('secret');
    expect((await succeeds(audit(newsroom, 'verify'))).out).toMatch(
      /\b14 files of pictures read, 0 missing or damaged\n/,
    );

    const lea = await newsroom.as(['legal'], 0, 'lea');
    const on = `/stories/talks/developments/${posted.development}`;
    const { body: proposed } = await ed.post(`${on}/propose-takedown`, { ground: 'privacy', reason: 'A face.' });
    const { body: approved } = await lea.post(`/stories/talks/proposals/${proposed.commit}/approve`);
    await newsroom.seen(approved.position);
    for (let tries = 0; (await statuses()).includes(200); tries++) {
      if (tries === 300) throw new Error('The renditions are still shown.');
      await new Promise(resolve => setTimeout(resolve, 50));
    }
  });

  test('that is gone, or in a private network, is refused with the reason', async () => {
    page = undefined;
    expect(await capture()).toMatchObject({ status: 422, body: { code: 'capture-gone' } });
    const inside = await ed.post('/stories/talks/captures', { url: 'http://169.254.169.254/latest/meta-data/' });
    expect(inside).toMatchObject({ status: 422, body: { code: 'capture-port' } });
  });

  test('is not captured while the fetcher is down, and posts go on', async () => {
    await fetcher.signal('SIGTERM');
    expect(await capture()).toMatchObject({ status: 503, body: { code: 'fetcher-unreachable' } });
    const content = { kind: 'update', body: 'Still here.' };
    expect((await ed.post('/stories/talks/developments', { content })).status).toBe(201);
  });
});
