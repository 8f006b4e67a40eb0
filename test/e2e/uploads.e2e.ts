import { partBytes } from '#contract';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { createHash, randomBytes } from 'node:crypto';
import { readdir } from 'node:fs/promises';
import { request } from 'node:http';
import { fileURLToPath } from 'node:url';
import type { Locator, Page } from 'playwright-core';
import sharp from 'sharp';
import { axeFindings, describeInBrowser, launch, screenshot } from '../harness/browser.js';
import { pick, sitDown } from '../harness/desk-page.js';
import { TestNewsroom } from '../harness/newsroom.js';

const screens = process.env.SCREENS;
const story = 'harbour';
/** Short, so that the test of a slow sender is. */
const requestMs = 5_000;

let newsroom: TestNewsroom;
let token: string;
beforeAll(async () => {
  newsroom = await TestNewsroom.open({ editors: 2, desk: true });
  await newsroom.startEditors(1, { REQUEST_TIMEOUT_MS: String(requestMs), HEADERS_TIMEOUT_MS: '2000' });
  token = await newsroom.token(['editor'], 'ann');
  const ann = await newsroom.as(['editor'], 0, 'ann');
  await ann.post('/stories', { id: story, title: 'The harbour', zone: 'UTC', language: 'en' });
});
afterAll(() => newsroom?.close());

/** A picture of noise, which no encoder makes small: three parts. */
const photo = () =>
  sharp(randomBytes(640 * 640 * 3), { raw: { width: 640, height: 640, channels: 3 } })
    .png()
    .toBuffer();
const partOf = (bytes: Buffer, n: number) => bytes.subarray(n * partBytes, (n + 1) * partBytes);

const asked = async (editor: number, method: string, path: string, body?: Buffer | object) => {
  const isBytes = Buffer.isBuffer(body);
  const response = await fetch(`${newsroom.editors[editor]!.url}/stories/${story}/uploads${path}`, {
    method,
    headers: {
      Authorization: `Bearer ${token}`,
      'Content-Type': isBytes ? 'application/octet-stream' : 'application/json',
    },
    ...(body && { body: isBytes ? new Uint8Array(body) : JSON.stringify(body) }),
  });
  return { status: response.status, body: await response.json() };
};
const begun = (editor: number, bytes: Buffer) =>
  asked(editor, 'POST', '', { size: bytes.length, sha256: createHash('sha256').update(bytes).digest('hex') });

/** Sends the beginning of a part and then nothing. Resolves with the status; 0 after the connection was cut, by default at once. */
const stalled = (editor: number, path: string, bytes: Buffer, cut = true) =>
  new Promise<number>((resolve, reject) => {
    const sending = request(`${newsroom.editors[editor]!.url}/stories/${story}/uploads${path}`, {
      method: 'PUT',
      headers: { Authorization: `Bearer ${token}`, 'Content-Length': bytes.length },
    });
    sending.on('response', ({ statusCode }) => resolve(statusCode!));
    sending.on('error', error => (cut ? resolve(0) : reject(error)));
    sending.write(bytes.subarray(0, bytes.length / 2), () => {
      if (cut) sending.destroy(new Error('cut'));
    });
  });

const drafts = async () => {
  const entries = await readdir(fileURLToPath(newsroom.env.BLOB_STORE!), { recursive: true, withFileTypes: true });
  return entries.filter(entry => entry.isFile()).length;
};

describe('a large picture over a bad network', () => {
  test('any editor-api takes the next part; a cut connection and a killed process cost one part each', async () => {
    const bytes = await photo();
    const { upload } = (await begun(0, bytes)).body;
    expect((await asked(0, 'PUT', `/${upload}/parts/0`, partOf(bytes, 0))).body.missing).toEqual([1, 2]);
    expect(await stalled(0, `/${upload}/parts/1`, partOf(bytes, 1))).toBe(0);
    expect((await begun(1, bytes)).body).toMatchObject({ upload, missing: [1, 2] });
    expect(await drafts()).toBe(1);

    // The first process dies while it receives a part.
    const dying = stalled(0, `/${upload}/parts/1`, partOf(bytes, 1), false).catch(() => 0);
    await newsroom.editors[0]!.signal('SIGKILL');
    expect(await dying).toBe(0);
    expect((await asked(1, 'PUT', `/${upload}/parts/1`, partOf(bytes, 1))).body.missing).toEqual([2]);
    expect((await asked(2, 'PUT', `/${upload}/parts/2`, partOf(bytes, 2))).body.missing).toEqual([]);
    expect(await asked(1, 'POST', `/${upload}/finish`)).toMatchObject({ status: 201, body: { width: 640 } });
  });

  test('a part that comes too slowly is refused, and can be sent again', async () => {
    const bytes = await photo();
    const { upload } = (await begun(2, bytes)).body;
    expect(await stalled(2, `/${upload}/parts/0`, partOf(bytes, 0), false)).toBe(408);
    for (const n of [0, 1, 2])
      expect((await asked(2, 'PUT', `/${upload}/parts/${n}`, partOf(bytes, n))).status).toBe(200);
    expect((await asked(2, 'POST', `/${upload}/finish`)).status).toBe(201);
  });
});

/** A desk from which the second part of a file does not arrive while the line is away. */
interface CutOff {
  readonly page: Page;
  readonly pictures: Locator;
  /** The parts that were sent. */
  readonly sent: string[];
  readonly line: { isAway: boolean };
  /** Chooses a picture that takes three parts. */
  choose(): Promise<void>;
}

/** Sits down, begins to send a picture, and looks once its second part does not arrive. */
async function atDesk(look: (desk: CutOff) => Promise<void>): Promise<void> {
  const browser = await launch();
  try {
    const { page, close } = await sitDown(browser, newsroom, story, 'ada', { editor: 1 });
    const sent: string[] = [];
    const line = { isAway: true };
    await page.route(/\/uploads\/.*\/parts\//, async route => {
      const part = route.request().url().split('/').at(-1)!;
      sent.push(part);
      if (part === '1' && line.isAway) await route.abort();
      else await route.continue();
    });
    const pictures = page.getByRole('group', { name: 'Pictures and recordings' });
    const file = { name: 'noise.png', mimeType: 'image/png', buffer: await photo() };
    const choose = async () => {
      await page.locator('#draft-content-body').fill('The crane leans.');
      await pictures.locator('input[type=file]').setInputFiles([file]);
    };
    await choose();
    await pictures.getByText('Adding 1 of 1: 33 %, waiting for the newsroom …').waitFor();
    await look({ page, pictures, sent, line, choose });
    await close();
  } finally {
    await browser.close();
  }
}

describeInBrowser('a large picture at the desk', () => {
  test('the desk says how far it is, waits where the network is away, and goes on', () =>
    atDesk(async ({ page, pictures, sent, line }) => {
      line.isAway = false;
      await pictures.getByRole('group', { name: 'Picture 1' }).locator('img').waitFor();
      expect(sent.filter((part, at) => part !== sent[at - 1])).toEqual(['0', '1', '2']);
      expect(await axeFindings(page)).toEqual([]);
    }));

  test('an upload that was cut because the page was closed is told, and the same file goes on where it was', () =>
    atDesk(async ({ page, pictures, sent, line, choose }) => {
      await page.reload();
      await pictures.getByText('This page was closed while it sent noise.png. Choose the same file again').waitFor();
      expect(await axeFindings(page)).toEqual([]);
      if (screens) await screenshot(page, `${screens}/desk-upload-cut.png`, false);
      line.isAway = false;
      sent.length = 0;
      await choose();
      await pictures.getByRole('group', { name: 'Picture 1' }).locator('img').waitFor();
      expect(sent).toEqual(['1', '2']);
      expect(await pictures.getByRole('status').textContent()).toBe('');
    }));

  test('an upload that was cut because its person signed out leaves no name in the browser', () =>
    atDesk(async ({ page }) => {
      page.on('dialog', question => void question.accept());
      await pick(page, 'sign out');
      await page.getByLabel('Token').waitFor();
      await page.reload();
      await page.getByLabel('Token').waitFor();
      expect(await page.evaluate('JSON.stringify(localStorage)')).not.toContain('noise.png');
    }));
});
