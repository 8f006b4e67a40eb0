import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setImmediate as turn } from 'node:timers/promises';
import { nameOf } from '../testing/contract.js';
import { bucketOfBlobs } from './store.js';

const kept = { ...process.env };
let server: Server;
beforeEach(async () => {
  Object.assign(process.env, { AWS_ACCESS_KEY_ID: 'x', AWS_SECRET_ACCESS_KEY: 'x' });
  server = createServer(request => request.once('data', () => request.destroy())).listen(0, '127.0.0.1');
  await once(server, 'listening');
});
afterEach(() => {
  server.close();
  for (const name of ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY']) delete process.env[name];
  Object.assign(process.env, kept);
});

test('a put that the server breaks off ends the reading of its bytes', async () => {
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const store = bucketOfBlobs({ bucket: 'news', prefix: '', endpoint }, 'sealed');
  const bytes = Buffer.alloc(1_000_000);
  let reading: 'before' | 'open' | 'ended' = 'before';
  async function* source() {
    reading = 'open';
    try {
      for (let n = 0; n < 100; n++) yield bytes;
    } finally {
      reading = 'ended';
    }
  }
  const putting = store.put(nameOf(bytes), 100 * bytes.length, source());
  await expect(putting).rejects.toMatchObject({ code: 'blobs-unreachable' });
  await turn();
  expect(reading).toBe('ended');
  await store.close();
});

test('slow readers of many blobs keep no other request waiting', async () => {
  server.removeAllListeners('request');
  server.on('request', ({ method }, response) => {
    response.setHeader('Content-Length', 2);
    if (method === 'HEAD') response.end();
    else response.write('a');
  });
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const store = bucketOfBlobs({ bucket: 'news', prefix: '', endpoint }, 'public');
  const name = nameOf(Buffer.from('ab'));
  const slow = Array.from({ length: 500 }, () => store.slice(name, 0, 1)[Symbol.asyncIterator]());
  expect((await Promise.all(slow.map(bytes => bytes.next()))).map(({ value }) => String(value))).toEqual(
    slow.map(() => 'a'),
  );
  expect(await store.stat(name)).toMatchObject({ size: 2 });
  await Promise.all(slow.map(bytes => bytes.return!(undefined)));
  await store.close();
});
