import { afterEach, describe, expect, test } from '@jest/globals';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';
import { openCaptures, type CaptureSettings } from './capture.js';
import { CaptureError } from './errors.js';
import {
  deepestPage,
  largestHeaders,
  largestPage,
  largestPagePicture,
  longestAddress,
  mostAtOnce,
  mostRedirects,
} from './limits.js';
import { startRaw, startSite } from './testing/site.js';

const close: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const each of close.splice(0)) await each();
});

const page = '<title>A page</title>';
const html = (response: ServerResponse) => response.setHeader('content-type', 'text/html; charset=utf-8');
const captures = (port: number, settings: Partial<CaptureSettings> = {}) =>
  openCaptures({
    userAgent: 'DatelineTest (+https://example.org/who)',
    ports: [port],
    resolve: async () => [{ address: '127.0.0.1', family: 4 }],
    alsoAllows: address => address === '127.0.0.1',
    ...settings,
  });
const codeOf = async (capture: Promise<unknown>): Promise<string> =>
  capture.then(
    () => 'captured',
    (error: unknown) => (error instanceof CaptureError ? error.code : String(error)),
  );
/** What takes longer than this is too slow. */
const slow = { ms: 400 };

/** The title, or the code of the refusal, of a page that is answered so. */
async function captured(
  answer: (request: IncomingMessage, response: ServerResponse) => void,
  settings: Partial<CaptureSettings> = {},
  path = '/',
) {
  const site = await startSite(answer);
  close.push(site.close);
  const result = codeOf(captures(site.port, settings).capture(`http://site.example:${site.port}${path}`));
  return { code: await result, requests: site.requests };
}
const rawly = async (answer: (write: (text: string) => void) => void, settings: Partial<CaptureSettings> = {}) => {
  const site = await startRaw(answer);
  close.push(site.close);
  return codeOf(captures(site.port, settings).capture(`http://site.example:${site.port}/`));
};

describe('redirects', () => {
  const sendsOn = (times: number) => (request: IncomingMessage, response: ServerResponse) => {
    const at = Number(request.url!.slice(1));
    if (at < times) response.writeHead(302, { location: `/${at + 1}`, 'set-cookie': 'id=1; Path=/' }).end();
    else html(response).end(page);
  };

  test(`${mostRedirects} are followed, one more is not`, async () => {
    expect((await captured(sendsOn(mostRedirects), {}, '/0')).code).toBe('captured');
    const { code, requests } = await captured(sendsOn(mostRedirects + 1), {}, '/0');
    expect({ code, asked: requests.length }).toEqual({ code: 'capture-redirects', asked: mostRedirects + 1 });
  });

  test('a redirect to itself ends', async () => {
    expect((await captured((_, response) => response.writeHead(301, { location: '/' }).end())).code).toBe(
      'capture-redirects',
    );
  });

  test('no cookie, referrer, credential or kept connection: only who asks and what for', async () => {
    const { requests } = await captured(sendsOn(2), {}, '/0');
    expect(requests).toHaveLength(3);
    for (const { headers, method } of requests) {
      expect(method).toBe('GET');
      expect(Object.keys(headers).sort()).toEqual([
        'accept',
        'accept-encoding',
        'accept-language',
        'connection',
        'host',
        'user-agent',
      ]);
      expect(headers['user-agent']).toBe('DatelineTest (+https://example.org/who)');
    }
    expect(new Set(requests.map(({ socket }) => socket)).size).toBe(3);
  });
});

describe('size', () => {
  const sized = (size: number) => page + ' '.repeat(size - page.length);

  test(`a page of ${largestPage} bytes is read, one byte more is not`, async () => {
    expect((await captured((_, response) => html(response).end(sized(largestPage)))).code).toBe('captured');
    expect((await captured((_, response) => html(response).end(sized(largestPage + 1)))).code).toBe(
      'capture-too-large',
    );
  });

  test.each([
    ['gzip', gzipSync],
    ['deflate', deflateSync],
    ['br', brotliCompressSync],
  ] as const)('%s: a page is read, and a bomb is not', async (encoding, compress) => {
    const answering = (bytes: Buffer) => (_: IncomingMessage, response: ServerResponse) =>
      html(response).setHeader('content-encoding', encoding).end(bytes);
    expect((await captured(answering(compress(Buffer.from(page))))).code).toBe('captured');
    const bomb = compress(Buffer.alloc(5 * largestPage));
    expect(bomb.length).toBeLessThan(largestPage / 10);
    expect((await captured(answering(bomb))).code).toBe('capture-too-large');
  });

  test('much that inflates to nothing is too large as well', async () => {
    const nothing = gzipSync('');
    const many = Buffer.alloc((Math.floor(largestPage / nothing.length) + 1) * nothing.length, nothing);
    const answer = (_: IncomingMessage, response: ServerResponse) =>
      html(response).setHeader('content-encoding', 'gzip').end(many);
    expect((await captured(answer)).code).toBe('capture-too-large');
  });

  test('headers that are too long', async () => {
    const answering = (size: number) => (_: IncomingMessage, response: ServerResponse) =>
      html(response).setHeader('x-long', 'x'.repeat(size)).end(page);
    expect((await captured(answering(largestHeaders / 2))).code).toBe('captured');
    expect((await captured(answering(largestHeaders))).code).toBe('capture-headers');
  });

  test(`an address of ${longestAddress} characters is asked, a longer one is not`, async () => {
    const site = await startSite((_, response) => html(response).end(page));
    close.push(site.close);
    const start = `http://site.example:${site.port}/`;
    const address = start + 'x'.repeat(longestAddress - start.length);
    expect(await codeOf(captures(site.port).capture(address))).toBe('captured');
    expect(await codeOf(captures(site.port).capture(`${address}x`))).toBe('capture-address');
  });
});

describe('time', () => {
  test('no answer, headers drop by drop, a body drop by drop, a body that never ends', async () => {
    const timers: NodeJS.Timeout[] = [];
    const drip = (write: () => void) => void timers.push(setInterval(write, 20));
    close.push(async () => timers.forEach(clearInterval));
    expect((await captured(() => undefined, slow)).code).toBe('capture-too-slow');
    expect(await rawly(write => drip(() => write('x')))).toBe('capture-broken');
    expect(
      await rawly(write => {
        write('HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nX-Slow: ');
        drip(() => write('x'));
      }, slow),
    ).toBe('capture-too-slow');
    const body = (_: IncomingMessage, response: ServerResponse) => {
      html(response).write(page);
      drip(() => response.write(' '));
    };
    expect((await captured(body, slow)).code).toBe('capture-too-slow');
    expect(await rawly(write => drip(() => write('HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n')), slow)).toBe(
      'capture-too-slow',
    );
  });

  test(`${mostAtOnce} at a time, one more is refused, and there is room again afterwards`, async () => {
    const waiting: ServerResponse[] = [];
    const site = await startSite((_, response) => void waiting.push(html(response)));
    close.push(site.close);
    const shared = captures(site.port);
    const address = `http://site.example:${site.port}/`;
    const running = Array.from({ length: mostAtOnce }, () => codeOf(shared.capture(address)));
    expect(await codeOf(shared.capture(address))).toBe('captures-busy');
    while (waiting.length < mostAtOnce) await new Promise(resolve => setTimeout(resolve, 5));
    waiting.forEach(response => response.end(page));
    expect(new Set(await Promise.all(running))).toEqual(new Set(['captured']));
    const again = codeOf(shared.capture(address));
    while (waiting.length <= mostAtOnce) await new Promise(resolve => setTimeout(resolve, 5));
    waiting.at(-1)!.end(page);
    expect(await again).toBe('captured');
  });
});

describe('answers that are no page', () => {
  const cases: readonly [string, string, (response: ServerResponse) => void][] = [
    ['not found', 'capture-gone', response => response.writeHead(404).end()],
    ['gone', 'capture-gone', response => response.writeHead(410).end()],
    ['forbidden', 'capture-denied', response => response.writeHead(403).end()],
    ['asks for a password', 'capture-denied', response => response.writeHead(401).end()],
    ['a server error', 'capture-denied', response => response.writeHead(503).end()],
    ['a redirect to nowhere', 'capture-denied', response => response.writeHead(302).end()],
    ['part of a page', 'capture-denied', response => response.writeHead(206).end(page)],
    ['a picture', 'capture-type', response => response.setHeader('content-type', 'image/png').end()],
    ['no type', 'capture-type', response => response.end(page)],
    ['an unknown compression', 'capture-broken', response => html(response).setHeader('content-encoding', 'zip').end()],
    ['two compressions', 'capture-broken', response => html(response).setHeader('content-encoding', 'gzip, br').end()],
    ['broken gzip', 'capture-broken', response => html(response).setHeader('content-encoding', 'gzip').end('not gzip')],
    [
      'gzip that is cut off',
      'capture-broken',
      response => html(response).setHeader('content-encoding', 'gzip').end(gzipSync(page).subarray(0, -12)),
    ],
    ['a page that says nothing', 'capture-empty', response => html(response).end('<p>Hello')],
    ['a title of spaces', 'capture-empty', response => html(response).end('<title> \u200b </title>')],
    [
      'a title below too many elements',
      'capture-empty',
      response => html(response).end(`${'<b>'.repeat(deepestPage * 30)}<meta property="og:title" content="Deep">`),
    ],
  ];
  test.each(cases)('%s', async (_, expected, answer) => {
    expect((await captured((_request, response) => answer(response))).code).toBe(expected);
  });

  test.each([
    ['a picture', 'taken', 200, 'image/png', 'x'],
    ['a picture without a better type', 'taken', 200, 'application/octet-stream', 'x'],
    ['a drawing that could hold a script', 'capture-type', 200, 'image/svg+xml', '<svg/>'],
    ['a page in its place', 'capture-type', 200, 'text/html', page],
    ['one that is gone', 'capture-gone', 404, 'image/png', ''],
    ['one that is too large', 'capture-too-large', 200, 'image/png', 'x'.repeat(largestPagePicture + 1)],
  ])('asked for a picture, %s', async (_, expected, status, type, body) => {
    const site = await startSite((_, response) => response.writeHead(status, { 'content-type': type }).end(body));
    close.push(() => site.close());
    const asked = captures(site.port).picture(`http://site.example:${site.port}/i`);
    expect(expected === 'taken' ? String(await asked) : await codeOf(asked)).toBe(
      expected === 'taken' ? 'x' : expected,
    );
  });

  test('a connection that is closed, one that is refused, and one that speaks no HTTP', async () => {
    expect((await captured(request => request.socket.destroy())).code).toBe('capture-broken');
    const closed = await startSite(() => undefined);
    await closed.close();
    expect(await codeOf(captures(closed.port).capture(`http://site.example:${closed.port}/`))).toBe(
      'capture-unreachable',
    );
    expect(await rawly(write => write('SSH-2.0-OpenSSH_9.9\r\n'))).toBe('capture-broken');
  });

  test('a body that ends before its length, and two lengths that differ', async () => {
    const start = 'HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n';
    expect(await rawly(write => write(`${start}Content-Length: 9\r\nContent-Length: 10\r\n\r\n${page}`))).toBe(
      'capture-broken',
    );
    expect(await rawly(write => write(`${start}Content-Length: 900\r\n\r\n${page}`), slow)).toBe('capture-too-slow');
  });
});
