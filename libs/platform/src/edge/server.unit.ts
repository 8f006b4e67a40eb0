import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { Controller, Get, Headers, HttpCode, Post } from '@nestjs/common';
import { once } from 'node:events';
import { maxHeaderSize, type Server } from 'node:http';
import { connect, type AddressInfo, type Socket } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { httpApp, type Bounds } from '../http.js';
import { logging } from '../logging.js';
import { bound, checkMs, headerLimit } from './server.js';

@Controller('notes')
class Notes {
  @Get()
  last(@Headers('x-last') last?: string) {
    return { last };
  }
  @Post()
  @HttpCode(200)
  post() {
    return {};
  }
}

const usual = {
  TRUSTED_PROXIES: undefined,
  REQUESTS_PER_MINUTE: 0,
  HEADERS_TIMEOUT_MS: 10_000,
  REQUEST_TIMEOUT_MS: 30_000,
  KEEP_ALIVE_MS: 75_000,
  MAX_CONNECTIONS: 100,
};
const ends: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

/** Starts a server with the limits of every app. With shorter times it looks for slow requests more often. */
async function serve(settings: Partial<Bounds> = {}) {
  const module = { module: class {}, controllers: [Notes], imports: [logging('test', 'silent')] };
  const app = await httpApp(module, { title: 't', description: 'd' }, { ...usual, ...settings });
  if (settings.HEADERS_TIMEOUT_MS) bound(app.getHttpServer(), { ...usual, ...settings }, 20);
  await app.listen(0, '127.0.0.1');
  ends.push(() => app.close());
  return app.getHttpServer() as Server;
}

/** A connection and everything it received; `closed` resolves with the milliseconds from `begun` to its end. */
async function open(server: Server) {
  const socket: Socket = connect((server.address() as AddressInfo).port, '127.0.0.1');
  ends.push(() => socket.destroy());
  const seen = { socket, answer: '', begun: performance.now() };
  const closed = new Promise<number>(resolve => socket.once('close', () => resolve(performance.now() - seen.begun)));
  socket.setEncoding('latin1').on('data', chunk => (seen.answer += chunk));
  socket.on('error', () => undefined);
  await once(socket, 'connect');
  const answered = async (text: string) => {
    while (!seen.answer.includes(text) && !socket.closed) await pause(5);
    return seen.answer;
  };
  return Object.assign(seen, { closed, answered });
}

const get = 'GET /notes HTTP/1.1\r\nHost: a\r\n';
const statusOf = (answer: string) => answer.slice(0, 'HTTP/1.1 200'.length);

describe('the server that every app uses', () => {
  let server: Server;
  let closeServer: () => unknown;
  beforeAll(async () => {
    server = await serve();
    closeServer = ends.pop()!;
  });
  afterAll(async () => {
    await closeServer();
  });

  test('the server has the documented limits', () =>
    expect(server).toMatchObject({
      headersTimeout: usual.HEADERS_TIMEOUT_MS,
      requestTimeout: usual.REQUEST_TIMEOUT_MS,
      connectionsCheckingInterval: checkMs,
      keepAliveTimeout: usual.KEEP_ALIVE_MS,
      maxHeadersCount: headerLimit + 1,
      maxConnections: usual.MAX_CONNECTIONS,
    }));

  test(`${headerLimit} headers are accepted, and one more is refused with 431, not dropped`, async () => {
    const withHeaders = async (count: number) => {
      const { socket, answered } = await open(server);
      const more = Array.from({ length: count - 3 }, (_, n) => `x-${n}: 1\r\n`).join('');
      socket.write(`${get}${more}Connection: close\r\nX-Last: seen\r\n\r\n`);
      return answered('}');
    };
    const [full, over] = [await withHeaders(headerLimit), await withHeaders(headerLimit + 1)];
    expect([statusOf(full), full.includes('"last":"seen"')]).toEqual(['HTTP/1.1 200', true]);
    expect([statusOf(over), over.includes('"too-many-headers"')]).toEqual(['HTTP/1.1 431', true]);
    expect(statusOf(await withHeaders(10 * headerLimit))).toBe('HTTP/1.1 431');
  });

  test('headers of 16 KiB are accepted, and one byte more is refused with 431', async () => {
    expect(maxHeaderSize).toBe(16_384);
    const begin = `${get}Connection: close\r\nX-Last: `;
    const withBytes = async (bytes: number) => {
      const { socket, answered } = await open(server);
      socket.write(`${begin}${'a'.repeat(bytes)}\r\n\r\n`);
      return statusOf(await answered('\r\n\r\n'));
    };
    // Node counts the address, and the names and values of the headers.
    const counted = '/notes'.length + 'Hosta'.length + 'Connectionclose'.length + 'X-Last'.length;
    expect(await withBytes(maxHeaderSize - counted - 1)).toBe('HTTP/1.1 200');
    expect(await withBytes(maxHeaderSize - counted)).toBe('HTTP/1.1 431');
  });
});

describe('a request', () => {
  test('a request with slow headers is answered within the limit; a slower one gets 408 and is closed', async () => {
    const server = await serve({ HEADERS_TIMEOUT_MS: 2_000, REQUEST_TIMEOUT_MS: 20_000 });
    const [slow, slower] = [await open(server), await open(server)];
    slow.socket.write(get);
    slower.socket.write(get);
    await pause(250);
    slow.socket.write('\r\n');
    expect(statusOf(await slow.answered('}'))).toBe('HTTP/1.1 200');
    const after = await slower.closed;
    expect(statusOf(slower.answer)).toBe('HTTP/1.1 408');
    expect(after).toBeGreaterThanOrEqual(1_990);
    expect(after).toBeLessThan(10_000);
  });

  test('a request with a slow body is answered within the limit; a slower one gets 408 and is closed', async () => {
    const server = await serve({ HEADERS_TIMEOUT_MS: 1_500, REQUEST_TIMEOUT_MS: 2_500 });
    const begin = 'POST /notes HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{';
    const [slow, slower] = [await open(server), await open(server)];
    slow.socket.write(begin);
    slower.socket.write(begin);
    await pause(250);
    slow.socket.write('}');
    expect(statusOf(await slow.answered('\r\n\r\n'))).toBe('HTTP/1.1 200');
    const after = await slower.closed;
    expect(statusOf(slower.answer)).toBe('HTTP/1.1 408');
    expect(after).toBeGreaterThanOrEqual(2_490);
    expect(after).toBeLessThan(10_000);
  });
});

test('an idle connection is kept for KEEP_ALIVE_MS, and then closed', async () => {
  const server = await serve({ KEEP_ALIVE_MS: 2_000 });
  const kept = await open(server);
  kept.socket.write(`${get}\r\n`);
  await kept.answered('}');
  expect(kept.answer.toLowerCase()).toContain('connection: keep-alive');
  await pause(250);
  kept.answer = '';
  kept.socket.write(`${get}\r\n`);
  expect(statusOf(await kept.answered('}'))).toBe('HTTP/1.1 200');
  kept.begun = performance.now();
  const after = await kept.closed;
  expect(after).toBeGreaterThanOrEqual(1_990);
  // Node waits up to a second longer than its limit.
  expect(after).toBeLessThan(10_000);
});

test('MAX_CONNECTIONS connections are served, and a further one is closed until one of them ends', async () => {
  const server = await serve({ MAX_CONNECTIONS: 2 });
  const served = [await open(server), await open(server)];
  const further = await open(server);
  expect(await further.closed).toBeLessThan(10_000);
  expect(further.answer).toBe('');
  for (const { socket, answered } of served) {
    socket.write(`${get}\r\n`);
    expect(statusOf(await answered('}'))).toBe('HTTP/1.1 200');
  }
  served[0]!.socket.destroy();
  while ((await connectionsOf(server)) > 1) await pause(5);
  const next = await open(server);
  next.socket.write(`${get}\r\n`);
  expect(statusOf(await next.answered('}'))).toBe('HTTP/1.1 200');
});

const connectionsOf = (server: Server) =>
  new Promise<number>((resolve, reject) => server.getConnections((error, n) => (error ? reject(error) : resolve(n))));
