import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { Body, Controller, Get, HttpCode, Param, Post, Query, Req, UseGuards, type CanActivate } from '@nestjs/common';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { once } from 'node:events';
import { connect, type AddressInfo } from 'node:net';
import request from 'supertest';
import { z } from 'zod';
import { httpApp } from '../http.js';
import { logging } from '../logging.js';
import { errorLimit, Problem } from '../problem.js';
import { bodyLimit } from './body.js';
import { TakesForm } from './strict.js';
import { parameterLimit, targetLimit } from './target.js';

const Note = z.strictObject({ text: z.string(), more: z.strictObject({ key: z.boolean().optional() }).optional() });

class Closed implements CanActivate {
  canActivate(): never {
    throw new Problem(401, 'no-token', 'Sign in.');
  }
}

@Controller('notes')
class Notes {
  @Get()
  list() {
    return [];
  }
  @Get('search')
  search(@Query({ schema: z.strictObject({ q: z.string().optional() }) }) query: object) {
    return query;
  }
  @Get('unchecked/:id')
  unchecked(@Param('id') id: string) {
    return id;
  }
  @Get(':id')
  one(@Param('id', { schema: z.string().regex(/^[a-z]+$/, 'must be letters') }) id: string) {
    return { id };
  }
  @Post()
  @HttpCode(200)
  post(@Body({ schema: Note }) note: object) {
    return note;
  }
  @Post(':id/pin')
  @HttpCode(200)
  pin(@Param('id', { schema: z.string() }) id: string) {
    return { id };
  }
  @Post('form')
  @HttpCode(200)
  @TakesForm()
  form(@Req() { body }: { body: object }) {
    return body;
  }
  @Post('closed')
  @UseGuards(Closed)
  closed(@Body({ schema: Note }) note: object) {
    return note;
  }
}

const settings = {
  TRUSTED_PROXIES: undefined,
  REQUESTS_PER_MINUTE: 0,
  HEADERS_TIMEOUT_MS: 10_000,
  REQUEST_TIMEOUT_MS: 30_000,
  KEEP_ALIVE_MS: 75_000,
  MAX_CONNECTIONS: 100,
};
let app: NestExpressApplication;
beforeAll(async () => {
  const module = { module: class {}, controllers: [Notes], imports: [logging('test', 'silent')] };
  app = await httpApp(module, { title: 't', description: 'd' }, settings);
  await app.listen(0, '127.0.0.1');
});
afterAll(() => app.close());

const ask = () => request(app.getHttpServer());
const post = (body: string | Buffer, type = 'application/json', path = '/notes') =>
  ask()
    .post(path)
    .set('Content-Type', type)
    .serialize(sent => sent)
    .send(body);
const note = (text: string, encoding: BufferEncoding = 'utf8') => Buffer.from(JSON.stringify({ text }), encoding);

/** The server's answer to bytes that no HTTP client would send. */
async function raw(bytes: string): Promise<string> {
  const socket = connect((app.getHttpServer().address() as AddressInfo).port, '127.0.0.1');
  let answer = '';
  socket.setEncoding('latin1').on('data', chunk => (answer += chunk));
  socket.write(Buffer.from(bytes, 'latin1'));
  socket.end();
  await once(socket, 'close');
  return answer;
}

describe('the bytes of a body', () => {
  test('UTF-8 is accepted with or without a byte order mark, and with or without a charset', async () => {
    for (const type of ['application/json', 'application/json; charset=utf-8', 'application/json;charset="UTF-8"'])
      expect((await post(note('Zoë'), type)).body).toEqual({ text: 'Zoë' });
    expect((await post(Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), note('Zoë')]))).body).toEqual({ text: 'Zoë' });
  });

  test.each([
    ['Latin-1 without a charset', note('Zoë', 'latin1')],
    ['half a character', Buffer.from([0x7b, 0xc3])],
    ['a surrogate', Buffer.from('{"text":"\xed\xa0\x80"}', 'latin1')],
    ['an overlong form', Buffer.from('{"text":"\xc0\xaf"}', 'latin1')],
    ['UTF-16', note('Zoë', 'utf16le')],
  ])('a body that is %s is refused and not repaired', async (_, bytes) => {
    const { status, body } = await post(bytes);
    expect([status, body.code]).toEqual([400, 'not-utf-8']);
  });

  test.each(['utf-7', 'iso-8859-1', 'latin1', 'utf-16', 'UTF-32', 'windows-1252', 'us-ascii', '"koi8-r"'])(
    'a body with the charset %s is refused, and the detail names the charset',
    async charset => {
      const { status, body } = await post('{"text":"Zo+AOs-"}', `application/json; charset=${charset}`);
      expect([status, body.code]).toEqual([415, 'not-utf-8']);
      expect(body.detail).toContain(charset.replaceAll('"', ''));
    },
  );

  test.each(['application/x-www-form-urlencoded', 'text/plain', 'nonsense', 'application/jsonp'])(
    'a body with the type %s is refused with not-json',
    async type => {
      const { status, body } = await post('{"text":"x"}', type);
      expect([status, body.code]).toEqual([415, 'not-json']);
    },
  );

  test('a body of 256 KiB is read, and one byte more is refused with the limit', async () => {
    const filled = (bytes: number) => JSON.stringify({ text: 'x'.repeat(bytes - '{"text":""}'.length) });
    expect((await post(filled(bodyLimit))).status).toBe(200);
    expect((await post(filled(bodyLimit + 1))).body).toMatchObject({ status: 413, limit: bodyLimit });
  });

  test('a body that is announced as larger is refused before the client has sent it', async () => {
    const socket = connect((app.getHttpServer().address() as AddressInfo).port, '127.0.0.1').setEncoding('latin1');
    const headers = `Host: x\r\nContent-Type: application/json\r\nContent-Length: ${bodyLimit + 1}\r\n`;
    socket.write(`POST /notes HTTP/1.1\r\n${headers}\r\n{`);
    const [answer] = (await once(socket, 'data')) as [string];
    socket.destroy();
    expect(answer).toMatch(/^HTTP\/1.1 413 /);
  });

  test('a body of unknown length is refused once it is too large, before the client has sent all of it', async () => {
    const socket = connect((app.getHttpServer().address() as AddressInfo).port, '127.0.0.1').setEncoding('latin1');
    const headers = 'Host: x\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n';
    const size = bodyLimit + 1;
    socket.write(`POST /notes HTTP/1.1\r\n${headers}\r\n${size.toString(16)}\r\n${'x'.repeat(size)}\r\n`);
    try {
      const [answer] = (await once(socket, 'data', { signal: AbortSignal.timeout(4_000) })) as [string];
      expect(answer).toMatch(/^HTTP\/1.1 413 /);
    } finally {
      socket.destroy();
    }
  });
});

describe('a form', () => {
  const form = 'application/x-www-form-urlencoded';

  test('is read by a route that takes one, and by no other', async () => {
    expect((await post('a=%C3%AB+1&b=', form, '/notes/form')).body).toEqual({ a: 'ë 1', b: '' });
    expect((await post('a=1', `${form}; charset=utf-8`, '/notes/form')).body).toEqual({ a: '1' });
    expect((await post('', form, '/notes/form')).body).toEqual({});
    const withoutLength = `POST /notes/form HTTP/1.1\r\nHost: x\r\nContent-Type: ${form}\r\nConnection: close\r\n\r\n`;
    expect(await raw(withoutLength)).toMatch(/^HTTP\/1.1 20\d /);
    expect((await post('a=1', form)).body).toMatchObject({ status: 415, code: 'not-json' });
    expect((await post('{}', 'application/json', '/notes/form')).body).toMatchObject({
      status: 415,
      code: 'not-a-form',
    });
  });

  test('that names a field twice, or a field of every object, is refused; so is a larger one than a body may be', async () => {
    for (const body of ['a=1&a=2', '__proto__=1', 'constructor=1'])
      expect((await post(body, form, '/notes/form')).status).toBe(422);
    expect((await post(`a=${'x'.repeat(bodyLimit - 2)}`, form, '/notes/form')).status).toBe(200);
    expect((await post(`a=${'x'.repeat(bodyLimit - 1)}`, form, '/notes/form')).status).toBe(413);
  });
});

describe('an address', () => {
  test.each(['/notes/%FF', '/notes/%', '/notes/%E0%A4%A', '/notes?q=%ff', '/notes/search?q=%', '/nowhere/%c0%af'])(
    '%s is not UTF-8 and is refused with malformed-address',
    async path => {
      const answer = await raw(`GET ${path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`);
      expect(answer).toMatch(/^HTTP\/1.1 400 /);
      expect(answer).toContain('"malformed-address"');
    },
  );

  test('an address with bytes that are not ASCII is refused', async () =>
    expect(await raw('GET /notes/search?q=\xff HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n')).toMatch(
      /^HTTP\/1.1 400 /,
    ));

  test('an address at the limits of length and of parameters is accepted, and one more is refused', async () => {
    const withParameters = (count: number) => `/notes/search?${Array(count).fill('q').join('&')}`;
    expect((await ask().get(withParameters(parameterLimit))).status).toBe(422);
    expect((await ask().get(withParameters(parameterLimit + 1))).status).toBe(414);
    const ofLength = (length: number) => '/notes/search?q='.padEnd(length, 'a');
    expect((await ask().get(ofLength(targetLimit))).status).toBe(200);
    expect((await ask().get(ofLength(targetLimit + 1))).status).toBe(414);
  });
});

describe('a route', () => {
  test.each([
    ['/notes?a=1', 'a'],
    ['/notes/x?a', 'a'],
    ['/notes/search?q=x&p=1', 'p'],
    ['/notes/search?__proto__=1', '__proto__'],
    ['/notes/search?constructor=1', 'constructor'],
    ['/notes?__proto__=1', '__proto__'],
  ])('an unknown query parameter is refused and named: %s', async (path, field) => {
    const { status, body } = await ask().get(path);
    expect([status, body.errors[0].field]).toEqual([422, field]);
  });

  test.each([
    ['/notes', '{"text":"x","constructor":1}', 'constructor'],
    ['/notes', '{"text":"x","__proto__":{"text":"y"}}', '__proto__'],
    ['/notes', '{"text":"x","more":{"toString":1}}', 'more.toString'],
    ['/notes/x/pin', '{"a":1}', 'a'],
    ['/notes/x/pin', '[]', '(body)'],
    ['/notes/x/pin', 'null', '(body)'],
  ])('an unknown or unexpected part of a body is refused and named: %s %s', async (path, sent, field) => {
    const { status, body } = await post(sent, 'application/json', path);
    expect([status, body.errors[0].field]).toEqual([422, field]);
  });

  test('a route without a body accepts no body or an empty one; a body on a GET is refused', async () => {
    for (const sent of ['{}', '']) expect((await post(sent, 'application/json', '/notes/x/pin')).status).toBe(200);
    expect((await ask().post('/notes/x/pin')).status).toBe(200);
    expect((await ask().get('/notes').set('Content-Type', 'text/plain').send('x')).body.code).toBe('unexpected-body');
  });

  test('a guard refuses a request before its body is read', async () => {
    const { status, body } = await post('{"text":', 'text/plain', '/notes/closed');
    expect([status, body.code]).toEqual([401, 'no-token']);
  });

  test('a route with a parameter that no schema checks answers 500', async () =>
    expect((await ask().get('/notes/unchecked/x')).status).toBe(500));

  test('an error names the wrong fields; of very many, it names the first and stays small', async () => {
    const keys = (count: number) => JSON.stringify(Object.fromEntries(Array.from({ length: count }, (_, n) => [n, 1])));
    const some = await post(keys(errorLimit - 1));
    expect(some.body.errors).toHaveLength(errorLimit);
    expect(some.body.detail).not.toContain('and more');
    for (const many of [keys(errorLimit), keys(18_000), JSON.stringify({ ['k'.repeat(200_000)]: 1 })]) {
      const { text, body } = await post(many);
      expect(body.errors.length).toBeLessThanOrEqual(errorLimit);
      expect(text.length).toBeLessThan(16_384);
      if (many !== keys(errorLimit) && body.errors.length === errorLimit) expect(body.detail).toContain('and more');
    }
  });
});

describe('a method', () => {
  test('a method that a path does not have gets 405 and the list of methods; an unknown path gets 404', async () => {
    const { status, headers, body } = await ask().delete('/notes');
    expect([status, headers.allow, body.code]).toEqual([405, 'GET, HEAD, OPTIONS, POST', 'wrong-method']);
    expect((await ask().put('/notes/x')).headers.allow).toBe('GET, HEAD, OPTIONS');
    expect((await ask().delete('/nowhere')).status).toBe(404);
    expect((await ask().post('/health/%20')).status).toBe(404);
  });

  test('OPTIONS gets the methods of a path', async () => {
    const { status, headers, text } = await ask().options('/notes');
    expect([status, headers.allow, text]).toEqual([204, 'GET, HEAD, OPTIONS, POST', '']);
    expect((await ask().options('/nowhere')).status).toBe(404);
  });
});

test("the API's documents are served from a cache: two requests get the same text", async () => {
  for (const path of ['/docs-json', '/docs-yaml']) {
    expect((await ask().get(`${path}/x`)).status).toBe(404);
    const [first, again] = [await ask().get(path).buffer(), await ask().get(path).buffer()];
    expect([again.status, again.text, again.type]).toEqual([200, first.text, first.type]);
    expect(first.text).toContain('/notes');
    expect((await ask().post(path)).status).toBe(405);
  }
});
