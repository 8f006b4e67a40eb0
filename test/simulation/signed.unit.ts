import { canonical, CommandSigner, meantBy, newKeyPair, actOfRoute, type SignableCommand } from '#client';
import { actorActs, actorTakedownActs, acts, canonicalJson, commandHash } from '#domain';
import { devToken } from '#platform';
import { inMemory } from '#recordings';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import sharp from 'sharp';
import { madeMp3 } from '../../libs/recordings/src/testing/made.js';
import { operationsOf } from '../harness/operations.js';
import { DeskApp } from './desk-app.fixture.js';

const api = new DeskApp();
beforeAll(() => api.open(undefined, 'accepted'));
afterAll(() => api.close());

const update = { content: { kind: 'update', data: {}, body: 'The water is rising.' } };
const record = (key: string, body: object = update): SignableCommand => ({
  path: '/stories/count/developments',
  body,
  key,
});
const askAs = (token: string) => (path: string, init: RequestInit) =>
  fetch(new URL(path, api.url), {
    ...init,
    headers: { ...(init.headers as object), Authorization: `Bearer ${token}` },
  });
const signerOf = async (token = api.token) => new CommandSigner((await newKeyPair())!, askAs(token));
const send = ({ path, body, key }: SignableCommand, headers: object) =>
  api.post(path, body as object, { 'Idempotency-Key': key, ...headers });
/** Runs it by a clock that is ahead. */
async function later<Answer>(minutes: number, run: () => PromiseLike<Answer>): Promise<Answer> {
  const { now } = Date;
  Date.now = () => now() + minutes * 60_000;
  try {
    return await run();
  } finally {
    Date.now = now;
  }
}
const lastValue = () => JSON.parse(Buffer.from(api.log.records.at(-1)!.value).toString());

type AnyFile = Record<'ticket' | 'picture' | 'recording' | 'captions', string>;

describe('the client that signs commands', () => {
  test('canonical JSON is that of the domain', () => {
    fc.assert(fc.property(fc.jsonValue(), value => expect(canonical(value)).toBe(canonicalJson(value))));
  });

  test('it knows the act of every route that performs one, and no other', async () => {
    const routes = operationsOf((await api.get('/docs-json')).body);
    const performing = new Set(
      routes.flatMap(({ method, path }) => (method === 'GET' ? [] : [path.slice(1).replace(/\{\w+\}/g, ':')])),
    );
    const does = [...Object.values(acts), ...Object.values(actorActs), ...Object.values(actorTakedownActs)];
    expect(Object.values(actOfRoute).sort()).toEqual(does.map(act => act.does).sort());
    for (const route of Object.keys(actOfRoute)) expect(performing).toContain(route);
  });

  test('it converts what the newsroom converts, so that both compute the same hash', () => {
    const { does, target, body } = meantBy({
      path: '/actors',
      key: 'a',
      body: { id: 'mayor', name: 'Mayor', kind: 'person', description: undefined },
    })!;
    const validated = { name: 'Mayor', kind: 'person', aliases: [], affiliations: [] };
    const due = { does: 'register-actor', by: 'ed', target: { actor: 'mayor' }, body: validated };
    expect(commandHash({ does, by: 'ed', target, body })).toBe(commandHash(due));
    const embargo = { until: '2099-01-01T00:00:00+02:00' };
    expect(meantBy(record('e', { ...update, embargo }))!.body).toMatchObject({
      embargo: { until: '2098-12-31T22:00:00.000Z' },
    });
  });

  test('ids of developments and texts are hashed in lower case, in whatever case they are sent', () => {
    const [id, key] = ['0198c0de-0000-7000-8000-00000000abcd', 'k'];
    const upper = id.toUpperCase();
    const path = `/stories/count/developments/${upper}`;
    const of = (steps: string, body: object) => meantBy({ path: steps, key, body })!;
    const target = { story: 'count', development: id };
    expect(of(`${path}/supersede`, { by: upper })).toMatchObject({ target, body: { by: id } });
    expect(of(`${path}/link`, { to: upper, as: 'related' })).toMatchObject({ target, body: { to: id, as: 'related' } });
    expect(of(`/stories/count/texts/${upper}/propose-takedown`, {}).target).toEqual({ story: 'count', text: id });
    const settled = of('/stories/count/conditions/rain/settle', { fate: 'met', development: upper });
    expect(settled.body).toEqual({ fate: 'met', development: id });
    expect(of('/stories/count/developments', { ...update, supersedes: upper }).body).toMatchObject({ supersedes: id });
    const points = [
      { point: upper, cites: [upper] },
      { text: upper, cites: [upper] },
    ];
    const listed = [
      { point: id, cites: [id] },
      { text: upper, cites: [id] },
    ];
    expect(canonical(of('/stories/count/key-points', { points }).body)).toBe(canonical({ points: listed }));
  });

  test('a route that performs no act is not signed', () =>
    expect(meantBy({ path: '/stories/count/machines', body: {}, key: 'm' })).toBeUndefined());
});

describe('commands with a signature', () => {
  test('the commit carries the signature and the certificate, and its id covers them', async () => {
    const headers = await (await signerOf()).headers(record('one'));
    expect((await send(record('one'), headers)).status).toBe(201);
    const { signed } = lastValue();
    expect(signed).toEqual({
      certificate: headers['Dateline-Certificate'],
      command: headers['Dateline-Signature'],
    });
  });

  test('a signed command may name a development in upper case', async () => {
    const { body } = await send(record('named-so'), {});
    const path = `/stories/count/developments/${body.development.toUpperCase()}/pin`;
    const pin = { path, body: {}, key: 'pin-so' };
    const answer = await send(pin, await (await signerOf()).headers(pin));
    expect([answer.status, answer.body.fault]).toEqual([201, undefined]);
  });

  test('a command that is sent again gets the first answer, and nothing is recorded', async () => {
    const signer = await signerOf();
    const first = await send(record('twice'), await signer.headers(record('twice')));
    const { length } = api.log.records;
    const again = await send(record('twice'), await signer.headers(record('twice')));
    expect([again.status, again.body.commit]).toEqual([201, first.body.commit]);
    expect(api.log.records.length).toBe(length);
  });

  test.each([6, 11, 60])('the identical request, %d minutes later, gets the first answer too', async minutes => {
    const command = record(`late-${minutes}`);
    const headers = await (await signerOf()).headers(command);
    const first = await send(command, headers);
    const { length } = api.log.records;
    const again = await later(minutes, () => send(command, headers));
    expect([again.status, again.headers['idempotency-replayed']]).toEqual([201, 'true']);
    expect(again.body).toEqual(first.body);
    const other = await (await signerOf()).headers({ ...command, key: 'other' });
    const wrong = await later(minutes, () => send(command, other));
    expect([wrong.status, wrong.body.fault]).toEqual([422, 'signed-for-another']);
    expect(api.log.records.length).toBe(length);
  });

  test.each([6, 60, -6])('a new command that comes %d minutes after it was signed is refused', async minutes => {
    const command = record(`new-${minutes}`);
    const headers = await (await signerOf()).headers(command);
    const { length } = api.log.records;
    const answer = await later(minutes, () => send(command, headers));
    const { status, body } = answer;
    expect([status, body.code, body.fault]).toEqual([422, 'wrong-signature', 'signed-out-of-time']);
    expect(api.log.records.length).toBe(length);
  });

  test('a new command that is signed with a certificate that has ended is refused', async () => {
    const signer = await signerOf();
    await signer.certificate();
    Object.assign(signer, { used: { from: -Infinity, until: Infinity } });
    const command = record('ended');
    const { status, body } = await later(16, async () => send(command, await signer.headers(command)));
    expect([status, body.code, body.fault]).toEqual([422, 'wrong-signature', 'not-certified']);
  });

  test.each<[string, SignableCommand, string]>([
    ['of another text', record('x', { content: { ...update.content, body: 'It falls.' } }), 'signed-for-another'],
    ['of another key', record('other'), 'signed-for-another'],
    ['for another story', { ...record('x'), path: '/stories/flood/developments' }, 'signed-for-another'],
  ])('a signature %s is refused', async (_, signed, fault) => {
    const { length } = api.log.records;
    const answer = await send(record('x'), await (await signerOf()).headers(signed));
    expect([answer.status, answer.body.code, answer.body.fault]).toEqual([422, 'wrong-signature', fault]);
    expect(api.log.records.length).toBe(length);
  });

  test('the certificate of another person is refused', async () => {
    const other = await devToken(api.settings, { id: 'ben', name: 'Ben', roles: ['editor'] });
    const answer = await send(record('y'), await (await signerOf(other)).headers(record('y')));
    expect([answer.status, answer.body.fault]).toEqual([422, 'signed-for-another']);
  });

  test('a content that names an actor by a name and not by its id is refused, because nobody could check it later', async () => {
    const mayor = { name: 'The mayor', kind: 'person' };
    expect((await api.post('/actors', { id: 'mayor', ...mayor })).status).toBe(201);
    const content = { kind: 'arrival', data: { actors: ['The mayor'], place: 'Oslo' } };
    const command = record('named', { content });
    expect((await send(command, await (await signerOf()).headers(command))).body.code).toBe('not-as-signed');
    const byId = record('by-id', { content: { ...content, data: { actors: ['mayor'], place: 'Oslo' } } });
    expect((await send(byId, await (await signerOf()).headers(byId))).status).toBe(201);
  });

  test('the signature of a post with pictures and recordings does not cover their tickets, and covers what is said of them', async () => {
    const create = { width: 4, height: 3, channels: 3, background: '#224466' } as const;
    const keep = (bytes: Buffer) =>
      api.uploads.keepFile('count', inMemory(bytes), {}, Date.now()) as Promise<unknown> as Promise<AnyFile>;
    const { picture, ticket } = await keep(await sharp({ create }).jpeg().toBuffer());
    const [sound, words] = [
      await keep(madeMp3()),
      await keep(Buffer.from('WEBVTT\n\n00:00.000 --> 00:01.000\nIt rises.\n')),
    ];
    const recording = { file: sound.recording, ticket: sound.ticket };
    const captions = { file: words.captions, ticket: words.ticket };
    const medium = { picture, ticket, recording, captions };
    const shown = (alt: string) => ({ content: { ...update.content, media: [{ ...medium, alt }] } });
    const command = record('pictures', shown('A gauge'));
    const other = await (await signerOf()).headers(record('pictures', shown('A crane')));
    expect((await send(command, other)).body.fault).toBe('signed-for-another');
    const answer = await send(command, await (await signerOf()).headers(command));
    expect([answer.status, answer.body.code]).toEqual([201, undefined]);
    const { files } = lastValue().events[0].data.outline;
    expect(files).toEqual(expect.arrayContaining([picture, recording.file, captions.file]));
  });

  test('headers that are no JWS, or only one of the two, are refused with the field', async () => {
    for (const headers of [{ 'Dateline-Signature': 'x' }, { 'Dateline-Certificate': 'a.b.c' }]) {
      const answer = await send(record('z'), headers);
      expect([answer.status, answer.body.errors[0].field]).toEqual([422, expect.stringMatching(/^dateline-/)]);
    }
  });

  test('a key that is no point of the curve is not certified', async () => {
    const none = 'A'.repeat(43);
    expect((await api.get(`/certificates?x=${none}&y=${none}`)).status).toBe(422);
  });
});

describe('a newsroom without a certifying key, and one that requires signatures', () => {
  test('the first certifies nothing, and commands need no signature', async () => {
    const plain = new DeskApp();
    await plain.open();
    try {
      const { x, y } = await crypto.subtle.exportKey('jwk', (await newKeyPair())!.publicKey);
      expect((await plain.get(`/certificates?x=${x}&y=${y}`)).body.code).toBe('no-certificates');
      expect((await plain.post('/stories/count/developments', update)).status).toBe(201);
    } finally {
      await plain.close();
    }
  });

  test('the second refuses a command without a signature', async () => {
    const strict = new DeskApp();
    await strict.open(undefined, 'required');
    try {
      const answer = await strict.post('/stories', { id: 'flood', title: 'The flood', zone: 'UTC' });
      expect([answer.status, answer.body.code]).toEqual([403, 'signature-required']);
    } finally {
      await strict.close();
    }
  });
});
