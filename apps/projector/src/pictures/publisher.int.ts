import { openBlobStore, prepareBlobStore, type BlobSettings } from '#blobs';
import { storyStream, type DomainEvent, type KeptPicture } from '#domain';
import { outlined, seal } from '#keys';
import { keepPicture, publicNames } from '#media';
import { openPictures } from '#pictures';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { createHash, randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import sharp from 'sharp';
import { Newsroom } from '../loop/loop.fixture.js';
import { until } from '../servers.fixture.js';

const stream = storyStream('storm');
let folder: string;
let blobs: BlobSettings;
let [one, two]: KeptPicture[] = [];
let newsroom: Newsroom;

const picture = (red: number) =>
  sharp({ create: { width: 40, height: 30, channels: 3, background: { r: red, g: 90, b: 140 } } })
    .jpeg()
    .toBuffer();
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'dateline-pictures-'));
  blobs = { BLOB_STORE: pathToFileURL(join(folder, 'blobs')).href };
  await prepareBlobStore(blobs);
  const pictures = openPictures();
  const sealed = openBlobStore(blobs, 'sealed');
  [one, two] = await Promise.all(
    [10, 200].map(async red => (await keepPicture(sealed, pictures, await picture(red))).picture),
  );
  await Promise.all([pictures.close(), sealed.close()]);
});
afterAll(() => rm(folder, { recursive: true }));
beforeEach(async () => {
  newsroom = await Newsroom.open();
  await newsroom.post(1);
});
afterEach(async () => {
  await newsroom.close();
  await rm(join(folder, 'blobs', 'public'), { recursive: true });
  await prepareBlobStore(blobs);
});

/** Records a development that shows these pictures; resolves to its id. */
async function show(...kept: readonly KeptPicture[]): Promise<string> {
  const development = randomUUID();
  const { secret } = (await newsroom.keys.keyFor(development)) as { secret: Uint8Array };
  const content = {
    kind: 'update',
    headline: 'The storm',
    body: 'The storm is here.',
    data: {},
    occurred: { precision: 'unknown' as const },
    sourcing: { basis: 'desk' as const, standing: 'reported' as const },
    modality: { mode: 'asserted' as const },
    media: kept.map((each, n) => ({ alt: `Picture ${n}`, picture: each })),
  };
  const data = { development, outline: outlined(content, secret), told: { content } };
  const [event] = seal(stream, [{ type: 'DevelopmentRecorded', data }], new Map([[development, secret]]));
  await newsroom.send(newsroom.next(stream, event!));
  return development;
}
async function retract(development: string): Promise<void> {
  const { secret } = (await newsroom.keys.keyFor(development)) as { secret: Uint8Array };
  const retracted = { type: 'DevelopmentRetracted', data: { development, told: { reason: 'It was wrong.' } } } as const;
  const [event] = seal(stream, [retracted], new Map([[development, secret]]));
  await newsroom.send(newsroom.next(stream, event as DomainEvent));
}
const takeDown = (development: string) =>
  newsroom.send(
    newsroom.next(stream, {
      type: 'ContentShredded',
      data: { development, ground: 'safety', proposal: 'a'.repeat(64) },
    }),
  );

async function published(): Promise<string[]> {
  const store = openBlobStore(blobs, 'public');
  const { blobs: found } = await store.list();
  await store.close();
  return found.map(({ name }) => name);
}
const namesOf = (...kept: readonly KeptPicture[]) => [...new Set(kept.flatMap(publicNames))].sort();
/** Waits until exactly the renditions of these pictures are public. */
const shows = (...kept: readonly KeptPicture[]) =>
  until(async () => JSON.stringify(await published()) === JSON.stringify(namesOf(...kept)));

describe('the public part of the blob store', () => {
  test('it has what readers see, and no more after a retraction; a picture that another update shows stays', async () => {
    newsroom.start({ blobs });
    const first = await show(one!, two!);
    await shows(one!, two!);
    await show(two!);
    await newsroom.settled();
    await retract(first);
    await shows(two!);
  });

  test('a projector that starts finishes what a killed one had left undone, and removes what no row shows', async () => {
    // A projector without the store writes the rows alone, as one that was killed between rows and files.
    const first = newsroom.start();
    const gone = await show(one!);
    await show(two!);
    await newsroom.settled();
    await takeDown(gone);
    await newsroom.settled();
    await first.stop();
    // The killed one had published the first picture, and a file that nothing knows.
    const store = openBlobStore(blobs, 'public');
    const stray = Buffer.from('stray');
    const bytes = async function* () {
      yield stray;
    };
    await store.put(createHash('sha256').update(stray).digest('hex'), stray.length, bytes());
    await store.close();
    newsroom.start({ blobs });
    await shows(two!);
  });

  test('a projector that catches up over a takedown publishes nothing of it', async () => {
    await takeDown(await show(one!));
    await show(two!);
    newsroom.start({ blobs });
    await shows(two!);
  });

  test('a file that is missing is named, and keeps no other from readers', async () => {
    const lost: KeptPicture = { ...one!, renditions: one!.renditions.map(file => ({ ...file, name: 'f'.repeat(64) })) };
    const running = newsroom.start({ blobs });
    const development = await show(lost);
    await show(two!);
    await shows(two!);
    expect(running.warnings).toEqual([
      expect.stringContaining(`a picture of ${development} in storm cannot be published`),
    ]);
  });

  test('a store that is away delays pictures, and not words', async () => {
    const away = {
      BLOB_STORE: pathToFileURL(join(folder, 'blobs', 'sealed', 'drafts', 'none', '\u0001', 'x'.repeat(300))).href,
    };
    const running = newsroom.start({ blobs: away });
    await show(one!);
    await newsroom.settled();
    await until(() => Promise.resolve(running.warnings.length > 0));
    expect(running.warnings[0]).toContain('pictures are published later');
    expect(running.status.role).toBe('leader');
  });
});
