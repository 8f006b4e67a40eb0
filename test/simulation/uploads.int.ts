import { partBytes } from '#contract';
import { migrate } from '#postgres';
import { devToken, type Role } from '#platform';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import request from 'supertest';
import { claimSeconds, mostOpenUploads } from '../../apps/editor-api/src/media/upload-store.js';
import { testDatabase, type TestDatabase } from '../../libs/postgres/src/database.fixture.js';
import { DeskApp } from './desk-app.fixture.js';

let database: TestDatabase;
let api: DeskApp;
beforeAll(async () => {
  database = await testDatabase();
  await migrate(database.url, { dir: 'libs/postgres/access', schema: 'dateline_access' });
  api = new DeskApp(database.url);
  await api.open();
  await api.post('/stories', { id: 'other', title: 'Another story', zone: 'UTC' });
});
afterAll(async () => {
  await api?.close();
  await database?.drop();
});

const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');
const partsOf = (bytes: Buffer) =>
  Array.from({ length: Math.ceil(bytes.length / partBytes) }, (_, n) =>
    bytes.subarray(n * partBytes, (n + 1) * partBytes),
  );
/** A picture of noise, which no encoder makes small: more than two parts. */
const photo = () =>
  sharp(randomBytes(640 * 640 * 3), { raw: { width: 640, height: 640, channels: 3 } })
    .png()
    .toBuffer();

async function person(id: string, ...roles: Role[]) {
  const token = await devToken(api.settings, { id, name: id, roles });
  return uploader(token);
}
const uploader = (token: string) => {
  const asking = (method: 'post' | 'put', path: string) =>
    request(api.app.getHttpServer())[method](`/stories/${path}`).set('Authorization', `Bearer ${token}`);
  return {
    begin: (bytes: Buffer, more: object = {}, story = 'count') =>
      asking('post', `${story}/uploads`).send({ size: bytes.length, sha256: sha256(bytes), ...more }),
    part: (upload: string, number: number | string, bytes: Buffer, story = 'count') =>
      asking('put', `${story}/uploads/${upload}/parts/${number}`).type('application/octet-stream').send(bytes),
    finish: (upload: string, story = 'count') => asking('post', `${story}/uploads/${upload}/finish`),
  };
};
async function begun(by: ReturnType<typeof uploader>, bytes: Buffer, more: object = {}): Promise<string> {
  const { status, body } = await by.begin(bytes, more);
  expect([status, body.code]).toEqual([200, undefined]);
  return body.upload;
}
async function sent(by: ReturnType<typeof uploader>, bytes: Buffer, more: object = {}): Promise<string> {
  const upload = await begun(by, bytes, more);
  for (const [n, part] of partsOf(bytes).entries()) expect((await by.part(upload, n, part)).status).toBe(200);
  return upload;
}
/** Every file of the store, also drafts. */
async function stored(): Promise<Buffer[]> {
  const entries = await readdir(join(api.folder, 'blobs'), { recursive: true, withFileTypes: true });
  const files = entries.filter(entry => entry.isFile()).map(entry => join(entry.parentPath, entry.name));
  return Promise.all(files.map(file => readFile(file)));
}
const rows = async () => (await database.run('select * from dateline_access.upload')).rows;
const partRows = async () => (await database.run('select * from dateline_access.upload_part')).rows;

describe('a picture in parts', () => {
  test('parts come in any order and twice; the answer is the one of an upload in one request, and no part stays', async () => {
    const by = await person('ann', 'editor');
    const bytes = await photo();
    const parts = partsOf(bytes);
    expect(parts.length).toBeGreaterThan(2);
    const upload = await begun(by, bytes, { name: 'noise.png', type: 'image/png' });
    await by.part(upload, 2, parts[2]!);
    const { body } = await by.part(upload, 0, parts[0]!);
    expect(body).toMatchObject({ upload, partBytes, missing: [1] });
    expect((await by.part(upload, 0, parts[0]!)).body.missing).toEqual([1]);
    expect([(await by.finish(upload)).body.code, (await by.finish(upload)).status]).toEqual(['upload-unfinished', 409]);
    // The same file again, as after a page was loaded again, continues.
    expect((await by.begin(bytes)).body).toMatchObject({ upload, missing: [1] });
    await by.part(upload, 1, parts[1]!);

    const clear = bytes.subarray(partBytes, partBytes + 64);
    for (const file of await stored()) expect(file.includes(clear)).toBe(false);
    expect(JSON.stringify(await rows())).not.toMatch(/noise/);

    const kept = await by.finish(upload);
    expect(kept).toMatchObject({ status: 201, body: { type: 'image/png', width: 640, height: 640 } });
    expect(await partRows()).toEqual([]);
    // A client that lost the answer asks again.
    expect((await by.finish(upload)).body).toEqual(kept.body);
    const content = { kind: 'update', body: 'Noise.', media: [{ ...named(kept.body), alt: 'Noise' }] };
    expect((await api.post('/stories/count/developments', { content })).status).toBe(201);
  });

  test('a file with another hash, or of no type that is taken, keeps nothing', async () => {
    const by = await person('ben', 'editor');
    const before = (await stored()).length;
    const bytes = await photo();
    const wrong = await sent(by, bytes, { sha256: 'f'.repeat(64) });
    expect((await by.finish(wrong)).body.code).toBe('upload-differs');
    expect((await by.finish(wrong)).body.code).toBe('unknown-upload');
    const text = Buffer.alloc(partBytes + 9, 'a text');
    expect(await by.finish(await sent(by, text))).toMatchObject({ status: 415, body: { code: 'picture-type' } });
    const misnamed = await sent(by, bytes, { name: 'noise.jpg' });
    expect((await by.finish(misnamed)).body.code).toBe('picture-misnamed');
    expect((await stored()).length).toBe(before);
    expect(await partRows()).toEqual([]);
  });

  test('a part has exactly its size, a picture at most 30 MB, and any file 200 MB', async () => {
    const by = await person('cem', 'editor');
    const bytes = randomBytes(partBytes + 1);
    const upload = await begun(by, bytes);
    expect((await by.part(upload, 0, bytes)).status).toBe(413);
    expect((await by.part(upload, 0, bytes.subarray(1, partBytes))).body.code).toBe('wrong-part');
    expect((await by.part(upload, 1, bytes.subarray(0, 2))).body.code).toBe('wrong-part');
    expect((await by.part(upload, 2, bytes.subarray(0, 1))).body.code).toBe('wrong-part');
    expect((await by.part(upload, '01', bytes.subarray(0, 1))).status).toBe(422);
    expect((await by.part(upload, 1, bytes.subarray(0, 1)).type('image/png')).status).toBe(415);
    const picture = (size: number) => by.begin(bytes, { size, type: 'image/png' });
    expect((await picture(30_000_001)).body.code).toBe('picture-too-large');
    expect((await picture(30_000_000)).status).toBe(200);
    expect((await by.begin(bytes, { size: 200_000_001 })).body.code).toBe('recording-too-large');
    expect((await by.begin(bytes, { size: 200_000_000 })).status).toBe(200);
    expect(await partRows()).toEqual([]);
  });

  test('an upload is its person’s alone, and for its story', async () => {
    const [by, other] = [await person('dan', 'editor'), await person('eve', 'editor')];
    const bytes = randomBytes(9);
    const upload = await begun(by, bytes);
    expect((await other.part(upload, 0, bytes)).body.code).toBe('unknown-upload');
    expect((await other.finish(upload)).body.code).toBe('unknown-upload');
    expect((await by.part(upload, 0, bytes, 'other')).body.code).toBe('unknown-upload');
    expect(await begun(other, bytes)).not.toBe(upload);
    expect((await (await person('aud', 'auditor')).begin(bytes)).status).toBe(403);
    expect((await by.part(randomUUID(), 0, bytes)).status).toBe(404);
  });

  test('a person has at most ten that are unfinished; those that were idle for ten minutes make room', async () => {
    const by = await person('fay', 'editor');
    const first = await begun(by, randomBytes(9));
    for (let n = 1; n < mostOpenUploads; n++) await begun(by, randomBytes(9));
    expect(await by.begin(randomBytes(9))).toMatchObject({ status: 429, body: { code: 'too-many-uploads' } });
    await database.run(`update dateline_access.upload set moved = now() - interval '11 minutes' where id = $1`, [
      first,
    ]);
    await begun(by, randomBytes(9));
    expect((await by.finish(first)).body.code).toBe('unknown-upload');
  });

  test('an upload that has expired is gone with its parts', async () => {
    const by = await person('gus', 'editor');
    const before = (await stored()).length;
    const bytes = randomBytes(9);
    const upload = await sent(by, bytes);
    expect((await stored()).length).toBe(before + 1);
    await database.run('update dateline_access.upload set expires = now() where id = $1', [upload]);
    expect((await by.finish(upload)).body.code).toBe('unknown-upload');
    await api.uploads.large!.sweep();
    expect((await stored()).length).toBe(before);
    expect((await rows()).filter(({ id }) => id === upload)).toEqual([]);
    expect(await begun(by, bytes)).not.toBe(upload);
  });

  test('where the store lost a part the upload ends, and begins again with all parts', async () => {
    const by = await person('ida', 'editor');
    const bytes = await photo();
    const upload = await sent(by, bytes);
    const { rows: parts } = await database.run('select name from dateline_access.upload_part where upload = $1', [
      upload,
    ]);
    const { name } = parts[1];
    await rm(join(api.folder, 'blobs', 'sealed', name.slice(0, 2), name));
    expect(await by.finish(upload)).toMatchObject({ status: 503, body: { code: 'blobs-unavailable' } });
    expect((await by.finish(upload)).body.code).toBe('unknown-upload');
    expect((await by.finish(await sent(by, bytes))).status).toBe(201);
  });

  test('a claim of a process that died ends, and then another puts the parts together', async () => {
    const by = await person('hal', 'editor');
    const upload = await sent(by, await photo());
    const claimed = (ago: string) =>
      database.run(`update dateline_access.upload set claimed = now() - $2::interval where id = $1`, [upload, ago]);
    await claimed('1 second');
    expect(await by.finish(upload)).toMatchObject({ status: 503, body: { code: 'upload-busy' } });
    await claimed(`${claimSeconds + 1} seconds`);
    expect((await by.finish(upload)).status).toBe(201);
  });

  test('a program uploads if its token lists an act that shows pictures, in its story', async () => {
    const program = async (acts: string[]) => {
      const expires = new Date(Date.now() + 3_600_000).toISOString();
      const { body } = await api.post('/stories/count/machines', { name: 'Camera', acts, expires });
      return uploader(body.token);
    };
    const camera = await program(['record-development']);
    const bytes = await photo();
    expect((await camera.finish(await sent(camera, bytes))).status).toBe(201);
    expect((await camera.begin(bytes, {}, 'other')).body.code).toBe('wrong-story');
    expect((await (await program(['pin-development'])).begin(bytes)).body.code).toBe('wrong-act');
  });
});

const named = ({ picture, ticket }: { picture: string; ticket: string }) => ({ picture, ticket });
