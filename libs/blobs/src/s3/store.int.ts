import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { lackedByS3, startS3, type S3Server } from '#dev-servers';
import { openBlobStore, prepareBlobStore } from '../store.js';
import { blobStoreContract, nameOf } from '../testing/contract.js';

const lacks = lackedByS3();
if (lacks) console.warn(`\n${'!'.repeat(100)}\nTHE TESTS WITH AN S3 SERVER DID NOT RUN: ${lacks}.\n${'!'.repeat(100)}`);

(lacks ? describe.skip : describe)('a blob store in S3', () => {
  let server: S3Server;
  let stores = 0;
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

  const settingsFor = (prefix: string) => ({
    BLOB_STORE: `s3://${server.bucket}/${prefix}`,
    BLOB_STORE_ENDPOINT: server.endpoint,
  });

  blobStoreContract(async () => {
    const prefix = `newsroom/${++stores}`;
    const settings = settingsFor(prefix);
    await prepareBlobStore(settings);
    const home = join(server.folder, prefix);
    const sealed = join(home, 'sealed');
    return {
      open: (area = 'sealed') => openBlobStore(settings, area),
      // Replaced, not written over: the server may still be reading the old file, and would send more than it announced.
      spoil: async (name, bytes) => {
        const file = join(sealed, name);
        await writeFile(`${file}.new`, bytes);
        await rename(`${file}.new`, file);
      },
      intrude: async name => writeFile(join(sealed, name), ''),
      everything: async () => {
        const entries = await readdir(server.folder, { recursive: true, withFileTypes: true });
        const files = entries.filter(entry => entry.isFile()).map(entry => join(entry.parentPath, entry.name));
        return Buffer.concat(await Promise.all(files.map(file => readFile(file))));
      },
      takeAway: async () => rename(server.folder, `${server.folder}-away`),
      close: async () => {
        await rename(`${server.folder}-away`, server.folder).catch(() => undefined);
        await rm(home, { recursive: true, force: true });
      },
    };
  });

  test('a bucket that is not there is an error at the start, which says what to check', async () => {
    const settings = { BLOB_STORE: 's3://no-such-bucket', BLOB_STORE_ENDPOINT: server.endpoint };
    await expect(prepareBlobStore(settings)).rejects.toMatchObject({
      code: 'blobs-unreachable',
      message: expect.stringContaining('BLOB_STORE_ENDPOINT'),
    });
  });

  test('a server that does not answer is an error', async () => {
    const settings = { ...settingsFor('x'), BLOB_STORE_ENDPOINT: 'http://127.0.0.1:9' };
    await expect(prepareBlobStore(settings)).rejects.toMatchObject({ code: 'blobs-unreachable' });
    const bytes = Buffer.from('x');
    const store = openBlobStore(settings, 'sealed');
    const once = (async function* () {
      yield bytes;
    })();
    await expect(store.put(nameOf(bytes), 1, once)).rejects.toMatchObject({ code: 'blobs-unreachable' });
    await store.close();
  });
});
