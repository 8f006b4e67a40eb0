import { BlobError, openBlobStore, prepareBlobStore, type BlobStore } from '#blobs';
import { Problem } from '#platform';
import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import type { Response } from 'express';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server, type ServerResponse } from 'node:http';
import { connect, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { ReaderSettings } from '../settings.js';
import { MediaController, mostSent, mostWaiting, publishedWithin, typeOf } from './media.js';
import { PublicFiles } from './public-files.js';

const jpeg = Buffer.concat([Buffer.from([0xff, 0xd8, 0xff, 0xe0]), Buffer.alloc(100_000, 'picture')]);
const mp3 = Buffer.concat([Buffer.from([0xff, 0xfb, 0x90, 0x64]), Buffer.alloc(100_000, 'sound')]);
const nameOf = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

let folder: string;
let settings: ReaderSettings;
let server: Server;
let files: PublicFiles;
let controller: MediaController;
/** The latest answer, and when the controller was done with it. */
let last: { readonly response: ServerResponse; readonly done: Promise<void> };
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'dateline-served-'));
  const BLOB_STORE = pathToFileURL(join(folder, 'blobs')).href;
  settings = { BLOB_STORE, CACHE_PICTURES_SECONDS: 60, SLOW_READER_MS: 30_000 } as ReaderSettings;
  await prepareBlobStore({ BLOB_STORE: settings.BLOB_STORE! });
  files = new PublicFiles(settings);
  controller = new MediaController(files, settings);
  server = createServer((request, response: ServerResponse) => {
    const done = controller.file(request.url!.slice(1), response as unknown as Response).catch((error: unknown) => {
      response.statusCode = error instanceof Problem ? error.getStatus() : 500;
      response.end();
    });
    last = { response, done };
  });
  // On a busy machine many answers take longer than Node keeps an idle connection.
  server.keepAliveTimeout = 60_000;
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
});
afterEach(async () => {
  await files.onApplicationShutdown();
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
  expect(typeOf(Buffer.from('\0\0\0\u001cftypisom\0\0'))).toBe('video/mp4');
  expect(typeOf(Buffer.from('\0\0\0\u001cftypM4A \0\0'))).toBe('audio/mp4');
  expect(typeOf(Buffer.from('1a45dfa39f', 'hex'))).toBe('video/webm');
  expect(typeOf(mp3)).toBe('audio/mpeg');
  expect(typeOf(Buffer.from('WEBVTT\n'))).toBe('text/vtt; charset=utf-8');
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

  test('is served in part to who asks for a range, and whole where the condition fails or no range is one', async () => {
    const name = await publish(mp3);
    const asked = (headers: Record<string, string>, method = 'GET') => get(name, { headers, method });
    const part = await asked({ Range: 'bytes=1000-1999', 'If-Range': `"${name}"` });
    expect([part.status, part.headers.get('content-range'), part.headers.get('content-type')]).toEqual([
      ...[206, `bytes 1000-1999/${mp3.length}`, 'audio/mpeg'],
    ]);
    expect(Buffer.from(await part.arrayBuffer())).toEqual(mp3.subarray(1_000, 2_000));
    const rest = await asked({ Range: 'bytes=-5' });
    expect([rest.status, Buffer.from(await rest.arrayBuffer())]).toEqual([206, mp3.subarray(-5)]);
    const none = await asked({ Range: `bytes=${mp3.length}-` });
    expect([none.status, none.headers.get('content-range'), none.headers.get('cache-control')]).toEqual([
      ...[416, `bytes */${mp3.length}`, null],
    ]);
    for (const headers of [
      { Range: 'bytes=0-9', 'If-Range': '"other"' },
      { Range: 'bytes=0-9,20-29' },
      { Range: 'lines=0-9' },
      { Range: 'bytes=nonsense' },
    ]) {
      const whole = await asked(headers as Record<string, string>);
      expect([whole.status, (await whole.arrayBuffer()).byteLength]).toEqual([200, mp3.length]);
    }
    const head = await asked({ Range: 'bytes=0-9' }, 'HEAD');
    expect([head.status, head.headers.get('accept-ranges'), head.headers.get('content-length')]).toEqual([
      ...[200, 'bytes', String(mp3.length)],
    ]);
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

  const caching = ({ status, headers }: globalThis.Response) => [
    ...[status, headers.get('cache-control'), headers.get('etag')],
  ];

  test('a file whose bytes have changed is an error that no cache keeps', async () => {
    const small = jpeg.subarray(0, 1_000);
    const name = await publish(small);
    await writeFile(join(folder, 'blobs', 'public', name.slice(0, 2), name), Buffer.alloc(small.length, 'other'));
    expect(caching(await get(name))).toEqual([503, null, null]);
    expect(caching(await get(name, { method: 'HEAD' }))).toEqual([503, null, null]);
    expect(caching(await get(name, { headers: { Range: 'bytes=0-9' } }))).toEqual([503, null, null]);
  });

  test.each([
    ['blobs-unreachable', 503],
    ['blob-missing', 404],
  ] as const)('a store that fails with %s is an error that no cache keeps', async (code, status) => {
    serveFrom(() => {
      throw new BlobError(code);
    });
    expect(caching(await get(nameOf(jpeg)))).toEqual([status, null, null]);
  });

  /** Serves every name from a store that has these bytes. Says how many of its readings are open. */
  function serveFrom(bytes: () => AsyncGenerator<Uint8Array>) {
    const open = { readings: 0 };
    const store = {
      stat: async (name: string) => ({ name, size: 3 * jpeg.length, put: new Date(0) }),
      async *get() {
        open.readings += 1;
        try {
          yield* bytes();
        } finally {
          open.readings -= 1;
        }
      },
    } as unknown as BlobStore;
    controller = new MediaController({ store } as PublicFiles, settings);
    return open;
  }

  test('a reader who leaves before the first bytes leaves no reading open', async () => {
    const [asked, left] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    const open = serveFrom(async function* () {
      asked.resolve();
      await left.promise;
      for (let n = 0; n < 3; n++) yield jpeg;
    });
    const leaving = new AbortController();
    const answer = get(nameOf(jpeg), { signal: leaving.signal }).catch(() => undefined);
    await asked.promise;
    const closed = once(last.response, 'close');
    leaving.abort();
    await Promise.all([answer, closed]);
    expect(open.readings).toBe(1);
    left.resolve();
    await last.done;
    expect(open.readings).toBe(0);
  });

  test.each([
    ['of another type', Buffer.from('<html>'), {}],
    ['asked for with HEAD', jpeg, { method: 'HEAD' }],
  ])('a file %s leaves no reading open', async (_, bytes, init) => {
    const open = serveFrom(async function* () {
      for (let n = 0; n < 3; n++) yield bytes;
    });
    await get(nameOf(jpeg), init);
    await last.done;
    expect(open.readings).toBe(0);
  });

  test(`at most ${mostWaiting} requests wait; one more is answered at once`, async () => {
    const began = performance.now();
    // None gives up before the clock goes on.
    const clock = jest.spyOn(performance, 'now').mockReturnValue(began);
    const inside = controller as unknown as { waiting: number };
    const answered: string[] = [];
    const ask = async (who: string) => {
      const { status } = await get(nameOf(Buffer.from(who)));
      answered.push(`${who} ${status}`);
    };
    const waiting = Array.from({ length: mostWaiting }, (_, n) => ask(`waits-${n}`));
    while (inside.waiting < mostWaiting) await new Promise(resolve => setTimeout(resolve, 5));
    expect(answered).toEqual([]);
    await ask('late');
    expect(answered).toEqual(['late 404']);
    clock.mockReturnValue(began + publishedWithin.ms);
    await Promise.all(waiting);
    clock.mockRestore();
    expect(answered).toHaveLength(mostWaiting + 1);
  });

  test('a reader who takes nothing for a while is cut off, and leaves no reading open', async () => {
    settings = { ...settings, SLOW_READER_MS: 200 };
    const open = serveFrom(async function* () {
      for (;;) yield jpeg;
    });
    const { port } = server.address() as AddressInfo;
    const deaf = connect(port, '127.0.0.1').pause();
    deaf.on('error', () => undefined);
    deaf.write(`GET /${nameOf(jpeg)} HTTP/1.1\r\nHost: x\r\n\r\n`);
    while (open.readings === 0) await new Promise(resolve => setTimeout(resolve, 5));
    await last.done;
    expect(open.readings).toBe(0);
    deaf.destroy();
  });

  test(`at most ${mostSent} files are sent at once; one more is refused until one has ended`, async () => {
    const ended = Promise.withResolvers<void>();
    const open = serveFrom(async function* () {
      yield* [jpeg, jpeg];
      await ended.promise;
      yield jpeg;
    });
    const answers = await Promise.all(Array.from({ length: mostSent }, () => get(nameOf(jpeg))));
    expect([answers.every(({ status }) => status === 200), open.readings]).toEqual([true, mostSent]);
    expect(caching(await get(nameOf(jpeg)))).toEqual([503, null, null]);
    const held = await get(nameOf(jpeg), { headers: { 'If-None-Match': `"${nameOf(jpeg)}"` } });
    expect(held.status).toBe(304);
    ended.resolve();
    await Promise.all(answers.map(answer => answer.arrayBuffer()));
    expect((await get(nameOf(jpeg))).status).toBe(200);
  });
});
