import { expect, test } from '@jest/globals';
import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import type { Browser } from 'playwright-core';
import sharp from 'sharp';
import { axeFindings, describeInBrowser, launch, openPage } from '../harness/browser.js';
import { keptFile } from '../harness/media.js';
import { TestNewsroom } from '../harness/newsroom.js';
import { Desk } from './posting.js';

let shade = 0;
/** A picture that the newsroom keeps, as an update sends it. */
async function uploaded(newsroom: TestNewsroom) {
  const background = { r: 30 + 60 * shade++, g: 90, b: 140 };
  const body = await sharp({ create: { width: 1_600, height: 900, channels: 3, background } })
    .jpeg()
    .toBuffer();
  const { picture, ticket } = await keptFile(newsroom, 'harbour', 'image/jpeg', body);
  return { picture, ticket, alt: 'The quay' };
}

/** Resolves once readers get the renditions, which comes a moment after the words: the address of one waits for it. */
async function published(newsroom: TestNewsroom): Promise<void> {
  const { body } = await newsroom.readers.get('/stories/harbour/timeline');
  const media = (body.entries as { media?: { sources: { href: string }[] }[] }[]).flatMap(entry => entry.media ?? []);
  for (const { href } of media.flatMap(({ sources }) => sources))
    expect((await fetch(`${newsroom.reader!.url}${href}`)).status).toBe(200);
}

/** Downloads the story as a folder, and unpacks it with a program of others. The address of its page. */
async function unpacked(newsroom: TestNewsroom, folder: string, query = ''): Promise<string> {
  const answer = await fetch(`${newsroom.reader!.url}/s/harbour/export.zip${query}`);
  const [, name] = /filename="(harbour-\d+)\.zip"/.exec(answer.headers.get('content-disposition')!)!;
  const file = join(folder, `${name}.zip`);
  await writeFile(file, Buffer.from(await answer.arrayBuffer()));
  await promisify(execFile)('python3', ['-m', 'zipfile', '-e', file, folder]);
  return pathToFileURL(join(folder, name!, 'index.html')).href;
}

/** Expects that the page loads this many pictures, from its folder alone. */
async function shows(browser: Browser, address: string, count: number, how: object): Promise<void> {
  const { page, faults, requests, close } = await openPage(browser, address, how);
  const pictures = page.locator('.entry img');
  expect(await pictures.count()).toBe(count);
  for (const picture of await pictures.all()) {
    await picture.scrollIntoViewIfNeeded();
    // Rejects for a picture that cannot be loaded.
    await picture.evaluate((image: HTMLImageElement) => image.decode());
  }
  const loaded = requests.filter(url => !url.startsWith('data:'));
  const base = address.replace('index.html', '');
  expect(loaded.filter(url => !url.startsWith(base))).toEqual([]);
  expect(loaded.filter(url => url.startsWith(`${base}pictures/`))).toHaveLength(count);
  expect(faults).toEqual([]);
  await close();
}

describeInBrowser('a story’s export', () => {
  test('opens from a folder, without a server: nothing is loaded, and it is accessible in light and dark', async () => {
    const newsroom = await TestNewsroom.open();
    let closed: Promise<void> | undefined;
    const close = () => (closed ??= newsroom.close());
    const browser = await launch();
    const folder = await mkdtemp(join(tmpdir(), 'export-'));
    try {
      const desk = new Desk(await newsroom.as(['editor']), 'harbour');
      await desk.open({ summary: 'No ship has left.' });
      const wrong = await desk.say('Nobody works');
      await desk.say('The port is shut');
      await desk.on(wrong, 'retract', { reason: 'Nobody said so.' });
      await newsroom.seen(desk.position);
      const answer = await fetch(`${newsroom.reader!.url}/s/harbour/export`);
      const file = join(folder, 'harbour.html');
      await writeFile(file, await answer.text());
      await desk.record({ kind: 'update', body: 'The quay in the morning.', media: [await uploaded(newsroom)] });
      const morning = desk.position;
      await desk.record({ kind: 'update', body: 'The quay at night.', media: [await uploaded(newsroom)] });
      await newsroom.seen(desk.position);
      await published(newsroom);
      const [now, then] = [await unpacked(newsroom, folder), await unpacked(newsroom, folder, `?position=${morning}`)];
      // No server is left that could give a picture.
      await close();
      for (const [page, count] of [
        [now, 2],
        [then, 1],
      ] as const)
        for (const how of [{}, { width: 390, height: 844 }]) await shows(browser, page, count, how);
      for (const how of [{}, { theme: 'dark' }, { width: 390, height: 844 }] as const) {
        const { page, faults, requests, close } = await openPage(browser, pathToFileURL(file).href, how);
        await page.getByRole('heading', { name: 'The harbour' }).waitFor();
        await page.locator('.entry', { hasText: 'The port is shut' }).waitFor();
        await page.locator('.entry', { hasText: 'Nobody said so.' }).waitFor();
        expect(await page.evaluate(async () => (await document.fonts.load('600 20px "Dateline Serif"')).length)).toBe(
          1,
        );
        expect(requests.filter(url => !url.startsWith('data:'))).toEqual([pathToFileURL(file).href]);
        expect(await axeFindings(page)).toEqual([]);
        expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBeLessThanOrEqual(0);
        expect(faults).toEqual([]);
        await close();
      }
    } finally {
      await browser.close();
      await close();
      await rm(folder, { recursive: true });
    }
  });
});
