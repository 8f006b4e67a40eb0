import { openBlobStore, prepareBlobStore } from '#blobs';
import { Problem } from '#platform';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { Response } from 'express';
import { createHash } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { ReaderSettings } from '../settings.js';
import { MediaController, mostWaiting, typeOf } from './media.js';

const jpeg = Buffer.concat([Buffer.from([0xff, 0xd8, 0xff, 0xe0]), Buffer.alloc(100_000, 'picture')]);
const nameOf = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

let folder: string;
let settings: ReaderSettings;
let server: Server;
let controller: MediaController;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'dateline-served-'));
  settings = { BLOB_STORE: pathToFileURL(join(folder, 'blobs')).href, CACHE_PICTURES_SECONDS: 60 } as ReaderSettings;
  await prepareBlobStore({ BLOB_STORE: settings.BLOB_STORE! });
  controller = new MediaController(settings);
  server = createServer((request, response: ServerResponse) => {
    controller.file(request.url!.slice(1), response as unknown as Response).catch((error: unknown) => {
      response.statusCode = error instanceof Problem ? error.getStatus() : 500;
      response.end();
    });
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
});
afterEach(async () => {
  await controller.onApplicationShutdown();
  server.closeAllConnections();
  await new Promise(resolve => server.close(resolve));
  await rm(folder, { recursive: true });
});

const get = (name: string, init: RequestInit = {}) =>
  fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}/${name}`, init);
async function publish(bytes: Buffer): Promise<string> {
  const store = openBlobStore({ BLOB_STORE: settings.BLOB_STORE! }, 'public');
  await store.put(
    nameOf(bytes),
    bytes.length,
    (async function* () {
      yield bytes;
    })(),
  );
  await store.close();
  return nameOf(bytes);
}

test('the type of a rendition follows from its first bytes, and other files have none', () => {
  expect(typeOf(jpeg)).toBe('image/jpeg');
  expect(typeOf(Buffer.from('RIFF1234WEBPVP8 '))).toBe('image/webp');
  expect(typeOf(Buffer.from('\0\0\0\u001cftypavif\0\0'))).toBe('image/avif');
  for (const other of ['', '<svg xmlns="http://www.w3.org/2000/svg">', 'RIFF1234WAVE', '%PDF-1.7', 'GIF89a'])
    expect(typeOf(Buffer.from(other))).toBeUndefined();
});

describe('a rendition', () => {
  test('is served with its type and length; a HEAD gets no bytes, and a copy is confirmed', async () => {
    const name = await publish(jpeg);
    const whole = await get(name);
    expect([whole.status, whole.headers.get('content-type'), whole.headers.get('content-length')]).toEqual([
      ...[200, 'image/jpeg'],
      String(jpeg.length),
    ]);
    expect(whole.headers.get('cache-control')).toBe('public, max-age=60, immutable');
    expect(Buffer.from(await whole.arrayBuffer())).toEqual(jpeg);
    const head = await get(name, { method: 'HEAD' });
    expect([head.status, (await head.arrayBuffer()).byteLength]).toEqual([200, 0]);
    expect((await get(name, { headers: { 'If-None-Match': `W/"x", "${name}"` } })).status).toBe(304);
    expect((await get(name, { headers: { 'If-None-Match': '"x"' } })).status).toBe(200);
  });

  test('that comes a moment after its update is waited for', async () => {
    const asked = get(nameOf(jpeg));
    await new Promise(resolve => setTimeout(resolve, 300));
    await publish(jpeg);
    expect((await asked).status).toBe(200);
  });

  test('a file of another type is never sent', async () => {
    expect((await get(await publish(Buffer.from('<html><script>1</script></html>')))).status).toBe(503);
  });

  test(`at most ${mostWaiting} requests wait; one more is answered at once`, async () => {
    const answered: string[] = [];
    const ask = async (who: string) => {
      const { status } = await get(nameOf(Buffer.from(who)));
      answered.push(`${who} ${status}`);
    };
    const waiting = Array.from({ length: mostWaiting }, (_, n) => ask(`waits-${n}`));
    await new Promise(resolve => setTimeout(resolve, 1_000));
    expect(answered).toEqual([]);
    await ask('late');
    expect(answered).toEqual(['late 404']);
    await Promise.all(waiting);
    expect(answered).toHaveLength(mostWaiting + 1);
  }, 30_000);
});
