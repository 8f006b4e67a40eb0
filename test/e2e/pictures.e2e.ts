import { openBlobStore } from '#blobs';
import type { KeptPicture } from '#domain';
import { openKept } from '#media';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { readFile, rm, utimes, writeFile } from 'node:fs/promises';
import sharp from 'sharp';
import { audit, lastLine, succeeds } from '../harness/audit.js';
import { Client, type Answer } from '../harness/client.js';
import { signerOf } from '../../libs/pictures/src/testing/signed.js';
import { axeFindings, describeInBrowser, launch, openPage } from '../harness/browser.js';
import { filesIn, keptOf, sealedPath, sendFile, sha256, withdrawn } from '../harness/media.js';
import { TestNewsroom } from '../harness/newsroom.js';

const story = 'harbour';

let newsroom: TestNewsroom;
let ann: Client;
let lea: Client;
beforeAll(async () => {
  newsroom = await TestNewsroom.open();
  ann = await newsroom.as(['editor'], 0, 'ann');
  lea = await newsroom.as(['legal'], 0, 'lea');
  await ann.post('/stories', { id: story, title: 'The harbour', zone: 'UTC', language: 'en' });
});
afterAll(() => newsroom?.close());

let shade = 0;
/** A photograph that no other has the pixels of, with texts and a place in its metadata. */
const photo = (width = 400, height = 300) =>
  sharp({ create: { width, height, channels: 3, background: { r: 40 + 9 * shade++, g: 90, b: 140 } } })
    .jpeg()
    .withExif({ IFD0: { Artist: 'Ann Example' }, IFD3: { GPSLatitudeRef: 'N', GPSLatitude: '51/1 30/1 0/1' } })
    .toBuffer();

const upload = (bytes: Uint8Array, type = 'image/jpeg', to = story) => sendFile(newsroom, to, type, bytes);
async function kept(bytes?: Uint8Array) {
  const { status, body } = await upload(bytes ?? (await photo()));
  expect({ status, body }).toMatchObject({ status: 201 });
  return { picture: body.picture as string, ticket: body.ticket as string };
}

const update = (body: string, media?: object[]) => ({ content: { kind: 'update', body, ...(media && { media }) } });
const complete = (body: string, media?: object[]) => ({
  kind: 'update',
  body,
  data: {},
  occurred: { precision: 'unknown' },
  sourcing: { basis: 'desk', standing: 'reported' },
  modality: { mode: 'asserted' },
  ...(media && { media }),
});
async function posted(path: string, body: object): Promise<Answer['body']> {
  const answer = await ann.post(`/stories/${story}/developments${path}`, body);
  if (answer.status !== 201) throw new Error(`${path}: ${answer.status} ${answer.text}`);
  await newsroom.seen(answer.body.position);
  return answer.body;
}
async function takeDown(development: string): Promise<void> {
  const proposed = await posted(`/${development}/propose-takedown`, { ground: 'privacy', reason: 'A child.' });
  const approved = await lea.post(`/stories/${story}/proposals/${proposed.commit}/approve`);
  expect(approved.status).toBe(201);
  await newsroom.seen(approved.body.position);
}
const entryOf = async (development: string, query = '') =>
  (await newsroom.readers.get(`/stories/${story}/timeline/${development}${query}`)).body.entry;

const rendition = (href: string) => fetch(`${newsroom.reader!.url}${href}`);
const gone = (sources: readonly { href: string }[]) =>
  withdrawn(
    newsroom,
    sources.map(({ href }) => href),
  );
const picturesOf = (development: string) => keptOf(newsroom, development) as Promise<KeptPicture[]>;

describe('a picture in a post', () => {
  test('readers are told who signed it and what was done to it, but not if somebody changed it since', async () => {
    const { sign } = await signerOf('Example Agency');
    const actions = [{ action: 'c2pa.created' }, { action: 'c2pa.cropped' }];
    const signed = await sign('image/jpeg', await photo(), { tool: { name: 'Camera' }, actions });
    const changed = Buffer.from(signed);
    changed[changed.indexOf('c2pa.hash.data') + 40]! ^= 1;
    const found = { state: 'valid', signer: 'Example Agency', tool: 'Camera', actions: ['created', 'cropped'] };
    const [whole, broken] = [await upload(signed), await upload(changed)];
    expect([whole.body.credentials, broken.body.credentials]).toEqual([found, { state: 'broken' }]);
    const media = [whole, broken].map(({ body: { picture, ticket } }) => ({ picture, ticket, alt: 'A crane' }));
    const { development } = await posted('', update('A crane is repaired.', media));
    const shown = (await entryOf(development)).media;
    expect(shown.map(({ credentials }: { credentials?: object }) => credentials)).toEqual([found, undefined]);
    const page = await newsroom.readers.get(`/s/${story}/d/${development}`);
    expect(page.text.match(/credentials were signed in the name of .{0,10}Example Agency/g)).toHaveLength(1);
    expect((await picturesOf(development)).map(({ credentials }) => credentials)).toEqual([found, { state: 'broken' }]);
  });

  test('it reaches readers as renditions, without a byte of the original and with its texts', async () => {
    const bytes = await photo();
    const { status, body } = await upload(bytes);
    expect({ status, body }).toMatchObject({
      status: 201,
      body: { type: 'image/jpeg', width: 400, height: 300, offered: { credit: 'Ann Example' } },
    });
    const { picture, ticket } = body;
    const medium = {
      picture,
      ticket,
      alt: 'A crane',
      caption: 'The crane at noon',
      credit: 'Ann',
      focus: { x: 50, y: 40 },
    };
    const { development } = await posted('', update('The crane has fallen.', [medium]));
    const { media } = await entryOf(development);
    expect(media).toEqual([
      {
        ...{ picture, alt: 'A crane', caption: 'The crane at noon', credit: 'Ann', focus: { x: 50, y: 40 } },
        ...{ width: 400, height: 300, colour: expect.stringMatching(/^#[0-9a-f]{6}$/), sources: expect.any(Array) },
      },
    ]);
    const { sources } = media[0];
    expect(sources.map(({ type, width }: { type: string; width: number }) => `${type} ${width}`)).toEqual([
      ...['image/avif 320', 'image/webp 320', 'image/jpeg 320'],
      ...['image/avif 400', 'image/webp 400', 'image/jpeg 400'],
    ]);
    for (const { href, type, width, height } of sources) {
      const answer = await rendition(href);
      expect(answer.status).toBe(200);
      expect(Object.fromEntries(answer.headers)).toMatchObject({
        'content-type': type,
        'cache-control': 'public, max-age=3600, immutable',
        'x-content-type-options': 'nosniff',
        'content-security-policy': `default-src 'none'; sandbox`,
        'cross-origin-resource-policy': 'cross-origin',
      });
      const found = Buffer.from(await answer.arrayBuffer());
      expect(href).toBe(`/media/${sha256(found)}`);
      expect(found.includes('Ann Example')).toBe(false);
      const read = await sharp(found).metadata();
      expect(read).toMatchObject({ width, height });
      expect(read.exif).toBeUndefined();
      const again = await fetch(answer.url, { headers: { 'If-None-Match': answer.headers.get('etag')! } });
      expect(again.status).toBe(304);
    }
    // The original is in the sealed part alone, and there it is unreadable.
    expect(await filesIn(newsroom, 'public')).not.toContain(sha256(bytes));
    expect(await filesIn(newsroom, 'sealed')).toContain(picture);
    const page = await (await fetch(`${newsroom.reader!.url}/s/${story}/d/${development}`)).text();
    expect(page).toContain('<meta property="og:image"');
    for (const [what, value] of Object.entries({ width: 400, height: 300, alt: 'A crane' }))
      expect(page).toContain(`<meta property="og:image:${what}" content="${value}"`);
    expect(page).toContain('"@type":"ImageObject"');
  });

  test('a refused file, a foreign ticket and an unknown picture are refused by name', async () => {
    expect(await upload(Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"/>'), 'image/svg+xml')).toMatchObject({
      status: 415,
      body: { code: 'picture-type', detail: expect.stringContaining('Send JPEG') },
    });
    expect(await upload(await photo(), 'image/png')).toMatchObject({ status: 415, body: { code: 'picture-misnamed' } });
    expect(await upload(Buffer.alloc(0))).toMatchObject({ status: 422, body: { code: 'picture-empty' } });
    expect(await upload(Buffer.alloc(30_000_001))).toMatchObject({ status: 413, body: { code: 'picture-too-large' } });
    expect(await upload(await photo(), 'image/jpeg', 'nowhere')).toMatchObject({ status: 404 });
    const { picture, ticket } = await kept();
    const refused = async (medium: object) =>
      (await ann.post(`/stories/${story}/developments`, update('Words.', [{ alt: 'A', ...medium }]))).body;
    expect(await refused({ picture })).toMatchObject({ errors: [{ field: 'content.media.0.picture' }] });
    expect(await refused({ picture, ticket: `${ticket}x` })).toMatchObject({
      errors: [{ field: 'content.media.0.ticket', message: expect.stringContaining('upload it again') }],
    });
    expect(await refused({ picture: 'a'.repeat(64), ticket })).toMatchObject({
      errors: [{ field: 'content.media.0.ticket' }],
    });
    expect(await refused({ picture, ticket, alt: undefined })).toMatchObject({
      errors: [{ field: 'content.media.0.alt' }],
    });
    await ann.post('/stories', { id: 'other', title: 'Another', zone: 'UTC' });
    const elsewhere = update('Words.', [{ picture, ticket, alt: 'A' }]);
    expect((await ann.post('/stories/other/developments', elsewhere)).status).toBe(422);
  });

  test('a changed caption is a correction that needs no ticket; readers of the past see the picture of then', async () => {
    const [one, two] = [await kept(), await kept()];
    const { development, position } = await posted('', update('Fire.', [{ ...one, alt: 'Smoke', caption: 'West' }]));
    const why = { wrong: 'The caption.', reason: 'It was the east.' };
    const media = [{ picture: one.picture, alt: 'Smoke', caption: 'East' }];
    await posted(`/${development}/correct`, { content: complete('Fire.', media), ...why });
    expect((await entryOf(development)).media).toMatchObject([{ caption: 'East', picture: one.picture }]);
    // Another picture in place of the first.
    const swapped = { content: complete('Fire.', [{ ...two, alt: 'Fire' }]), wrong: 'The picture.', reason: 'Newer.' };
    const last = await posted(`/${development}/correct`, swapped);
    expect((await entryOf(development)).media).toMatchObject([{ alt: 'Fire', picture: two.picture }]);
    const history = await newsroom.readAt(`/stories/${story}/timeline/${development}/history`, last.position);
    const was = history.body.corrections.map((each: { was: { media: { caption?: string }[] } }) => each.was.media);
    expect(was).toMatchObject([[{ caption: 'East' }], [{ caption: 'West' }]]);
    const then = await entryOf(development, `?position=${position}`);
    expect(then.media).toMatchObject([{ caption: 'West', picture: one.picture }]);
    for (const { href } of then.media[0].sources) expect((await rendition(href)).status).toBe(200);
  });

  test('under embargo no rendition is public; the lift publishes it', async () => {
    const { development } = await posted('', {
      ...update('Later.', [{ ...(await kept()), alt: 'Later' }]),
      embargo: {},
    });
    const other = await posted('', update('Something else.', [{ ...(await kept()), alt: 'Else' }]));
    // Once this one is public, the publisher has passed the one under embargo.
    for (const { href } of (await entryOf(other.development)).media[0].sources)
      expect((await rendition(href)).status).toBe(200);
    const before = await filesIn(newsroom, 'public');
    const { content } = (await ann.get(`/stories/${story}/developments/${development}/content`)).body;
    expect(content.media).toEqual([{ picture: expect.any(String), alt: 'Later' }]);
    await posted(`/${development}/lift`, {});
    const { sources } = (await entryOf(development)).media[0];
    expect(sources).toHaveLength(6);
    for (const { href } of sources) {
      expect(before).not.toContain(href.replace('/media/', ''));
      expect((await rendition(href)).status).toBe(200);
    }
  });

  test('a retraction withdraws its renditions, but for those that another update shows', async () => {
    const bytes = await photo();
    const same = await posted('', update('First.', [{ ...(await kept(bytes)), alt: 'A' }]));
    const own = await posted(
      '',
      update('Second.', [
        { ...(await kept(bytes)), alt: 'A' },
        { ...(await kept()), alt: 'B' },
      ]),
    );
    const [{ sources: shared }, { sources: alone }] = (await entryOf(own.development)).media;
    for (const { href } of [...shared, ...alone]) expect((await rendition(href)).status).toBe(200);
    await posted(`/${own.development}/retract`, { reason: 'Wrong place.' });
    await gone(alone);
    expect((await rendition(alone[0].href)).status).toBe(404);
    for (const { href } of shared) expect((await rendition(href)).status).toBe(200);
    expect((await entryOf(own.development)).media).toBeUndefined();
    expect((await entryOf(same.development)).media).toHaveLength(1);
  });

  test('a takedown withdraws every file, and the sealed original does not open any more', async () => {
    const { development } = await posted('', update('A face.', [{ ...(await kept()), alt: 'A face at a window' }]));
    const [{ sources }] = (await entryOf(development)).media;
    for (const { href } of sources) expect((await rendition(href)).status).toBe(200);
    const [shown] = await picturesOf(development);
    const sealed = openBlobStore({ BLOB_STORE: newsroom.env.BLOB_STORE! }, 'sealed');
    expect((await openKept(sealed, shown!, shown!.original)).length).toBe(shown!.original.size);
    expect(await newsroom.everything()).toContain(shown!.secret);
    await takeDown(development);
    await gone(sources);
    expect(
      await Promise.all(sources.map(async ({ href }: { href: string }) => (await rendition(href)).status)),
    ).toEqual(sources.map(() => 404));
    // Nothing that this newsroom still has opens the file: its secret was among the words.
    await sealed.close();
    expect(await picturesOf(development)).toEqual([]);
    const everything = await newsroom.everything();
    for (const text of [shown!.secret, 'A face at a window']) expect(everything).not.toContain(text);
    expect((await succeeds(audit(newsroom, 'verify'))).out).toMatch(
      /[1-9]\d* files of pictures read, 0 missing or damaged\n/,
    );
  });

  test('verify names a sealed file that is missing', async () => {
    const { picture, ticket } = await kept();
    const { position } = await posted('', update('A boat.', [{ picture, ticket, alt: 'A boat' }]));
    const bytes = await readFile(sealedPath(newsroom, picture));
    await rm(sealedPath(newsroom, picture));
    const { code, out } = await audit(newsroom, 'verify').ended;
    expect([code, out]).toEqual([1, expect.stringContaining(`MISSING: ${picture}, position ${position}\n`)]);
    await succeeds(audit(newsroom, 'verify', '--lost-files', picture));
    await writeFile(sealedPath(newsroom, picture), bytes);
  });

  test('a day later, collect deletes the sealed files of a takedown and of an upload that nobody posted, and no others', async () => {
    const { development } = await posted('', update('A face.', [{ ...(await kept()), alt: 'A face' }]));
    const [down] = await picturesOf(development);
    await takeDown(development);
    const [forgotten, posts] = [
      await kept(),
      await posted('', update('A tug.', [{ ...(await kept()), alt: 'A tug' }])),
    ];
    const [tug] = await picturesOf(posts.development);
    const yesterday = new Date(Date.now() - 25 * 3_600_000);
    for (const name of await filesIn(newsroom, 'sealed'))
      await utimes(sealedPath(newsroom, name), yesterday, yesterday);
    const fresh = await kept();
    const all = await filesIn(newsroom, 'sealed');
    expect((await succeeds(audit(newsroom, 'collect'))).out).toMatch(/[1-9]\d* files of \d+ bytes can be deleted/);
    expect(await filesIn(newsroom, 'sealed')).toEqual(all);
    const counts = lastLine(await succeeds(audit(newsroom, 'collect', '--delete', '--json')));
    const left = await filesIn(newsroom, 'sealed');
    expect(counts).toMatchObject({ isDeleted: true, unnamed: expect.any(Number), takenDown: expect.any(Number) });
    expect(left).toHaveLength(all.length - (counts.unnamed as number) - (counts.takenDown as number));
    for (const name of [forgotten.picture, down!.original.name]) expect(left).not.toContain(name);
    expect(left).toEqual(expect.arrayContaining([fresh.picture, tug!.original.name]));
    expect((await succeeds(audit(newsroom, 'verify'))).out).toContain(' 0 missing or damaged\n');
  });
});

describeInBrowser('ten pictures on a reader’s page', () => {
  test.each([390, 1440])('at %d pixels nothing moves while they load, and axe finds nothing', async width => {
    const browser = await launch();
    try {
      const id = `ten-${width}`;
      await ann.post('/stories', { id, title: 'Ten pictures', zone: 'UTC', language: 'en' });
      let position = 0;
      for (let n = 0; n < 10; n++) {
        const { body } = await upload(await photo(1_200, 500 + 100 * n), 'image/jpeg', id);
        const medium = {
          picture: body.picture,
          ticket: body.ticket,
          alt: `Picture ${n}`,
          caption: `Number ${n}`,
          credit: 'Ann',
        };
        position = (await ann.post(`/stories/${id}/developments`, update(`Update ${n}.`, [medium]))).body.position;
      }
      await newsroom.seen(position);
      const { page, faults, requests, close } = await openPage(browser, 'about:blank', { width });
      await page.addInitScript(() => {
        const noted = window as unknown as { moved: string[]; all: number };
        [noted.moved, noted.all] = [[], 0];
        type Shift = { value: number; sources: { node: Node | null }[] };
        new PerformanceObserver(list => {
          for (const { value, sources } of list.getEntries() as unknown as Shift[]) {
            noted.all += value;
            const inList = sources.flatMap(({ node }) => (node?.parentElement?.closest('#timeline') ? [node] : []));
            noted.moved.push(...inList.map(node => `${value}: ${node.textContent}`));
          }
        }).observe({ type: 'layout-shift', buffered: true });
      });
      await page.goto(`${newsroom.reader!.url}/s/${id}`);
      const images = page.locator('#timeline .picture img');
      expect(await images.count()).toBe(10);
      for (let n = 0; n < 10; n++) {
        await images.nth(n).scrollIntoViewIfNeeded();
        await page.waitForFunction(at => {
          const image = document.querySelectorAll<HTMLImageElement>('#timeline .picture img')[at]!;
          return image.complete && image.naturalWidth > 0;
        }, n);
        const { isInside, chosen } = await images.nth(n).evaluate((image: HTMLImageElement) => ({
          isInside: image.getBoundingClientRect().right <= document.documentElement.clientWidth,
          chosen: image.currentSrc,
        }));
        expect(isInside).toBe(true);
        expect(chosen).toContain('/media/');
      }
      // The line with the reader's time zone and the typeface of the headings come after the first paint, in the page's head alone.
      const noted = await page.evaluate(() => {
        const { moved, all } = window as unknown as { moved: string[]; all: number };
        return { moved, all };
      });
      expect(noted.moved).toEqual([]);
      expect(noted.all).toBeLessThan(0.01);
      expect(await axeFindings(page)).toEqual([]);
      // The list of stories shows the newest of them.
      await page.goto(`${newsroom.reader!.url}/s`);
      const lead = page.locator(`li:has(a[href="/s/${id}"]) .thumbnail img[alt="Picture 9"]`);
      await page.waitForFunction(image => (image as HTMLImageElement).naturalWidth > 0, await lead.elementHandle());
      expect(await axeFindings(page)).toEqual([]);
      expect(faults).toEqual([]);
      const origin = new URL(newsroom.reader!.url).origin;
      expect(requests.filter(url => url !== 'about:blank' && new URL(url).origin !== origin)).toEqual([]);
      await close();
    } finally {
      await browser.close();
    }
  });
});
