import { generateSigningKey, signerOf, signHead } from '#bundle';
import { afterAll, afterEach, expect, jest, test } from '@jest/globals';
import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readHeads } from './read-heads.js';

const folder = mkdtempSync(join(tmpdir(), 'dateline-test-'));
afterAll(() => rmSync(folder, { recursive: true }));
afterEach(() => {
  jest.useRealTimers();
  jest.restoreAllMocks();
});
const file = join(folder, 'heads.jws');
const never = new AbortController().signal;
const key = await generateSigningKey({ dev: false });
const head = { log: 'a'.repeat(64), position: 3, root: 'b'.repeat(64), time: '2026-01-01T00:00:00.000Z' };
const signed = await signHead(await signerOf(key), head);
const read = (text: string) => {
  writeFileSync(file, text);
  return readHeads(file, [key.kid], never);
};

test('the first 20 lines that are not signed heads are listed, and the others are counted', async () => {
  expect((await read(`${'x\n'.repeat(20)}${signed}\n`)).strange).toHaveLength(20);
  const { heads, strange } = await read(`${'x\n'.repeat(21)}${signed}\n`);
  expect([heads.length, strange.length, strange.at(-1)]).toEqual([1, 21, 'and 1 more lines.']);
});

test('heads are read from a regular file with lines of at most 64 KiB', async () => {
  expect((await read(`${'x'.repeat(65_536)}\n${signed}\n`)).heads).toHaveLength(1);
  await expect(read(`${'x'.repeat(65_537)}\n${signed}\n`)).rejects.toThrow(/a line of more than 65536 bytes/);
  rmSync(file);
  await expect(readHeads(file, [key.kid], never)).rejects.toThrow(/does not exist/);
  execFileSync('mkfifo', [file]);
  await expect(readHeads(file, [key.kid], never)).rejects.toThrow(/is not a regular file/);
});

/** Reads `count` heads from a URL that is silent for some seconds before each of them. */
function readSlowly(count: number, seconds: number) {
  jest.useFakeTimers();
  let sent = 0;
  jest.spyOn(globalThis, 'fetch').mockImplementation(async (_, init) => {
    const pull = (body: ReadableStreamDefaultController<Uint8Array>) => {
      if (sent === count) return body.close();
      jest.advanceTimersByTime(seconds * 1_000);
      if (init?.signal?.aborted) return body.error(init.signal.reason);
      sent++;
      body.enqueue(Buffer.from(`${signed}\n`));
    };
    return new Response(new ReadableStream({ pull }, { highWaterMark: 0 }));
  });
  return readHeads('http://sink.example/', [key.kid], never);
}

test('a URL may take long to send all heads, but may not be silent for half a minute', async () => {
  expect((await readSlowly(5, 29)).heads).toHaveLength(5);
  expect(jest.getTimerCount()).toBe(0);
  await expect(readSlowly(5, 31)).rejects.toThrow('http://sink.example/ sent nothing for 30 seconds.');
  expect(jest.getTimerCount()).toBe(0);
});

test('a URL that answers with an error is named, with its status', async () => {
  jest.spyOn(globalThis, 'fetch').mockResolvedValue(new Response('', { status: 503 }));
  await expect(readHeads('http://sink.example/', [key.kid], never)).rejects.toThrow(
    'http://sink.example/ answered 503 to GET. It must answer 200',
  );
});

test('a URL that does not answer, or stops in the middle of its answer, is named, with the cause', async () => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  await new Promise(closed => server.close(closed));
  const url = `http://127.0.0.1:${port}/heads`;
  await expect(readHeads(url, [key.kid], never)).rejects.toThrow(
    `${url} does not answer: connect ECONNREFUSED 127.0.0.1:${port}`,
  );
  const failing = jest.spyOn(globalThis, 'fetch');
  failing.mockRejectedValue(
    new TypeError('fetch failed', { cause: Object.assign(new Error(), { code: 'ECONNREFUSED' }) }),
  );
  await expect(readHeads(url, [key.kid], never)).rejects.toThrow(`${url} does not answer: ECONNREFUSED`);
  const pull = (body: ReadableStreamDefaultController) =>
    body.error(new TypeError('terminated', { cause: new Error('other side closed') }));
  failing.mockImplementation(async () => new Response(new ReadableStream({ pull }, { highWaterMark: 0 })));
  await expect(readHeads(url, [key.kid], never)).rejects.toThrow(`${url} does not answer: other side closed`);
});

test('the reading of heads can be interrupted, from a URL that does not end its answer and from a file', async () => {
  const stopping = new AbortController();
  jest.spyOn(globalThis, 'fetch').mockImplementation(async (_, init) => {
    const start = (body: ReadableStreamDefaultController) =>
      init!.signal!.addEventListener('abort', () => body.error(new Error('The body was cut.')));
    return new Response(new ReadableStream({ start }));
  });
  const reading = readHeads('http://sink.example/', [key.kid], stopping.signal);
  setTimeout(() => stopping.abort(new Error('Stopped.')), 50);
  await expect(reading).rejects.toThrow('Stopped.');
  const other = join(folder, 'other.jws');
  writeFileSync(other, `${signed}\n`);
  await expect(readHeads(other, [key.kid], stopping.signal)).rejects.toThrow('Stopped.');
});
