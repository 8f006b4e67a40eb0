import { devToken, type Role } from '#platform';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import request from 'supertest';
import { draftBounds } from '#contract';
import { migrate } from '#postgres';
import { draftKeyId, openDraftKeys, type KeyStore } from '#keys';
import { testDatabase, until, type TestDatabase } from '../../libs/postgres/src/database.fixture.js';
import { statement } from '../pages/posting.js';
import { DeskApp } from './desk-app.fixture.js';

let database: TestDatabase;
let api: DeskApp;
let keys: KeyStore;
let [ada, ben, rita, aud, lea]: Person[] = [];

async function person(id: string, ...roles: Role[]) {
  const token = await devToken(api.settings, { id, name: id, roles });
  const as =
    (method: 'get' | 'post' | 'put') =>
    (path: string, body?: object, headers: Record<string, string> = {}) => {
      const asking = request(api.app.getHttpServer());
      return asking[method](path)
        .set({ Authorization: `Bearer ${token}`, ...headers })
        .send(body);
    };
  return { get: as('get'), post: as('post'), put: as('put'), token };
}
type Person = Awaited<ReturnType<typeof person>>;

beforeAll(async () => {
  database = await testDatabase();
  await migrate(database.url, { dir: 'libs/postgres/access', schema: 'dateline_access' });
  api = new DeskApp(database.url);
  await api.open();
  keys = openDraftKeys(api.keySettings);
  [ada, ben] = [await person('ada', 'editor'), await person('ben', 'editor')];
  [rita, aud] = [await person('rita', 'reporter'), await person('aud', 'auditor')];
  lea = await person('lea', 'legal');
});
afterAll(async () => {
  await api?.close();
  await database?.drop();
});

let begun = 0;
const fresh = () => `/stories/count/drafts/desk-${++begun}`;
const idIn = (path: string) => path.split('/').at(-1)!;
const saying = (body: string, version = 0, more: object = {}) => ({
  version,
  act: 'record',
  value: { content: { kind: 'update', body } },
  ...more,
});
const rowsOf = async (path: string) =>
  JSON.stringify([
    (await database.run('select * from dateline_access.draft where id = $1', [idIn(path)])).rows,
    (await database.run('select * from dateline_access.draft_version where draft = $1', [idIn(path)])).rows,
  ]);

describe('a draft', () => {
  test('what one person saves, a colleague reads, with who wrote it; the tables and the log hold no word of it', async () => {
    const path = fresh();
    const records = api.log.records.length;
    expect((await ada!.put(path, saying('The canary sings'))).body).toEqual({ version: 1 });
    expect((await ada!.put(path, saying('The canary sings again', 1))).body).toEqual({ version: 2 });
    const { body } = await ben!.get(path);
    expect(body).toMatchObject({
      ...{ id: idIn(path), version: 2, act: 'record', holder: { id: 'ada', name: 'ada' }, by: { id: 'ada' } },
      value: { content: { kind: 'update', body: 'The canary sings again' } },
    });
    // Savings of one person within a minute are one version.
    expect(body.versions).toEqual([expect.objectContaining({ version: 2, by: { id: 'ada', name: 'ada' } })]);
    const { drafts } = (await ben!.get('/stories/count/drafts')).body;
    expect(drafts[0]).toMatchObject({ id: idIn(path), words: 'The canary sings again' });
    expect(await rowsOf(path)).not.toContain('canary');
    expect(api.log.records.length).toBe(records);
  });

  test('of two that save on one version, one is told, with what the draft holds; nothing is lost', async () => {
    const path = fresh();
    await ada!.put(path, saying('One'));
    const [first, second] = await Promise.all([
      ada!.put(path, saying('One, by Ada', 1)),
      ben!.put(path, saying('One, by Ben', 1)),
    ]);
    expect([first.status, second.status].sort()).toEqual([200, 409]);
    const refused = first.status === 409 ? first : second;
    const winner = first.status === 409 ? 'Ben' : 'Ada';
    expect(refused.body).toMatchObject({
      code: 'draft-changed',
      errors: [{ field: 'version', allowed: [2] }],
      draft: { version: 2, value: { content: { body: `One, by ${winner}` } } },
    });
    expect((await ada!.get(path)).body.value.content.body).toBe(`One, by ${winner}`);
  });

  test('a save whose answer was lost can be sent again', async () => {
    const path = fresh();
    for (const version of [0, 0, 1, 1]) expect((await ada!.put(path, saying(`v${version}`, version))).status).toBe(200);
    expect((await ada!.get(path)).body.version).toBe(2);
    // The same words of another person are a conflict: who wrote them must be true.
    expect((await ben!.put(path, saying('v1', 1))).status).toBe(409);
  });

  test('the versions say who wrote what, and the latest of them can be read', async () => {
    const path = fresh();
    await ada!.put(path, saying('By Ada'));
    await ben!.put(path, saying('By Ben', 1));
    await ada!.put(path, saying('By Ada again', 2));
    const { versions } = (await ada!.get(path)).body;
    expect(versions.map(({ version, by }: { version: number; by: { id: string } }) => [version, by.id])).toEqual([
      [3, 'ada'],
      [2, 'ben'],
      [1, 'ada'],
    ]);
    expect((await ben!.get(`${path}/versions/1`)).body).toMatchObject({
      by: { id: 'ada' },
      value: { content: { body: 'By Ada' } },
    });
    const unknown = await ben!.get(`${path}/versions/9`);
    expect([unknown.status, unknown.body.allowed]).toEqual([404, [3, 2, 1]]);
  });

  test('the latest versions are kept, as many as there may be', async () => {
    const path = fresh();
    for (let version = 0; version <= draftBounds.versions; version++)
      expect((await (version % 2 ? ada : ben)!.put(path, saying(`v${version + 1}`, version))).status).toBe(200);
    const { versions } = (await ada!.get(path)).body;
    expect(versions.map(({ version }: { version: number }) => version)).toEqual(
      Array.from({ length: draftBounds.versions }, (_, index) => draftBounds.versions + 1 - index),
    );
  });

  test('it is taken over and handed over, and a stale page is told', async () => {
    const path = fresh();
    await ada!.put(path, saying('Mine'));
    const taken = await ben!.post(`${path}/take-over`, { version: 1 });
    expect(taken.body).toMatchObject({ version: 2, holder: { id: 'ben' }, by: { id: 'ada' } });
    expect((await ada!.put(path, saying('Still mine', 1))).body).toMatchObject({
      code: 'draft-changed',
      draft: { holder: { id: 'ben' } },
    });
    const handed = await ben!.post(`${path}/hand-over`, { version: 2, to: { id: 'rita', name: 'Rita' } });
    expect(handed.body).toMatchObject({ version: 3, holder: { id: 'rita', name: 'Rita' } });
    expect((await ben!.post(`${path}/take-over`, { version: 2 })).status).toBe(409);
  });

  test('discarding destroys the key and the words; a later request learns who discarded it', async () => {
    const path = fresh();
    await ada!.put(path, saying('Away with the canary'));
    const id = draftKeyId(idIn(path));
    expect((await keys.keysOf([id])).get(id)).toHaveProperty('secret');
    expect((await ben!.post(`${path}/discard`, { version: 7 })).status).toBe(409);
    const ended = await ben!.post(`${path}/discard`, { version: 1 });
    expect(ended.body).toMatchObject({ how: 'discarded', by: { id: 'ben' } });
    expect((await keys.keysOf([id])).get(id)).toHaveProperty('destroyed');
    expect(
      (await database.run('select from dateline_access.draft_version where draft = $1', [idIn(path)])).rows,
    ).toEqual([]);
    for (const answer of [
      await ada!.get(path),
      await ada!.put(path, saying('x', 1)),
      await ada!.put(path, saying('x')),
    ])
      expect(answer).toMatchObject({ status: 410, body: { code: 'draft-ended', ended: { by: { id: 'ben' } } } });
    const { drafts } = (await ada!.get('/stories/count/drafts')).body;
    expect(drafts.map((draft: { id: string }) => draft.id)).not.toContain(idIn(path));
  });

  test('a draft whose key store failed at the end has no words at once, and loses its key later', async () => {
    const path = fresh();
    await ada!.put(path, saying('Gone'));
    const { store } = api.watch.drafts;
    await store.end(idIn(path), 'count', 1, { id: 'ada' }, 'discarded');
    const id = draftKeyId(idIn(path));
    expect((await keys.keysOf([id])).get(id)).toHaveProperty('secret');
    await api.watch.drafts.destroyLeft();
    expect((await keys.keysOf([id])).get(id)).toHaveProperty('destroyed');
  });

  test('a draft whose command is in the log leaves the list as posted', async () => {
    const path = fresh();
    const { value } = saying('It is news');
    await ada!.put(path, saying('It is news'));
    await ada!.post('/stories/count/developments', value, { 'Idempotency-Key': idIn(path) });
    const { drafts } = (await ben!.get('/stories/count/drafts')).body;
    expect(drafts.map((draft: { id: string }) => draft.id)).not.toContain(idIn(path));
    expect((await ben!.get(path)).body.ended).toMatchObject({ how: 'posted', by: { id: 'ada' } });
    // Ada's desk ends the draft that it posted; the list was faster.
    const ended = await ada!.post(`${path}/discard`, { version: 1 });
    expect(ended).toMatchObject({ status: 200, body: { how: 'posted', by: { id: 'ada' } } });
  });

  test('it ends as posted by somebody who neither holds it nor wrote it last, also if their desk died after the post', async () => {
    const posted = { status: 410, body: { ended: { how: 'posted', by: { id: 'ada' } } } };
    for (const isAlive of [true, false]) {
      const path = fresh();
      await ada!.put(path, saying('It is news'));
      await ben!.post(`${path}/take-over`, { version: 1 });
      expect((await ben!.put(path, saying('It is great news', 2))).body).toEqual({ version: 3 });
      const { value } = saying('It is great news');
      const recorded = await ada!.post('/stories/count/developments', value, { 'Idempotency-Key': idIn(path) });
      expect(recorded.status).toBe(201);
      if (isAlive) {
        const ended = await ada!.post(`${path}/discard`, { version: 3 });
        expect(ended).toMatchObject({ status: 200, body: { how: 'posted', by: { id: 'ada' } } });
      }
      const { drafts } = (await ben!.get('/stories/count/drafts')).body;
      expect(drafts.map((draft: { id: string }) => draft.id)).not.toContain(idIn(path));
      expect(await ben!.get(path)).toMatchObject(posted);
    }
  });

  test('a save of a colleague after the post is refused, and says who posted; nothing is acknowledged and then destroyed', async () => {
    const path = fresh();
    await ada!.put(path, saying('It is news'));
    await ben!.put(path, saying('It is great news', 1));
    const { value } = saying('It is great news');
    const posted = await ada!.post('/stories/count/developments', value, { 'Idempotency-Key': idIn(path) });
    expect(posted.status).toBe(201);
    const answer = await ben!.put(path, saying('It is the greatest news', 2));
    const ended = { how: 'posted', by: { id: 'ada', name: 'ada' } };
    expect(answer).toMatchObject({ status: 410, body: { code: 'draft-ended', ended } });
    const id = draftKeyId(idIn(path));
    expect((await keys.keysOf([id])).get(id)).toHaveProperty('destroyed');
    expect(await ben!.put(path, saying('It is the greatest news', 2))).toMatchObject({ status: 410, body: { ended } });
  });

  test('what is meant for an embargo is for those who may read it, and for its holder', async () => {
    const content = statement('ada', 'Not yet');
    await api.post('/actors', { id: 'ada', name: 'Ada', kind: 'person' });
    const { development } = (await ada!.post('/stories/count/developments', { content, embargo: {} })).body;
    const [correcting, embargoed] = [fresh(), fresh()];
    expect((await ada!.put(correcting, saying('x', 0, { act: 'correct', target: development }))).status).toBe(200);
    const value = { content: { kind: 'update', body: 'Secret' }, embargo: {} };
    expect((await ben!.put(embargoed, saying('', 0, { value }))).status).toBe(200);
    for (const path of [correcting, embargoed]) {
      expect((await rita!.get(path)).status).toBe(404);
      // Version 0 begins a draft. Nobody learns from it what another one holds.
      for (const version of [0, 1]) expect((await rita!.put(path, saying('y', version))).status).toBe(404);
      expect((await rita!.post(`${path}/take-over`, { version: 1 })).status).toBe(404);
      const { drafts } = (await rita!.get('/stories/count/drafts')).body;
      expect(drafts.map((draft: { id: string }) => draft.id)).not.toContain(idIn(path));
    }
    await ada!.post(`${embargoed}/hand-over`, { version: 1, to: { id: 'rita' } });
    expect((await rita!.get(embargoed)).status).toBe(200);
  });

  test('a former version that was meant for an embargo stays hidden when the draft is no longer', async () => {
    const path = fresh();
    const value = { content: { kind: 'update', body: 'Secret' }, embargo: {} };
    expect((await ben!.put(path, saying('', 0, { value }))).status).toBe(200);
    expect((await ada!.put(path, saying('Harmless', 1))).status).toBe(200);
    expect((await rita!.get(path)).status).toBe(200);
    expect((await rita!.get(`${path}/versions/2`)).status).toBe(200);
    expect(await rita!.get(`${path}/versions/1`)).toMatchObject({ status: 404, body: { code: 'unknown-version' } });
    expect((await rita!.post(`${path}/take-over`, { version: 2 })).status).toBe(200);
    expect((await rita!.get(`${path}/versions/1`)).status).toBe(404);
    expect((await ada!.get(`${path}/versions/1`)).body.value.content.body).toBe('Secret');
  });

  test('a save changes neither what a draft becomes nor what it corrects', async () => {
    const { development } = (await ada!.post('/stories/count/developments', saying('It sang').value)).body;
    const [path, other] = [fresh(), fresh()];
    const correcting = { act: 'correct', target: development };
    expect((await ada!.put(path, saying('It sang twice', 0, correcting))).status).toBe(200);
    expect((await ada!.put(other, saying('Something else'))).status).toBe(200);
    const fields = (answer: { body: { errors: { field: string }[] } }) => answer.body.errors.map(({ field }) => field);
    const refusals = [await ada!.put(path, saying('Harmless', 1)), await ada!.put(other, saying('x', 1, correcting))];
    for (const refused of refusals) expect([refused.status, fields(refused)]).toEqual([422, ['act', 'target']]);
    expect((await ada!.put(path, saying('It sang three times', 1, correcting))).body).toEqual({ version: 2 });
  });

  /** Drafts that correct a development, which two people have taken down since, and another such draft to save. */
  async function ofTakenDown(count: number) {
    const { value } = saying('The canary sang');
    const { development } = (await ada!.post('/stories/count/developments', value)).body;
    const correction = (version = 0) =>
      saying('The canary sang twice', version, { act: 'correct', target: development, was: value.content });
    const paths = Array.from({ length: count }, fresh);
    for (const path of paths) expect((await ben!.put(path, correction())).status).toBe(200);
    const takedown = { ground: 'legal', reason: 'Order 5.' };
    const proposed = await lea!.post(`/stories/count/developments/${development}/propose-takedown`, takedown);
    expect((await ada!.post(`/stories/count/proposals/${proposed.body.commit}/approve`)).status).toBe(201);
    return { paths, correction };
  }
  const takenDown = {
    status: 410,
    body: { code: 'draft-ended', ended: { how: 'taken-down', by: { id: 'dateline' } } },
  };
  const keyOf = async (path: string) => {
    const id = draftKeyId(idIn(path));
    return (await keys.keysOf([id])).get(id);
  };

  test('a correction of what was taken down ends with its key once somebody reads, saves or lists it, and none begins', async () => {
    const { paths, correction } = await ofTakenDown(4);
    const [read, former, saved, listed] = paths as [string, string, string, string];
    expect(await ada!.get(read)).toMatchObject(takenDown);
    expect(await ada!.get(`${former}/versions/1`)).toMatchObject(takenDown);
    expect(await ben!.put(saved, correction(1))).toMatchObject(takenDown);
    const { drafts } = (await ada!.get('/stories/count/drafts')).body;
    expect(drafts.map((draft: { id: string }) => draft.id)).not.toContain(idIn(listed));
    for (const path of paths) {
      expect(await keyOf(path)).toHaveProperty('destroyed');
      expect(await ben!.get(path)).toMatchObject(takenDown);
    }
    expect(await ben!.put(fresh(), correction())).toMatchObject({
      status: 409,
      body: { code: 'development-taken-down' },
    });
  });

  test('a correction of what was taken down ends with its key although nobody opens it, also beside a damaged draft', async () => {
    await database.run(
      `insert into dateline_access.draft (id, story, version, holder, summary) values ('a-damaged', 'elsewhere', 1, 'ada', 'x')`,
    );
    const [path] = (await ofTakenDown(1)).paths as [string];
    await api.watch.sweep();
    expect(await keyOf(path)).toHaveProperty('destroyed');
    expect(
      (await database.run('select from dateline_access.draft_version where draft = $1', [idIn(path)])).rows,
    ).toEqual([]);
    expect(await ben!.get(path)).toMatchObject(takenDown);
  });

  test('wrong input is refused with the field and what it must be', async () => {
    const target = '11111111-1111-4111-8111-111111111111';
    const refusals: [object, string][] = [
      [saying('x', -1), 'version'],
      [saying('x', 0, { act: 'pin' }), 'act'],
      [saying('x', 0, { target }), 'target'],
      [saying('x', 0, { act: 'correct' }), 'target'],
      [saying('x', 0, { act: 'correct', target }), 'target'],
      [saying('\uffff'), 'value.content.body'],
    ];
    for (const [body, field] of refusals)
      expect(await ada!.put(fresh(), body)).toMatchObject({ status: 422, body: { errors: [{ field }] } });
    expect((await ada!.put('/stories/none/drafts/x', saying('x'))).status).toBe(404);
    expect((await ada!.put(fresh(), saying('x', 3))).status).toBe(404);
    expect((await aud!.get('/stories/count/drafts')).status).toBe(403);
  });

  test('a story has so many drafts and no more', async () => {
    await api.post('/stories', { id: 'full', title: 'Full', zone: 'UTC' });
    await database.run(
      `insert into dateline_access.draft (id, story, version, holder, summary)
       select 'full-' || n, 'full', 1, 'ada', 'x' from generate_series(1, ${draftBounds.ofStory - 1}) n`,
    );
    expect((await ada!.put('/stories/full/drafts/last', saying('x'))).status).toBe(200);
    expect((await ada!.put('/stories/full/drafts/more', saying('x'))).body).toMatchObject({
      code: 'too-many',
      allowed: draftBounds.ofStory,
    });
    expect((await ada!.put('/stories/full/drafts/last', saying('y', 1))).status).toBe(200);
  });
});

describe('presence', () => {
  const say = (who: Person, does: string, more: object = {}) =>
    who.post('/stories/count/presence', { tab: 'one', does, ...more });
  const names = (body: { people: { person: { id: string }; does: string }[] }) =>
    body.people.map(({ person, does }) => `${person.id} ${does}`);

  test('each sees what the others say, until they leave or do not say it again', async () => {
    await say(ada!, 'writing');
    const { body } = await say(ben!, 'correcting', { target: '11111111-1111-4111-8111-111111111111' });
    expect(names(body)).toEqual(['ada writing', 'ben correcting']);
    const since = body.people[1].since;
    expect((await say(ben!, 'here')).body.people[1].since >= since).toBe(true);
    expect(names((await say(ben!, 'gone')).body)).toEqual(['ada writing']);
    // The lease of a desk that died has ended.
    await database.run(`update dateline_access.presence set ends = now() where person = 'ada'`);
    expect(names((await say(lea!, 'here')).body)).toEqual(['lea here']);
    await say(lea!, 'gone');
    // Who only looks on is not shown.
    expect((await say(aud!, 'here')).status).toBe(403);
  });

  test('one person’s pages are at most ten', async () => {
    for (let tab = 0; tab < 12; tab++) await ada!.post('/stories/count/presence', { tab: `t${tab}`, does: 'here' });
    expect((await say(ben!, 'here')).body.people).toHaveLength(11);
    await database.run('delete from dateline_access.presence');
  });

  test('the feed tells of people and drafts, also of other processes, and the log holds none of it', async () => {
    const records = api.log.records.length;
    const over = new AbortController();
    const response = await fetch(`${await api.app.getUrl()}/stories/count/feed`, {
      headers: { Authorization: `Bearer ${ada!.token}` },
      signal: over.signal,
    });
    let got = '';
    const reading = (async () => {
      for await (const chunk of response.body!) got += Buffer.from(chunk as Uint8Array).toString();
    })().catch(() => undefined);
    await say(ben!, 'writing');
    await until(() => got.includes('"does":"writing"'));
    // As another editor-api would.
    await database.run(
      `insert into dateline_access.presence (story, person, tab, does, ends) values ('count', 'cleo', 'x', 'correcting', now() + interval '1 minute')`,
    );
    await until(() => got.includes('"id":"cleo"'));
    await database.run(`update dateline_access.presence set ends = now() where person = 'cleo'`);
    await until(() => !got.split('event: presence').at(-1)!.includes('cleo'));
    const path = fresh();
    await ben!.put(path, saying('x'));
    await until(() => got.includes(`{"id":"${idIn(path)}","version":1}`));
    over.abort();
    await reading;
    expect(api.log.records.length).toBe(records);
  });
});
