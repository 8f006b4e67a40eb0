import { openBlobStore, prepareBlobStore } from '#blobs';
import { once } from '#media';
import { lackedByS3, startS3, type S3Server } from '#dev-servers';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { createHash, randomBytes } from 'node:crypto';
import { clockOf } from './store-clock.js';
import { sweep } from './sweep.js';

const lacks = lackedByS3();

(lacks ? describe.skip : describe)('sweeping a store in S3', () => {
  let server: S3Server;
  const kept = { ...process.env };
  beforeAll(async () => {
    server = await startS3(line => console.log(line));
    Object.assign(process.env, server.env);
  }, 600_000);
  afterAll(async () => {
    for (const name of Object.keys(server.env)) delete process.env[name];
    Object.assign(process.env, kept);
    await server.stop();
  });

  test('the store’s clock dates files, and old files that nothing names are deleted', async () => {
    const settings = { BLOB_STORE: `s3://${server.bucket}/swept`, BLOB_STORE_ENDPOINT: server.endpoint };
    await prepareBlobStore(settings);
    const store = openBlobStore(settings, 'sealed');
    const names: string[] = [];
    for (let count = 0; count < 10; count++) {
      const bytes = randomBytes(100);
      names.push(createHash('sha256').update(bytes).digest('hex'));
      await store.put(names[count]!, bytes.length, once(bytes));
    }
    const now = await clockOf(store);
    expect(Math.abs(now.getTime() - Date.now())).toBeLessThan(60_000);
    const living = new Set(names.slice(0, 3));
    const log = { living, named: new Set(names.slice(0, 5)), readOn: async () => undefined };
    const how = { most: 9, signal: new AbortController().signal, onGone: () => undefined };
    expect(await sweep(store, log, { ...how, olderThan: new Date(now.getTime() - 3_600_000) })).toMatchObject({
      kept: 0,
      unnamed: 0,
    });
    expect(await sweep(store, log, { ...how, olderThan: new Date(now.getTime() + 60_000) })).toEqual({
      kept: 3,
      unnamed: 5,
      takenDown: 2,
      bytes: 700,
    });
    expect((await store.list()).blobs.map(({ name }) => name)).toEqual([...living].sort());
    await store.close();
  });
});
