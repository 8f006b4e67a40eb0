import { bounds } from '#domain';
import { KeyStoreError } from '#keys';
import { devToken } from '#platform';
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import request from 'supertest';
import { Watched } from '../harness/watched.js';
import { DeskApp } from './desk-app.fixture.js';

const nobody = '11111111-1111-4111-8111-111111111111';
const watched = new Watched();
const api = new DeskApp();
const { log, get, post, settings } = api;

beforeAll(() => api.open(watched.watch));
afterAll(async () => {
  await watched.check(await api.app.getUrl()).finally(() => api.close());
});

const note = (more: object = {}) => ({
  content: {
    kind: 'context',
    data: { topic: 'The count', summary: 'It goes on' },
    occurred: { precision: 'unknown' },
    sourcing: { basis: 'desk', standing: 'reported' },
    modality: { mode: 'asserted' },
  },
  ...more,
});

/** Asserts that the request wrote no record. */
async function writesNothing<T>(ask: () => Promise<T>): Promise<T> {
  const before = log.records.length;
  const answer = await ask();
  expect(log.records.length).toBe(before);
  return answer;
}

describe('the editors’ HTTP API', () => {
  test('a repeated key gives the first answer, byte for byte, and 422 with another body', async () => {
    const key = { 'Idempotency-Key': 'note-1' };
    const first = await post('/stories/count/developments', note(), key);
    expect(first.status).toBe(201);
    const again = await writesNothing(async () => post('/stories/count/developments', note(), key));
    expect([again.status, again.text, again.headers.etag]).toEqual([201, first.text, first.headers.etag]);
    expect(again.headers['idempotency-replayed']).toBe('true');
    expect((await get('/commands/note-1')).text).toBe(first.text);
    const other = await writesNothing(async () => post('/stories/count/developments', note({ key: true }), key));
    expect([other.status, other.body.code]).toEqual([422, 'key-taken']);
  });

  test('a repeated key gives the first answer also while the tickets of its pictures do not open', async () => {
    const ticketsFail = () =>
      jest.spyOn(api.uploads, 'keptIn').mockRejectedValueOnce(new KeyStoreError('keys-unreachable'));
    const key = { 'Idempotency-Key': 'tickets-1' };
    const first = await post('/stories/count/developments', note(), key);
    ticketsFail();
    const again = await writesNothing(async () => post('/stories/count/developments', note(), key));
    expect([again.status, again.text]).toEqual([201, first.text]);
    ticketsFail();
    const fresh = await writesNothing(async () => post('/stories/count/developments', note()));
    expect([fresh.status, fresh.body.code]).toEqual([503, 'keys-unavailable']);
  });

  test('a post of only its text is accepted, and its retry gives the first answer', async () => {
    const key = { 'Idempotency-Key': 'bare-1' };
    const bare = { content: { kind: 'update', body: 'The *last* bus has left.' } };
    const first = await post('/stories/count/developments', bare, key);
    expect(first.status).toBe(201);
    expect(first.body).not.toHaveProperty('notes');
    const again = await writesNothing(async () => post('/stories/count/developments', bare, key));
    expect([again.status, again.text]).toEqual([201, first.text]);
    // The key belongs to the body as it was sent. The same content with its defaults written out is another command.
    const whole = { ...note().content, ...bare.content, data: {} };
    const other = await writesNothing(async () => post('/stories/count/developments', { content: whole }, key));
    expect([other.status, other.body.code]).toEqual([422, 'key-taken']);
    expect((await post('/stories/count/developments', { content: { kind: 'update' } })).body.errors).toMatchObject([
      { field: 'content.body' },
    ]);
  });

  test('fractions of a second are cut, and the answer says so', async () => {
    const key = { 'Idempotency-Key': 'cut-1' };
    const occurred = { from: '2026-01-31T09:41:07.250Z', precision: 'second' };
    const content = { kind: 'update', body: 'The bus is here.', occurred };
    const first = await post('/stories/count/developments', { content }, key);
    const message = 'is recorded as 2026-01-31T09:41:07Z: fractions of a second are cut';
    expect([first.status, first.body.notes]).toEqual([201, [{ field: 'content.occurred.from', message }]]);
    expect((await post('/stories/count/developments', { content }, key)).text).toBe(first.text);
    const path = `/stories/count/developments/${first.body.development}/correct`;
    const whole = { ...note().content, kind: 'update', data: {}, body: 'The bus is not here.', occurred };
    const corrected = await post(path, { content: whole, wrong: 'It is not.', reason: 'We looked.' });
    expect([corrected.status, corrected.body.notes]).toEqual([201, first.body.notes]);
    const fine = await post(path, {
      content: { ...whole, occurred: { precision: 'unknown' } },
      wrong: 'A',
      reason: 'B',
    });
    expect([fine.status, fine.body.notes]).toEqual([201, undefined]);
  });

  test('an embargo can be set with any offset, changed to a future hour, and lifted', async () => {
    const embargo = { until: '2099-01-01T12:00:00+02:00' };
    const { body } = await post('/stories/count/developments', note({ embargo }));
    expect(body.events.map(({ type }: { type: string }) => type)).toEqual([
      'DevelopmentRecorded',
      'DevelopmentEmbargoed',
    ]);
    const path = `/stories/count/developments/${body.development}`;
    const held = async () =>
      (await get('/stories/count/developments')).body.developments.find(
        ({ id }: { id: string }) => id === body.development,
      ).embargo;
    expect(await held()).toEqual({ until: '2099-01-01T10:00:00.000Z' });
    const over = await writesNothing(async () => post(`${path}/embargo`, { until: '2020-01-01T12:00:00Z' }));
    expect([over.status, over.body.errors]).toMatchObject([
      422,
      [{ field: 'until', message: 'must be in the future' }],
    ]);
    const pinned = await writesNothing(async () => post(`${path}/pin`));
    expect([pinned.status, pinned.body.code]).toEqual([409, 'development-embargoed']);
    expect((await post(`${path}/embargo`, {})).body.events).toMatchObject([{ type: 'EmbargoChanged' }]);
    expect(await held()).toEqual({});
    expect((await post(`${path}/lift`)).body.events).toMatchObject([{ type: 'EmbargoLifted' }]);
    expect([await held(), (await post(`${path}/lift`)).status]).toEqual([null, 200]);
    const late = await writesNothing(async () => post(`${path}/embargo`, {}));
    expect([late.status, late.body.code]).toEqual([409, 'not-embargoed']);
  });

  test('a past or invalid hour of an embargo is refused, and so is a key that is reserved', async () => {
    for (const until of ['2020-01-01T12:00:00Z', 'tomorrow', '2099-01-01T12:00:00', '9999-12-31T23:59:59-05:00']) {
      const refused = await writesNothing(async () =>
        post('/stories/count/developments', note({ embargo: { until } })),
      );
      expect([refused.status, refused.body.errors[0].field]).toEqual([422, 'embargo.until']);
    }
    const key = { 'Idempotency-Key': 'dateline/lift/x' };
    const taken = await writesNothing(async () => post('/stories/count/developments', note(), key));
    expect([taken.status, taken.body.errors[0].field]).toEqual([422, 'Idempotency-Key']);
  });

  test('a development can be linked to another, and unlinked', async () => {
    const ids = [];
    for (let i = 0; i < 2; i++) ids.push((await post('/stories/count/developments', note())).body.development);
    const link = { to: ids[0], as: 'answers' };
    const path = `/stories/count/developments/${ids[1]}`;
    expect((await post(`${path}/link`, link)).body).toMatchObject({ status: 'won', development: ids[1] });
    expect((await get('/stories/count/developments')).body.developments).toContainEqual(
      expect.objectContaining({ id: ids[1], links: [link] }),
    );
    expect((await post(`${path}/link`, { to: ids[0], as: 'likes' })).body.errors[0].field).toBe('as');
    expect((await post(`${path}/link`, { to: ids[1], as: 'follows' })).body.errors[0].field).toBe('to');
    expect((await post(`${path}/unlink`, link)).body.events).toMatchObject([{ type: 'DevelopmentUnlinked' }]);
  });

  test('the number of links of a development is limited', async () => {
    const ids: string[] = [];
    for (let i = 0; i < bounds.linksOfDevelopment + 2; i++)
      ids.push((await post('/stories/count/developments', note())).body.development);
    const link = async (to: string) => post(`/stories/count/developments/${ids[0]}/link`, { to, as: 'related' });
    for (const to of ids.slice(1, -1)) expect((await link(to)).status).toBe(201);
    const over = await writesNothing(async () => link(ids.at(-1)!));
    expect([over.status, over.body.code]).toEqual([409, 'too-many']);
    expect(over.body.detail).toContain(`(${bounds.linksOfDevelopment})`);
    expect((await link(ids[1]!)).body.status).toBe('already-so');
  });

  test('an alias that another actor has is refused, and the error names that actor', async () => {
    const actor = (id: string, ...aliases: string[]) => ({ id, name: `The ${id}`, kind: 'person', aliases });
    expect((await post('/actors', actor('clerk', 'The Scribe'))).status).toBe(201);
    const taken = await writesNothing(async () => post('/actors', actor('teller', 'the scribe')));
    expect([taken.status, taken.body.code, taken.body.errors]).toMatchObject([
      409,
      'name-taken',
      [{ field: 'aliases.0', message: expect.stringMatching(/means clerk already/) }],
    ]);
    expect((await post('/actors', actor('teller'))).status).toBe(201);
    const { id: _id, ...amended } = actor('teller', 'CLERK');
    const put = request(api.app.getHttpServer()).put('/actors/teller').set('Authorization', `Bearer ${api.token}`);
    expect((await put.send(amended)).body.errors[0].field).toBe('aliases.0');
  });

  test('the answer to a pin names the newly pinned development', async () => {
    const ids: string[] = [];
    for (let n = 0; n < 2; n++) ids.push((await post('/stories/count/developments', note())).body.development);
    for (const id of ids) {
      const { body } = await post(`/stories/count/developments/${id}/pin`);
      expect(body.development).toBe(id);
    }
  });

  test.each(['', '.', '..', 'two words', 'é', 'x'.repeat(201)])('the Idempotency-Key %j is refused', async key => {
    const answer = await writesNothing(async () =>
      post('/stories/count/close', {}, { 'Idempotency-Key': Buffer.from(key).toString('latin1') }),
    );
    expect(answer.body).toMatchObject({ status: 422, errors: [{ field: 'Idempotency-Key' }] });
  });

  test('an ETag works as If-Match once', async () => {
    const { etag } = (await get('/stories/count')).headers as { etag: string };
    expect((await post('/stories/count/developments', note(), { 'If-Match': etag })).status).toBe(201);
    const late = await writesNothing(async () => post('/stories/count/developments', note(), { 'If-Match': etag }));
    expect(late.body).toMatchObject({ status: 409, code: 'head-moved', meanwhile: [{ by: { id: 'ed' } }] });
  });

  test('If-Match accepts * and one of several heads, and no weak ETag', async () => {
    const { etag } = (await get('/stories/count')).headers as { etag: string };
    const record = (ifMatch: string) => post('/stories/count/developments', note(), { 'If-Match': ifMatch });
    for (const wrong of [`W/${etag}`, `"${'a'.repeat(64)}"`, '"abc", "def"', `"x", W/${etag}`, '""']) {
      const answer = await writesNothing(async () => record(wrong));
      expect(answer.body).toMatchObject({ status: 409, code: 'head-moved' });
    }
    expect((await record(`"abc" ,W/"x",${etag}`)).status).toBe(201);
    expect([(await record('*')).status, (await record(' * ')).status]).toEqual([201, 201]);
  });

  test.each(['abc', '"abc', '*, "a"', '"a" "b"', ',', '"a",', 'w/"a"', Array(101).fill('"a"').join()])(
    'If-Match %s is refused',
    async ifMatch => {
      const answer = await writesNothing(async () => post('/stories/count/close', {}, { 'If-Match': ifMatch }));
      expect(answer.body).toMatchObject({ status: 422, errors: [{ field: 'If-Match' }] });
    },
  );

  test.each([
    [404, '/stories/nowhere/close', {}],
    [404, '/stories/nowhere/developments', note()],
    [404, `/stories/count/developments/${nobody}/retract`, { reason: 'so' }],
    [404, `/stories/count/developments/${nobody}/pin`, undefined],
    [404, '/stories/nowhere/conditions/rain/settle', { fate: 'met', reason: 'so' }],
    [404, '/stories/count/conditions/rain/settle', { fate: 'met', reason: 'so' }],
    [404, '/nowhere', {}],
    [422, '/stories/Not-An-Id/close', {}],
    [422, '/stories/count/developments/not-a-uuid/pin', undefined],
    [422, '/stories/count/developments', note({ supersedes: nobody })],
    [422, '/stories/count/developments', undefined],
    [422, '/stories/count/close', { reason: ' ' }],
    [422, '/stories/count/close', { why: 'so' }],
    [409, '/stories', { id: 'count', title: 'Another', zone: 'UTC' }],
    [400, '/stories/%E0%A4%A/close', {}],
  ])('%d is the answer to %s %j, as a problem, and nothing is written', async (status, path, body) => {
    const answer = await writesNothing(async () => post(path, body));
    expect(answer.body).toMatchObject({ status, code: expect.any(String), detail: expect.any(String) });
    expect(answer.headers['content-type']).toMatch(/^application\/problem\+json/);
    expect(answer.status).toBe(status);
  });

  test('to supersede an unknown development gives 404, and to name an unknown one as its successor 422', async () => {
    const { development } = (await post('/stories/count/developments', note())).body;
    const known = await post(`/stories/count/developments/${development}/supersede`, { by: nobody });
    expect(known.body).toMatchObject({ status: 422, errors: [{ field: 'by' }] });
    const unknown = await post(`/stories/count/developments/${nobody}/supersede`, { by: development });
    expect(unknown.body).toMatchObject({ status: 404, code: 'unknown-development' });
  });

  test('to amend an unknown actor gives 404, and an unknown affiliation 422', async () => {
    const put = (body: object) =>
      request(api.app.getHttpServer()).put('/actors/ada').set('Authorization', `Bearer ${api.token}`).send(body);
    const ada = { name: 'Ada', kind: 'person' };
    expect((await put(ada)).body).toMatchObject({ status: 404, code: 'unknown-actor-id' });
    expect((await put({ ...ada, affiliations: ['nobody'] })).body.status).toBe(422);
  });

  test('an id in upper case means the same development, and makes the same command', async () => {
    const { development } = (await post('/stories/count/developments', note())).body;
    const upper = development.toUpperCase();
    const key = { 'Idempotency-Key': 'cased' };
    const first = await post(`/stories/count/developments/${upper}/mark-key`, undefined, key);
    expect([first.status, first.body.development]).toEqual([201, development]);
    const again = await post(`/stories/count/developments/${development}/mark-key`, undefined, key);
    expect([again.status, again.headers['idempotency-replayed']]).toEqual([201, 'true']);
    const other = (await post('/stories/count/developments', note({ supersedes: upper }))).body;
    expect(other).toMatchObject({ status: 'won' });
    const link = { to: upper, as: 'follows' };
    expect((await post(`/stories/count/developments/${other.development}/link`, link)).status).toBe(201);
  });

  test('an unknown command gives 404, and a malformed one 400', async () => {
    expect((await get('/commands/never')).body).toMatchObject({ status: 404, code: 'unknown-command' });
    expect((await get('/commands/%E0%A4%A')).body).toMatchObject({ status: 400 });
  });

  test.each([
    [400, 'application/json', '{"a":'],
    [413, 'application/json', JSON.stringify({ reason: 'x'.repeat(262_144) })],
    [415, 'application/json; charset=koi8-r', '{}'],
    [422, 'application/json', '['.repeat(33) + ']'.repeat(33)],
    [422, 'application/json', '['.repeat(131_000) + ']'.repeat(131_000)],
    [422, 'application/json', 'null'],
    [415, 'text/plain', 'close it'],
  ])('%d is the answer to a bad body of type %s', async (status, type, body) => {
    const answer = await writesNothing(async () =>
      request(api.app.getHttpServer())
        .post('/stories/count/close')
        .set({ Authorization: `Bearer ${api.token}`, 'Content-Type': type })
        .send(body),
    );
    expect(answer.status).toBe(status);
    expect(answer.headers['content-type']).toMatch(/^application\/problem\+json/);
  });

  test('403 names the role that is needed, and 401 asks for a token', async () => {
    const reporter = await devToken(settings, { id: 'r', name: 'R', roles: ['reporter'] });
    const close = (headers: Record<string, string>) =>
      request(api.app.getHttpServer()).post('/stories/count/close').set(headers).send({});
    expect((await close({ Authorization: `Bearer ${reporter}` })).body).toMatchObject({
      status: 403,
      allowed: ['editor'],
    });
    const none = await close({});
    expect([none.status, none.headers['www-authenticate']]).toEqual([401, 'Bearer']);
  });
});
