import { openBlobStore } from '#blobs';
import type { KeptPicture } from '#domain';
import { openKept } from '#media';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { mkdtemp, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { blackPng } from '../../libs/pictures/src/testing/made.js';
import { madeWebm } from '../../libs/recordings/src/testing/made.js';
import { audit, lastLine, succeeds } from '../harness/audit.js';
import { Client, type Answer } from '../harness/client.js';
import { actsEnv, captured } from '../frozen/captured.js';
import { filesIn, keptFile, keptOf, sealedPath, sha256 } from '../harness/media.js';
import { TestNewsroom } from '../harness/newsroom.js';

const story = 'harbour';
let folder: string;
let source: TestNewsroom;
let env: Record<string, string>;
let ann: Client;
let photo: Buffer;
let position = 0;
let sources: { href: string }[];
let shown: KeptPicture;
/** The files of a picture, a video, its captions and the picture of a linked page. */
const files = 13;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'dateline-test-'));
  env = { SIGNING_KEY_FILE: join(folder, 'key.json'), ...actsEnv };
  source = await TestNewsroom.open({ env });
  await succeeds(audit(source, 'keygen', '--to', env.SIGNING_KEY_FILE!));
  ann = await source.as(['editor'], 0, 'ann');
  await posted('/stories', { id: story, title: 'The harbour', zone: 'UTC' });
  const noise = { type: 'gaussian', mean: 100, sigma: 50 } as const;
  photo = await sharp({ create: { width: 400, height: 300, channels: 3, background: '#224466', noise } })
    .jpeg()
    .toBuffer();
  const { picture, ticket } = await uploaded(photo, 'image/jpeg');
  const { recording, ...video } = await uploaded(await madeWebm({ seconds: 1 }), 'video/webm');
  const { captions, ...words } = await uploaded(
    Buffer.from('WEBVTT\n\n00:00.000 --> 00:01.000\nLook out!\n'),
    'text/vtt',
  );
  const playing = {
    recording: { file: recording, ticket: video.ticket },
    captions: { file: captions, ticket: words.ticket },
  };
  const media = [{ picture, ticket, alt: 'A crane', ...playing }];
  const ofPage = await uploaded(blackPng(80, 40), 'image/png');
  const page = { picture: ofPage.picture, sha256: sha256(blackPng(80, 40)), ticket: ofPage.ticket, alt: 'The quay' };
  const captures = [captured('Talks go on', '2026-08-15T14:05:00Z', { picture: page })];
  const content = { kind: 'update', body: 'The crane has fallen.', media, captures };
  const { development } = await posted(`/stories/${story}/developments`, { content });
  await source.seen(position);
  const { body } = await source.readers.get(`/stories/${story}/timeline/${development}`);
  const [medium] = body.entry.media;
  sources = [...medium.sources, medium.recording, medium.recording.captions, ...body.entry.captures[0].picture.sources];
  [shown] = (await picturesIn(source)) as [KeptPicture];
});
afterAll(async () => {
  await source?.close();
  await rm(folder, { recursive: true });
});

async function posted(path: string, body: object): Promise<Answer['body']> {
  const answer = await ann.post(path, body);
  expect({ path, status: answer.status, text: answer.text }).toMatchObject({ status: 201 });
  position = answer.body.position;
  return answer.body;
}
const uploaded = (bytes: Buffer, type: string) => keptFile(source, story, type, bytes);
const picturesIn = (newsroom: TestNewsroom) => keptOf(newsroom) as Promise<KeptPicture[]>;

/** Runs `audit collect --delete` once all sealed files are two days old. */
async function collected(newsroom: TestNewsroom): Promise<unknown> {
  const then = new Date(Date.now() - 48 * 3_600_000);
  for (const name of await filesIn(newsroom, 'sealed')) await utimes(sealedPath(newsroom, name), then, then);
  return lastLine(await succeeds(audit(newsroom, 'collect', '--delete', '--json')));
}

const emptyNewsroom = () => TestNewsroom.open({ editors: 0, projector: false, env });

/** Restores a bundle into an empty newsroom, and folds it. */
async function restored(newsroom: TestNewsroom, bundle: string, ...options: string[]): Promise<void> {
  await succeeds(audit(newsroom, 'restore', bundle, ...options));
  await newsroom.startProjector();
  await newsroom.seen(position);
}

describe('pictures in a newsroom that was restored from a bundle', () => {
  test('with its keys the bundle restores pictures that open, and readers get the same renditions', async () => {
    const bundle = join(folder, 'with-keys');
    await succeeds(audit(source, 'export', '--all', '--to', bundle));
    await succeeds(audit(source, 'check', bundle));
    const into = await emptyNewsroom();
    try {
      await restored(into, bundle);
      expect(await filesIn(into, 'sealed')).toEqual(await filesIn(source, 'sealed'));
      const [picture] = await picturesIn(into);
      expect(picture).toEqual(shown);
      const sealed = openBlobStore({ BLOB_STORE: into.env.BLOB_STORE! }, 'sealed');
      expect(await openKept(sealed, picture!, picture!.original)).toEqual(photo);
      await sealed.close();
      for (const { href } of sources) {
        const [was, is] = await Promise.all([source, into].map(({ reader }) => fetch(`${reader!.url}${href}`)));
        expect([was!.status, is!.status]).toEqual([200, 200]);
        expect(await is!.arrayBuffer()).toEqual(await was!.arrayBuffer());
      }
      expect((await succeeds(audit(into, 'verify'))).out).toContain(
        `${files} files of pictures read, 0 missing or damaged`,
      );
      expect(await collected(into)).toMatchObject({ isDeleted: true, kept: files, unnamed: 0, takenDown: 0 });
    } finally {
      await into.close();
    }
  });

  test('without its keys the files come back, and nothing there opens them', async () => {
    const bundle = join(folder, 'without-keys');
    await succeeds(audit(source, 'export', '--all', '--without-keys', '--to', bundle));
    const into = await emptyNewsroom();
    try {
      const refused = await audit(into, 'restore', bundle, '--json').ended;
      expect(refused).toMatchObject({ code: 1, err: expect.stringContaining('Nothing was restored') });
      expect(await filesIn(into, 'sealed')).toEqual([]);

      const lost = join(folder, 'lost.txt');
      await writeFile(lost, (lastLine(refused).keys.missing as string[]).join('\n'));
      await restored(into, bundle, '--lost-keys', lost);
      expect(await filesIn(into, 'sealed')).toEqual(await filesIn(source, 'sealed'));
      expect(await picturesIn(into)).toEqual([]);
      expect(await filesIn(into, 'public')).toEqual([]);
      const everything = await into.everything();
      for (const text of [shown.secret, 'A crane', 'The crane has fallen.']) expect(everything).not.toContain(text);
      for (const { href } of sources) expect((await fetch(`${into.reader!.url}${href}`)).status).toBe(404);
      // Any other secret opens nothing.
      const sealed = openBlobStore({ BLOB_STORE: into.env.BLOB_STORE! }, 'sealed');
      const guessed = { ...shown, secret: 'A'.repeat(22) };
      await expect(openKept(sealed, guessed, shown.original)).rejects.toMatchObject({ code: 'sealed-unreadable' });
      await sealed.close();
    } finally {
      await into.close();
    }
  });

  test('what nobody posted is collected, and nothing of what a post or a linked page shows', async () => {
    const before = await filesIn(source, 'sealed');
    expect(before).toHaveLength(files);
    await uploaded(await madeWebm({ seconds: 1, width: 64, height: 36 }), 'video/webm');
    await uploaded(Buffer.from('WEBVTT\n\n00:00.000 --> 00:01.000\nNever mind.\n'), 'text/vtt');
    expect(await collected(source)).toMatchObject({ isDeleted: true, kept: files, unnamed: 2, takenDown: 0 });
    expect(await filesIn(source, 'sealed')).toEqual(before);
    expect((await succeeds(audit(source, 'verify'))).out).toContain(' 0 missing or damaged');
  });

  test('a bundle with files needs a store, and a bundle whose file is gone restores nothing', async () => {
    const bundle = join(folder, 'with-keys');
    const into = await TestNewsroom.open({ editors: 0, projector: false, reader: false, env });
    const restore = (more: Record<string, string>) =>
      audit({ envOf: app => ({ ...into.envOf(app), ...more }) }, 'restore', bundle).ended;
    expect(await restore({ BLOB_STORE: '' })).toMatchObject({
      code: 2,
      err: expect.stringContaining(`${files} files of pictures. Say in BLOB_STORE where to put them`),
    });
    await rm(join(bundle, 'blobs', shown.original.name.slice(0, 2), shown.original.name));
    expect(await restore({})).toMatchObject({
      code: 1,
      err: expect.stringMatching(
        new RegExp(`The file ${shown.original.name}[^]*Nothing was restored[^]*--lost-files FILE`),
      ),
    });
    expect(await filesIn(into, 'sealed')).toEqual([]);
    await into.close();
  });
});
