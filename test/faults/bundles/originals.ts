import { openBlobStore, prepareBlobStore } from '#blobs';
import { generateSigningKey, signerOf, type Manifest, type Signer } from '#bundle';
import { decisions, type KeptPicture } from '#domain';
import type { LogReader, LogRecord } from '#event-log';
import { encodeVisibility } from '#projections';
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { exportBundle } from '../../../apps/audit/src/bundle/export.js';
import { said, secrets, story, Writing, writing, withContent, id } from '../../../apps/audit/src/newsroom.fixture.js';
import type { Random } from '../simulator/random.js';

/** Bundles that are as their key signed them, and what to change them with. */
export interface Originals {
  readonly signer: Signer;
  /** A key that nobody expects. */
  readonly stranger: Signer;
  /** The whole log, and one of its stories: both with keys and with files of pictures. */
  readonly bundles: readonly string[];
  /** Intact bundles whose parts do not belong into the others: the log before its last commits, and another log. */
  readonly others: readonly string[];
}

function readerOf(records: readonly LogRecord[]): LogReader {
  return {
    read: async (from, onBatch) => {
      if (from < records.length) await onBatch(records.slice(from));
    },
    bounds: async () => ({ first: 0, next: records.length }),
    close: async () => undefined,
  };
}

const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');
const bytesFrom = (random: Random, length: number) => Buffer.from(Array.from({ length }, () => random.below(256)));
const never = new AbortController().signal;

/** Makes them in the folder. A seed of `random` makes the same logs and pictures, though not the same keys that sign. */
export async function makeOriginals(folder: string, random: Random): Promise<Originals> {
  const settings = { BLOB_STORE: pathToFileURL(join(folder, 'store')).href };
  await prepareBlobStore(settings);
  const blobs = openBlobStore(settings, 'sealed');
  const [signer, stranger] = [
    await signerOf(await generateSigningKey({ dev: false })),
    await signerOf(await generateSigningKey({ dev: false })),
  ];

  async function file() {
    const bytes = bytesFrom(random, 200 + random.below(800));
    const name = sha256(bytes);
    const once = async function* () {
      yield bytes;
    };
    await blobs.put(name, bytes.length, once());
    return { name, sha256: name, type: 'image/jpeg' as const, width: 4, height: 3, size: bytes.length };
  }
  async function picture(): Promise<KeptPicture> {
    const [original, rendition] = [await file(), await file()];
    const secret = bytesFrom(random, 16).toString('base64url');
    return { secret, colour: '#224466', original, renditions: [rendition] };
  }
  const showing = async (number: number) => {
    const media = [{ alt: 'A crane', picture: await picture() }];
    return decisions.recordDevelopment(withContent(number, said('A crane.', { media })));
  };
  async function bundle(name: string, records: readonly LogRecord[], scope: Manifest['scope']): Promise<string> {
    const to = join(folder, name);
    const visible = [1, 20, 40].map((first, at) => ({ first, last: first + 2, at: `2026-01-01T13:0${at}:00.000Z` }));
    const it = {
      topic: 'test',
      reader: readerOf(records),
      visibilityLog: readerOf(visible.map((entry, offset) => ({ offset, ...encodeVisibility(entry) }))),
      keys: async (ids: Iterable<string>) => new Map([...ids].map(each => [each, { secret: secrets.get(each) }])),
      blobs,
      scope,
      signer,
      now: () => new Date('2026-01-02T00:00:00Z'),
      onProgress: () => undefined,
    };
    await exportBundle(it, to, never);
    return to;
  }

  try {
    const log = writing().decide(decisions.reopenStory({}));
    for (const number of [50, 51, 52]) log.decide(await showing(number));
    const before = log.read().slice(0, -3);
    const after = log.takeDown(id(52)).read();
    const another = new Writing()
      .register('mayor', 'The mayor')
      .decide(
        decisions.openStory({ text: 'eeeeeeee-0000-4000-8000-000000000000', zone: 'UTC', told: { title: 'Calm' } }),
      )
      .decide(await showing(60));
    return {
      signer,
      stranger,
      bundles: [await bundle('whole', after, { all: true }), await bundle('story', after, { story })],
      others: [
        await bundle('before', before, { all: true }),
        await bundle('another', another.read(), { all: true }),
        await bundle('their-story', another.read(), { story }),
      ],
    };
  } finally {
    await blobs.close();
  }
}
