import { describe, expect, jest, test } from '@jest/globals';
import { BadRequestException, Logger, NotFoundException, type ArgumentsHost } from '@nestjs/common';
import { z } from 'zod';
import { invalid, Problem, ProblemDetails, ProblemFilter, wording } from './problem.js';

const errorsOf = (schema: z.ZodType, value: unknown) => invalid(schema.safeParse(value).error!.issues).details.errors;

describe('a problem with wrong fields', () => {
  const Body = z.strictObject({
    kind: z.enum(['a', 'b']),
    data: z.strictObject({ quote: z.string().min(1, 'must not be empty'), list: z.array(z.number()) }),
  });

  test('each wrong field is named by its path, with its allowed values', () =>
    expect(errorsOf(Body, { kind: 'c', data: { quote: '', list: [1, 'x'] } })).toEqual([
      { field: 'kind', message: 'must be one of a, b', allowed: ['a', 'b'] },
      { field: 'data.quote', message: 'must not be empty' },
      { field: 'data.list.1', message: 'must be a number' },
    ]));

  test('each unknown field is named', () =>
    expect(errorsOf(Body, { kind: 'a', data: { quote: 'x', list: [], extra: 1, more: 2 } })).toEqual([
      { field: 'data.extra', message: 'unknown field; remove it' },
      { field: 'data.more', message: 'unknown field; remove it' },
    ]));

  test('a missing body is reported as such', () =>
    expect(errorsOf(Body, undefined)).toEqual([{ field: '(body)', message: 'is missing; it must be an object' }]));

  test("an unknown kind of a union gets the schema's message and the allowed kinds", () => {
    const Kinds = z.discriminatedUnion(
      'kind',
      [z.object({ kind: z.literal('a') }), z.object({ kind: z.literal('b') })],
      {
        error: 'must be a or b',
      },
    );
    expect(errorsOf(Kinds, { kind: 'c' })).toEqual([{ field: 'kind', message: 'must be a or b', allowed: ['a', 'b'] }]);
  });

  test('two rules with the same message give one error', () =>
    expect(errorsOf(z.string().regex(/a/, 'must be ab').regex(/b/, 'must be ab'), 'c')).toEqual([
      { field: '(body)', message: 'must be ab' },
    ]));

  test('the problem is a valid problem document', () => {
    const { details } = invalid([{ path: ['a', { key: 'b' }, 0], message: 'must be c' }]);
    expect(ProblemDetails.parse(details)).toEqual({
      type: 'urn:dateline:problem:invalid-field',
      title: 'Unprocessable Entity',
      status: 422,
      code: 'invalid-field',
      detail: 'a.b.0: must be c',
      errors: [{ field: 'a.b.0', message: 'must be c' }],
    });
  });
});

describe('an error that is sent to a client', () => {
  function caught(error: unknown, headersSent = false, headers: Record<string, string> = {}) {
    const sent: { headers: Record<string, string>; status?: number; type?: string; body?: string; ended?: true } = {
      headers,
    };
    const response = {
      headersSent,
      hasHeader: (name: string) => name in sent.headers,
      setHeader: (name: string, value: string) => ((sent.headers[name] = value), response),
      removeHeader: (name: string) => void delete sent.headers[name],
      status: (status: number) => ((sent.status = status), response),
      type: (type: string) => ((sent.type = type), response),
      send: (body: string) => ((sent.body = body), response),
      end: () => ((sent.ended = true), response),
    };
    const request = { path: '/x', app: { router: { stack: [] } } };
    const http = { getResponse: () => response, getRequest: () => request };
    new ProblemFilter().catch(error, { switchToHttp: () => http } as unknown as ArgumentsHost);
    return sent;
  }

  test('an unexpected error is logged, and the client gets no details of it', () => {
    const logged = jest.spyOn(Logger.prototype, 'error').mockImplementation(() => undefined);
    for (const error of [new Error('password=secret'), 'secret', null, undefined, { message: 'secret' }]) {
      const { status, type, body } = caught(error);
      expect([status, type]).toEqual([500, 'application/problem+json']);
      expect(JSON.parse(body!)).toMatchObject({ code: 'internal' });
      expect(body).not.toMatch(/secret|stack/);
    }
    expect(logged).toHaveBeenCalledTimes(5);
    logged.mockRestore();
  });

  test('a Problem is sent as it is', () =>
    expect(JSON.parse(caught(new Problem(409, 'head-moved', 'Look.', { head: 'x' })).body!)).toEqual({
      type: 'urn:dateline:problem:head-moved',
      title: 'Conflict',
      status: 409,
      code: 'head-moved',
      detail: 'Look.',
      head: 'x',
    }));

  test('a 401 has a WWW-Authenticate header, and a 403 does not', () => {
    const challenge = { 'WWW-Authenticate': 'Bearer' };
    expect(caught(new Problem(401, 'no-token', 'Send one.')).headers).toMatchObject(challenge);
    expect(caught(new Problem(403, 'wrong-role', 'No.')).headers).not.toHaveProperty('WWW-Authenticate');
  });

  test('no cache keeps an error, whatever the route said of the answer that failed', () => {
    const ofTheAnswer = { 'Cache-Control': 'public, max-age=3600, immutable', ETag: '"x"', 'Content-Encoding': 'br' };
    const { headers } = caught(new Problem(503, 'away', 'Wait.'), false, { ...ofTheAnswer, 'Retry-After': '9' });
    expect(headers).toEqual({ 'Cache-Control': 'no-store', 'Retry-After': '9' });
  });

  test('an error of the framework keeps its status and gets our code and detail', () => {
    expect(JSON.parse(caught(new NotFoundException('Cannot GET /x')).body!)).toMatchObject({
      status: 404,
      code: 'unknown-path',
      detail: expect.stringMatching(/See \/docs/),
    });
    expect(JSON.parse(caught(new BadRequestException('Unexpected token')).body!)).toMatchObject({
      status: 400,
      code: 'bad-request',
      detail: 'The request cannot be read: Unexpected token',
    });
  });

  test('an error after the answer has begun only ends the answer', () =>
    expect(caught(new Problem(500, 'internal', ''), true)).toEqual({ headers: {}, ended: true }));
});

const wordsFor = (schema: z.ZodType, value: unknown) => schema.safeParse(value).error!.issues.map(wording);

test.each<[string, z.ZodType, unknown, string]>([
  ['a field left out', z.string(), undefined, 'is missing; it must be a text'],
  ['a field of another type', z.array(z.string()), 'x', 'must be a list'],
  ['an unknown value', z.enum(['a', 'b']), 'c', 'must be one of a, b'],
  ['a field with one allowed value', z.literal('a'), 'b', 'must be a'],
  ['a text that is too long', z.string().max(2), 'abc', 'must have at most 2 characters'],
  ['a list that is too short', z.array(z.string()).min(1), [], 'must have at least 1 entries'],
  ['a malformed id', z.uuid(), 'abc', 'must be a UUID'],
  ['a field with its own message', z.string('must be told'), undefined, 'must be told'],
  ['a rule with its own message', z.string().regex(/^a/, 'must begin with an a'), 'b', 'must begin with an a'],
])('the message for %s says what the field must be', (_what, schema, value, words) =>
  expect(wordsFor(schema, value)).toEqual([words]),
);

test("a rule that we have no message for keeps zod's message", () =>
  expect(wordsFor(z.number().max(2), 3)).toEqual(['Too big: expected number to be <=2']));
