import { openBlobStore } from '#blobs';
import type { KeptRecording } from '#domain';
import { openFile } from '#keys';
import { whole } from '#media';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { readFile, writeFile } from 'node:fs/promises';
import sharp from 'sharp';
import { madeMp3, madeMp4, madeWebm } from '../../libs/recordings/src/testing/made.js';
import type { Locator, Page } from 'playwright-core';
import { audit, succeeds } from '../harness/audit.js';
import { axeFindings, describeInBrowser, launch, openPage, screenshot } from '../harness/browser.js';
import { Client, type Answer } from '../harness/client.js';
import { filesIn, keptFile, keptOf, sealedPath, sendFile, sha256, withdrawn } from '../harness/media.js';
import { TestNewsroom } from '../harness/newsroom.js';
import { codeFor, hostPages } from '../pages/host-pages.js';

const story = 'harbour';
const screens = process.env.SCREENS;

let newsroom: TestNewsroom;
let ann: Client;
let lea: Client;
let token: string;
beforeAll(async () => {
  newsroom = await TestNewsroom.open();
  ann = await (await newsroom.as(['editor'], 0, 'ann')).signing();
  lea = await newsroom.as(['legal'], 0, 'lea');
  token = await newsroom.token(['editor'], 'ann');
  await ann.post('/stories', { id: story, title: 'The harbour', zone: 'UTC', language: 'en' });
});
afterAll(() => newsroom?.close());

const ask = async (path: string, init: RequestInit & { headers?: Record<string, string> }) => {
  const headers = { Authorization: `Bearer ${token}`, ...init.headers };
  const response = await fetch(`${newsroom.editors[0]!.url}/stories/${story}${path}`, { ...init, headers });
  return { status: response.status, body: await response.json() };
};
const kept = (bytes: Uint8Array, type: string) => keptFile(newsroom, story, type, bytes);
let shade = 0;
const poster = async () => {
  const background = { r: 40 + 9 * shade++, g: 90, b: 140 };
  const bytes = await sharp({ create: { width: 640, height: 360, channels: 3, background } })
    .jpeg()
    .toBuffer();
  const { picture, ticket } = await kept(bytes, 'image/jpeg');
  return { picture, ticket, alt: 'A crane falls' };
};
const playing = async (bytes: Uint8Array, type: string) => {
  const { recording, ticket } = await kept(bytes, type);
  return { ...(await poster()), recording: { file: recording as string, ticket } };
};
const vtt = (words: string) => Buffer.from(`WEBVTT\n\nNOTE by Ann\n\n00:00.000 --> 00:02.000\n${words}\n`);
const captioned = async (words: string) => {
  const { captions, ticket } = await kept(vtt(words), 'text/vtt');
  return { captions: { file: captions as string, ticket } };
};

const content = (body: string, media: object[]) => ({
  ...{ kind: 'update', body, data: {}, occurred: { precision: 'unknown' }, media },
  ...{ sourcing: { basis: 'desk', standing: 'reported' }, modality: { mode: 'asserted' } },
});
async function posted(path: string, body: object): Promise<Answer['body']> {
  const answer = await ann.post(`/stories/${story}/developments${path}`, body);
  if (answer.status !== 201) throw new Error(`${path}: ${answer.status} ${answer.text}`);
  await newsroom.seen(answer.body.position);
  return answer.body;
}
const post = (media: object[], more: object = {}) =>
  posted('', { content: { kind: 'update', body: 'The crane has fallen.', media }, ...more });
const mediaOf = async (development: string, query = '') =>
  (await newsroom.readers.get(`/stories/${story}/timeline/${development}${query}`)).body.entry.media;
const file = (href: string, headers: Record<string, string> = {}) =>
  fetch(`${newsroom.reader!.url}${href}`, { headers });
const bytesAt = async (href: string) => Buffer.from(await (await file(href)).arrayBuffer());
describe('a recording in a post', () => {
  test('reaches readers as it is but for its metadata, in ranges too, with poster and captions', async () => {
    const webm = await madeWebm({ title: 'Filmed at N 51.5' });
    const answered = await kept(webm, 'video/webm');
    expect(answered).toMatchObject({ type: 'video/webm', size: webm.length, lasts: 2_000, width: 320, height: 180 });
    const media = [
      {
        ...(await poster()),
        recording: { file: answered.recording, ticket: answered.ticket },
        ...(await captioned('Look out!')),
      },
    ];
    const { development } = await post(media);
    const [{ recording, sources }] = await mediaOf(development);
    expect(recording).toMatchObject({ type: 'video/webm', size: webm.length, lasts: 2_000, width: 320, height: 180 });
    const found = await bytesAt(recording.href);
    expect(recording.href).toBe(`/media/${sha256(found)}`);
    expect([found.length, found.includes('Filmed'), webm.includes('Filmed')]).toEqual([webm.length, false, true]);
    const part = await file(recording.href, { Range: 'bytes=100-199' });
    expect([part.status, part.headers.get('content-range')]).toEqual([206, `bytes 100-199/${webm.length}`]);
    expect(Buffer.from(await part.arrayBuffer())).toEqual(found.subarray(100, 200));
    expect((await file(recording.href, { Range: `bytes=${webm.length}-` })).status).toBe(416);
    const captions = await file(recording.captions.href);
    expect([captions.headers.get('content-type'), await captions.text()]).toEqual([
      'text/vtt; charset=utf-8',
      'WEBVTT\n\n00:00:00.000 --> 00:00:02.000\nLook out!\n',
    ]);
    const page = await file(`/s/${story}/d/${development}`);
    expect(page.headers.get('content-security-policy')).toContain(`media-src 'self';`);
    expect(await page.text()).toContain('"@type":"VideoObject"');
    const feed = await (await file(`/stories/${story}/feed.rss`)).text();
    expect(feed).toContain(`${recording.href}" length="${webm.length}" type="video/webm"`);
    const jpeg = sources.findLast(({ type }: { type: string }) => type === 'image/jpeg');
    const fragment = await (await file(`/s/${story}/d/${development}/embed`)).text();
    expect(fragment).toMatch(new RegExp(`<video [^>]*poster="https?://[^"]+${jpeg.href}"`));
    expect(fragment).toMatch(new RegExp(`<source src="https?://[^"]+${recording.href}" type="video/webm"`));
    expect(fragment).toMatch(new RegExp(`<track kind="captions" src="https?://[^"]+${recording.captions.href}"`));
  });

  test('a file that is refused leaves nothing; a picture’s ticket shows no recording', async () => {
    const before = await filesIn(newsroom, 'sealed');
    const mp4 = await madeMp4();
    expect(await sendFile(newsroom, story, 'video/mp4', mp4.subarray(0, -200))).toMatchObject({
      status: 422,
      body: { code: 'recording-cut', detail: expect.stringContaining('Send it again') },
    });
    expect(await sendFile(newsroom, story, 'video/webm', mp4)).toMatchObject({
      status: 415,
      body: { code: 'recording-misnamed' },
    });
    expect(await sendFile(newsroom, story, 'text/vtt', vtt('-->'))).toMatchObject({
      status: 422,
      body: { code: 'captions-broken' },
    });
    expect(await filesIn(newsroom, 'sealed')).toEqual(before);
    const { ticket, ...picture } = await poster();
    const body = {
      kind: 'update',
      body: 'W',
      media: [{ ...picture, ticket, recording: { file: picture.picture, ticket } }],
    };
    expect((await ann.post(`/stories/${story}/developments`, { content: body })).body).toMatchObject({
      errors: [{ field: 'content.media.0.recording.ticket', message: expect.stringContaining('upload it again') }],
    });
  });

  test('comes in parts, which are gone once it is kept', async () => {
    // Free space, so that it has more than two parts.
    const bytes = Buffer.concat([await madeMp4(), Buffer.from('0010c8e066726565', 'hex'), Buffer.alloc(1_099_992, 7)]);
    const json = { method: 'POST', headers: { 'Content-Type': 'application/json' } };
    const begun = await ask('/uploads', {
      ...json,
      body: JSON.stringify({ size: bytes.length, sha256: sha256(bytes), type: 'video/mp4', name: 'crane.mp4' }),
    });
    const { upload: id, partBytes, missing } = begun.body;
    expect(missing).toEqual([0, 1, 2]);
    const before = await filesIn(newsroom, 'sealed');
    for (const part of [2, 0, 1])
      await ask(`/uploads/${id}/parts/${part}`, {
        method: 'PUT',
        headers: { 'Content-Type': 'application/octet-stream' },
        body: new Uint8Array(bytes.subarray(part * partBytes, (part + 1) * partBytes)),
      });
    const { status, body } = await ask(`/uploads/${id}/finish`, { method: 'POST' });
    expect({ status, body }).toMatchObject({ status: 201, body: { type: 'video/mp4', size: bytes.length } });
    expect((await ask(`/uploads/${id}/finish`, { method: 'POST' })).body).toEqual(body);
    expect((await filesIn(newsroom, 'sealed')).filter(name => !before.includes(name))).toEqual([body.recording]);
    const { development } = await post([
      { ...(await poster()), recording: { file: body.recording, ticket: body.ticket } },
    ]);
    const found = await bytesAt((await mediaOf(development))[0].recording.href);
    expect([found.length, found.indexOf(Buffer.alloc(8, 7))]).toEqual([bytes.length, -1]);
  });

  test('its captions are corrected without sending it again; readers of the past see those of then', async () => {
    const media = { ...(await playing(await madeMp4({ seconds: 1 }), 'video/mp4')), ...(await captioned('Lok out!')) };
    const { development, position } = await post([media]);
    const [was] = await mediaOf(development);
    const { ticket: _, recording, ...shown } = media;
    const again = { ...shown, recording: { file: recording.file }, ...(await captioned('Look out!')), caption: 'Noon' };
    await posted(`/${development}/correct`, {
      ...{ content: content('The crane has fallen.', [again]), wrong: 'A caption.', reason: 'A typing error.' },
    });
    const [now] = await mediaOf(development);
    expect([now.recording.href, now.caption]).toEqual([was.recording.href, 'Noon']);
    expect((await bytesAt(now.recording.captions.href)).toString()).toContain('Look out!');
    const [then] = await mediaOf(development, `?position=${position}`);
    expect(then).toEqual(was);
    expect((await bytesAt(then.recording.captions.href)).toString()).toContain('Lok out!');
  });

  test('under embargo nothing of it is public; a retraction withdraws all of it', async () => {
    const media = [{ ...(await playing(madeMp3(2), 'audio/mpeg')), ...(await captioned('Words')) }];
    const { development } = await post(media, { embargo: {} });
    const other = await post([await playing(await madeWebm({ seconds: 1 }), 'video/webm')]);
    // Once this one is public, the publisher has passed the one under embargo.
    expect((await file((await mediaOf(other.development))[0].recording.href)).status).toBe(200);
    const before = await filesIn(newsroom, 'public');
    await posted(`/${development}/lift`, {});
    const [{ recording }] = await mediaOf(development);
    const hrefs = [recording.href, recording.captions.href];
    for (const href of hrefs) expect(before).not.toContain(href.replace('/media/', ''));
    expect((await file(recording.href)).headers.get('content-type')).toBe('audio/mpeg');
    await posted(`/${development}/retract`, { reason: 'Wrong place.' });
    await withdrawn(newsroom, hrefs);
    expect(await Promise.all(hrefs.map(async href => (await file(href)).status))).toEqual([404, 404]);
  });

  test('a takedown withdraws every file and destroys what opens the sealed ones; verify reads all others', async () => {
    const mine = await playing(await madeMp4({ width: 160, height: 90, withSound: true }), 'video/mp4');
    const { development } = await post([mine]);
    const [{ recording }] = await mediaOf(development);
    expect((await file(recording.href)).status).toBe(200);
    const held = (await keptOf(newsroom, development)).find((each): each is KeptRecording => 'lasts' in each)!;
    const sealed = openBlobStore({ BLOB_STORE: newsroom.env.BLOB_STORE! }, 'sealed');
    const opened = await whole(openFile(Buffer.from(held.secret, 'base64url'), sealed.get(held.file.name)));
    expect(sha256(opened)).toBe(held.file.sha256);
    await sealed.close();
    const proposed = await posted(`/${development}/propose-takedown`, { ground: 'privacy', reason: 'A child.' });
    const approved = await lea.post(`/stories/${story}/proposals/${proposed.commit}/approve`);
    await newsroom.seen(approved.body.position);
    await withdrawn(newsroom, [recording.href]);
    expect((await file(recording.href)).status).toBe(404);
    expect(await keptOf(newsroom, development)).toEqual([]);
    expect(await newsroom.everything()).not.toContain(held.secret);
    // The sealed file of another video, with one byte changed.
    const { development: other } = await post([await playing(await madeWebm({ seconds: 1, width: 64 }), 'video/webm')]);
    const { name } = (await keptOf(newsroom, other)).find((each): each is KeptRecording => 'lasts' in each)!.file;
    const path = sealedPath(newsroom, name);
    const bytes = await readFile(path);
    expect((await succeeds(audit(newsroom, 'verify'))).out).toContain(' 0 missing or damaged\n');
    await writeFile(path, bytes.with(bytes.length - 1, bytes.at(-1)! ^ 1));
    const { code, out } = await audit(newsroom, 'verify').ended;
    expect([code, out]).toEqual([1, expect.stringContaining(`DAMAGED: ${name}`)]);
    await writeFile(path, bytes);
  });
});

/** Adds up what moves on the page from now on, also on pages that it loads later. */
async function countMoves(page: Page): Promise<() => Promise<number>> {
  await page.addInitScript(() => {
    const noted = window as unknown as { moved: number };
    noted.moved = 0;
    new PerformanceObserver(list => {
      for (const entry of list.getEntries()) noted.moved += (entry as unknown as { value: number }).value;
    }).observe({ type: 'layout-shift', buffered: true });
  });
  return () => page.evaluate(() => (window as unknown as { moved: number }).moved);
}

/** Plays a moment of it. */
const play = (player: Locator) =>
  player.evaluate(async (player: HTMLMediaElement) => {
    player.muted = true;
    await player.play();
    await new Promise(resolve => player.addEventListener('timeupdate', resolve, { once: true }));
    player.pause();
    const { left, right } = player.getBoundingClientRect();
    const isInside = left >= 0 && right <= document.documentElement.clientWidth;
    const cues = [...(player.textTracks[0]?.cues ?? [])].map(cue => (cue as VTTCue).text);
    return { isInside, cues, error: player.error?.message };
  });

describeInBrowser('a video and a sound on a reader’s page', () => {
  test('play with captions, move nothing, and load nothing before; axe finds nothing', async () => {
    const browser = await launch();
    try {
      const media = [
        { ...(await playing(await madeWebm(), 'video/webm')), ...(await captioned('Look out!')), caption: 'The crane' },
        { ...(await playing(await madeMp4(), 'video/mp4')), alt: 'The quay' },
        { ...(await playing(madeMp3(2), 'audio/mpeg')), alt: 'The siren', credit: 'Ann' },
      ];
      const { development } = await post(media);
      const recordings = (await mediaOf(development)).map(
        ({ recording }: { recording: { href: string } }) => recording,
      );
      const { page, faults, requests, close } = await openPage(browser, 'about:blank', { width: 390 });
      const moved = await countMoves(page);
      await page.goto(`${newsroom.reader!.url}/s/${story}/d/${development}`);
      const players = page.locator('.picture :is(video, audio)');
      expect(await players.count()).toBe(3);
      for (let n = 0; n < 3; n++) {
        const { href } = recordings[n];
        await players.nth(n).scrollIntoViewIfNeeded();
        expect(requests.some(url => url.endsWith(href))).toBe(false);
        expect(await play(players.nth(n))).toEqual({
          isInside: true,
          cues: n === 0 ? ['Look out!'] : [],
          error: undefined,
        });
        expect(requests.some(url => url.endsWith(href))).toBe(true);
      }
      expect(await moved()).toBeLessThan(0.01);
      expect(await axeFindings(page)).toEqual([]);
      expect(faults).toEqual([]);
      const { origin } = new URL(newsroom.reader!.url);
      expect(requests.filter(url => url !== 'about:blank' && new URL(url).origin !== origin)).toEqual([]);
      await close();
    } finally {
      await browser.close();
    }
  });

  test('on a page of another site they have poster and captions and play; what that site forbids is a poster with a link', async () => {
    const browser = await launch();
    const reader = newsroom.reader!.url;
    const hosts = await hostPages(reader);
    try {
      const media = [
        { ...(await playing(await madeWebm(), 'video/webm')), ...(await captioned('Look out!')) },
        { ...(await playing(madeMp3(2), 'audio/mpeg')), alt: 'The siren' },
      ];
      const { development } = await post(media);
      const [{ recording, sources }] = await mediaOf(development);
      const path = `/s/${story}/d/${development}`;
      hosts.show(await codeFor(reader, path));
      const opened = async (name: string) => {
        const it = await openPage(browser, 'about:blank', { width: 390 });
        const moved = await countMoves(it.page);
        await it.page.goto(hosts.url(name));
        const players = it.page.locator('dateline-update :is(video, audio)');
        const pictures = it.page.locator('dateline-update .picture');
        await pictures.nth(1).waitFor();
        await pictures.first().scrollIntoViewIfNeeded();
        return { ...it, players, before: await moved(), moved };
      };
      const isPoster = (url: string) => sources.some(({ href }: { href: string }) => url.endsWith(href));

      const plain = await opened('plain');
      expect(plain.requests.some(url => url.endsWith(recording.href))).toBe(false);
      for (const [n, cues] of [['Look out!'], []].entries())
        expect(await play(plain.players.nth(n))).toEqual({ isInside: true, cues, error: undefined });
      expect(plain.requests.some(isPoster)).toBe(true);
      expect((await plain.moved()) - plain.before).toBeLessThan(0.01);
      expect(await axeFindings(plain.page)).toEqual([]);
      if (screens) await screenshot(plain.page, `${screens}/embed-video-phone.png`, false);
      // What plays goes on when the words are corrected.
      await plain.players.first().evaluate((player: HTMLMediaElement) => {
        player.loop = true;
        return player.play();
      });
      const shown = media.map(({ ticket: _, recording, ...rest }) => {
        const { file } = recording;
        return { ...rest, recording: { file }, ...('captions' in rest && { captions: { file: rest.captions.file } }) };
      });
      const corrected = { content: content('The crane leans.', shown), wrong: 'The word.', reason: 'It leans.' };
      await posted(`/${development}/correct`, corrected);
      await plain.page.locator('dateline-update').getByText('The crane leans.').first().waitFor();
      expect(
        await plain.players.first().evaluate(async (player: HTMLMediaElement) => {
          await new Promise(resolve => player.addEventListener('timeupdate', resolve, { once: true }));
          return [player.paused, player.loop];
        }),
      ).toEqual([false, true]);
      expect(plain.faults).toEqual([]);
      const origins = new Set(plain.requests.filter(url => /^http/.test(url)).map(url => new URL(url).origin));
      expect([...origins].sort()).toEqual([new URL(hosts.url('plain')).origin, reader].sort());
      await plain.close();

      // This site's policy names no `media-src`.
      const strict = await opened('strict');
      const links = strict.page.locator('dateline-update .picture').getByRole('link');
      await links.nth(1).waitFor();
      expect(
        await links.evaluateAll(all => all.map(link => [(link as HTMLAnchorElement).href, link.textContent])),
      ).toEqual([
        [reader + path, 'Watch: A crane falls'],
        [reader + path, 'Listen: The siren'],
      ]);
      expect(strict.requests.some(isPoster)).toBe(true);
      expect(strict.requests.some(url => url.endsWith(recording.href))).toBe(false);
      expect(await axeFindings(strict.page)).toEqual([]);
      if (screens) await screenshot(strict.page, `${screens}/embed-video-strict-phone.png`, false);
      expect((await strict.moved()) - strict.before).toBeLessThan(0.01);
      expect(strict.faults.filter(text => !text.includes('media-src'))).toEqual([]);
      expect(strict.faults.some(text => text.includes('media-src'))).toBe(true);
      await strict.close();
    } finally {
      hosts.close();
      await browser.close();
    }
  });
});
