import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Client } from '../harness/client.js';
import { TestNewsroom } from '../harness/newsroom.js';

const statement = (data: object, more: object = {}) => ({
  content: {
    kind: 'statement',
    data: { speaker: 'mayor', ...data },
    occurred: { precision: 'unknown' },
    sourcing: { basis: 'on-record', standing: 'confirmed', actor: 'mayor' },
    modality: { mode: 'asserted' },
    ...more,
  },
});
const good = statement({ quote: 'We will rebuild.' });
const at = (from: string, to: string) => statement({ quote: 'x' }, { occurred: { from, to, precision: 'minute' } });
const nested = (levels: number): unknown => (levels === 0 ? 1 : { a: nested(levels - 1) });

let newsroom: TestNewsroom;
let editor: Client;
const developments = '/stories/flood/developments';

beforeAll(async () => {
  newsroom = await TestNewsroom.open();
  editor = await newsroom.as(['editor']);
  await editor.post('/stories', { id: 'flood', title: 'The flood', zone: 'Europe/Berlin' });
  await editor.post('/actors', { id: 'mayor', name: 'The Mayor', kind: 'person', aliases: ['Her Honour'] });
});
afterAll(() => newsroom?.close());

const head = async () => (await editor.get('/stories/flood')).body.head as string;

test.each([
  [
    'an unknown type',
    statement({ quote: 'x' }, { kind: 'statment' }),
    422,
    'content.kind',
    /must be one of update, arrival, .*statement/,
  ],
  [
    'an unknown actor',
    statement({ quote: 'x', about: ['nobody'] }),
    422,
    'content.data.about.0',
    /Register the actor first/,
  ],
  [
    'from after to',
    at('2026-03-01T10:00:00+01:00', '2026-03-01T09:00:00+01:00'),
    422,
    'content.occurred.to',
    /later than/,
  ],
  ['an empty quote', statement({ quote: '' }), 422, 'content.data.quote', /must not be empty/],
  ['a blank quote', statement({ quote: ' \n ' }), 422, 'content.data.quote', /must not be empty/],
  ['a field that no kind has', statement({ quote: 'x', mood: 'angry' }), 422, 'content.data.mood', /unknown field/],
  [
    'a named source with the basis anonymous',
    statement({ quote: 'x' }, { sourcing: { basis: 'anonymous', standing: 'hinted', actor: 'mayor', group: 'aides' } }),
    422,
    'content.sourcing.actor',
    /anonymous/,
  ],
  [
    'a condition without its text',
    statement({ quote: 'x' }, { modality: { mode: 'conditional' } }),
    422,
    'content.modality.conditions',
    /condition it depends on/,
  ],
  ['a NUL character', statement({ quote: 'a\0b' }), 422, 'content.data.quote', /control characters/],
  ['a noncharacter', statement({ quote: 'a\uffff' }), 422, 'content.data.quote', /U\+FFFF/],
  [
    'a link without a host',
    statement({ quote: 'x' }, { body: '[more](/s/other)' }),
    422,
    'content.body',
    /link to the web/,
  ],
  ['a body of markup alone', statement({ quote: 'x' }, { body: '---' }), 422, 'content.body', /not only markup/],
  ['half of an emoji', statement({ quote: 'a\ud83d' }), 422, 'content.data.quote', /well-formed/],
  [
    'an unknown development to supersede',
    { ...good, supersedes: '330cfb9a-0237-59a1-8abe-0b7a05cc0d2b' },
    422,
    'supersedes',
    /no development/,
  ],
  ['a depth over 32', { ...good, deep: nested(40) }, 422, /^deep(\.a)*/, /at most 32 levels/],
  ['no body', '', 422, /body|content/, /./],
])('%s is refused with the field and what is allowed, and writes nothing', async (_, body, status, field, message) => {
  const before = await head();
  const answer = await editor.post(developments, body);
  expect(answer).toMatchObject({ status, body: { status } });
  expect(answer.headers.get('Content-Type')).toMatch('application/problem+json');
  const [error] = answer.body.errors as { field: string; message: string }[];
  expect(error!.field).toEqual(typeof field === 'string' ? field : expect.stringMatching(field));
  expect(error!.message).toMatch(message);
  expect(await head()).toBe(before);
});

test('a body over 256 KiB is refused with the limit', async () => {
  const before = await head();
  const answer = await editor.post(developments, statement({ quote: 'x' }, { body: 'x'.repeat(262_144) }));
  expect(answer).toMatchObject({ status: 413, body: { code: 'body-too-large', limit: 262_144 } });
  expect(await head()).toBe(before);
});

test('a body that is not JSON is refused', async () => {
  expect(await editor.post(developments, '{"content":')).toMatchObject({ status: 400, body: { status: 400 } });
});

test.each([
  ['no token', undefined, 401, 'no-token'],
  ['a malformed token', 'Bearer abc', 401, 'wrong-token'],
  ['a token signed by somebody else', `Bearer ${foreignToken()}`, 401, 'wrong-token'],
])('%s is refused, and writes nothing', async (_, authorization, status, code) => {
  const before = await head();
  const stranger = await newsroom.as(['editor']);
  const answer = await stranger.post(developments, good, { headers: { Authorization: authorization ?? '' } });
  expect(answer).toMatchObject({ status, body: { code } });
  expect(answer.headers.get('WWW-Authenticate')).toBe('Bearer');
  expect(await head()).toBe(before);
});

test('a reporter and an auditor can do only what their roles allow', async () => {
  const [reporter, auditor] = await Promise.all([newsroom.as(['reporter']), newsroom.as(['auditor'])]);
  const recorded = await reporter.post(developments, good, { key: 'by-the-reporter' });
  expect(recorded.status).toBe(201);
  const target = `${developments}/${recorded.body.development}`;
  const before = await head();
  expect(await reporter.post(`${target}/retract`, { reason: 'No.' })).toMatchObject({
    status: 403,
    body: { allowed: ['editor'] },
  });
  expect(await auditor.post(developments, good)).toMatchObject({ status: 403, body: { code: 'wrong-role' } });
  expect(await auditor.get('/commands/by-the-reporter?by=test-reporter')).toMatchObject({
    status: 200,
    body: { status: 'won' },
  });
  expect(await head()).toBe(before);
});

test('HTML is kept unchanged in the log and escaped for readers', async () => {
  const nasty = '<script>alert(1)</script> AT&T <b>bold</b>';
  const content = statement({ quote: nasty }, { headline: nasty, body: `${nasty}\n\n[x](javascript:alert(1))` });
  const { body } = await editor.post(developments, content);
  const read = await newsroom.readAt('/stories/flood/timeline', body.position);
  expect(read.text).not.toMatch(/[<>]/);
  const entry = read.body.entries.find((e: { id: string }) => e.id === body.development);
  expect(entry.headlineHtml).toBe('&lt;script&gt;alert(1)&lt;/script&gt; AT&amp;T &lt;b&gt;bold&lt;/b&gt;');
  expect(entry.bodyHtml).not.toMatch(/<script|<b>|href/);
  expect(entry.data.quote).toBe(nasty);
});

test('a repeated key gives the first answer, and is refused with another body', async () => {
  const first = await editor.post(developments, good, { key: 'once' });
  const again = await editor.post(developments, good, { key: 'once' });
  expect(first.status).toBe(201);
  expect([again.status, again.text]).toEqual([201, first.text]);
  const other = await editor.post(developments, statement({ quote: 'Other words.' }), { key: 'once' });
  expect(other).toMatchObject({ status: 422, body: { code: 'key-taken', errors: [{ field: 'Idempotency-Key' }] } });
});

test('an expected head that has moved gives 409 with what was posted since', async () => {
  const seen = await head();
  const meanwhile = await editor.post(developments, good);
  const before = await head();
  const late = await editor.post(developments, good, { ifMatch: seen });
  expect(late).toMatchObject({ status: 409, body: { code: 'head-moved', head: before } });
  expect(late.body.meanwhile).toMatchObject([
    { commit: meanwhile.body.commit, development: meanwhile.body.development },
  ]);
  expect(await head()).toBe(before);
  expect((await editor.post(developments, good, { ifMatch: before })).status).toBe(201);
});

/** A well-formed token with the right issuer and audience, but without a signature. */
function foreignToken(): string {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const claims = { sub: 'x', roles: ['editor'], iss: 'dateline-dev', aud: 'dateline', exp: 4_102_444_800 };
  return `${part({ alg: 'EdDSA', kid: 'dev' })}.${part(claims)}.${'A'.repeat(86)}`;
}
