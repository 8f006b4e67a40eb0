import { inTransaction, openPool, type Client, type Pool } from '#postgres';
import type { RoledApp } from '#rights';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { closeDatabase, signedInAs, withRoles } from '../../../../test/harness/roles.js';
import { testDatabase, type TestDatabase } from '../engine/database.fixture.js';
import { ensureBuild } from './build.js';
import { projections } from '../folds/list.js';
import { endOldTransactions, prepareDatabase } from './rights.js';
import { promote } from './swap.js';

// On our test server each app has a role; the tests of the reader-api's answers cover its rights.
const ifRoles = withRoles() ? describe : describe.skip;

let database: TestDatabase;
let live: string;
let handedOver: string;
const pools = new Map<RoledApp, Pool>();
const development = '00000000-0000-4000-8000-000000000001';

beforeAll(async () => {
  if (!withRoles()) return;
  database = await testDatabase();
  const [url] = (await database.pool.query<{ name: string }>('select current_database() as name')).rows.map(
    ({ name }) => Object.assign(new URL(process.env.DATABASE_URL!), { pathname: `/${name}` }).href,
  ) as [string];
  // The state that an earlier version left: one role made all of it.
  ({ name: handedOver } = await inTransaction(database.pool, 'write', client =>
    ensureBuild(client, projections, 'build_old'),
  ));
  await closeDatabase(url);
  expect(await prepareDatabase({ DATABASE_URL: url })).toBe('roles');
  expect(await prepareDatabase({ DATABASE_URL: url })).toBe('roles');
  for (const app of ['projector', 'editor-api', 'audit', 'reader-api'] as const)
    pools.set(app, openPool(signedInAs(app, url), { application: app, max: 1 }));
  live = await as('projector', async client => {
    const { name } = await ensureBuild(client, projections);
    await promote(client, name);
    return name;
  });
});
afterAll(async () => {
  await Promise.all([...pools.values()].map(pool => pool.end()));
  await database?.drop();
});

const as = <T>(app: RoledApp, run: (client: Client) => Promise<T>) => inTransaction(pools.get(app)!, 'write', run);
const may = (app: RoledApp, sql: string) =>
  pools
    .get(app)!
    .query(sql.replaceAll('LIVE', live))
    .then(
      ({ rowCount }) => (sql.startsWith('select') ? 'done' : rowCount),
      ({ code }: { code: string }) => (code === '42501' ? 'refused' : code),
    );
const key = `insert into dateline_keys.key (development, secret) values (gen_random_uuid()::text, 'x')`;

ifRoles('the editor-api’s role', () => {
  test('the editor-api can create and read keys, and cannot change, destroy or delete one', async () => {
    expect(await may('editor-api', key)).toBe(1);
    expect(await may('editor-api', 'select from dateline_keys.key')).toBe('done');
    for (const sql of [
      'update dateline_keys.key set secret = null, destroyed = now()',
      'delete from dateline_keys.key',
      'drop table dateline_keys.key',
    ])
      expect(await may('editor-api', sql)).toBe('refused');
  });

  test('the editor-api can neither read nor drop a build, nor create a schema', async () => {
    for (const sql of [
      'select from dateline.build',
      'select from LIVE.story',
      'create schema mine',
      'drop schema LIVE cascade',
    ])
      expect(await may('editor-api', sql)).toBe('refused');
  });
});

ifRoles('the sessions of people', () => {
  const session = `insert into dateline_access.session (id, sealed, ends) values ('x', 'y', now())`;

  test('the editor-api keeps them, and cannot change their table', async () => {
    expect(await may('editor-api', session)).toBe(1);
    expect(await may('editor-api', 'delete from dateline_access.session')).toBe(1);
    expect(await may('editor-api', 'drop table dateline_access.session')).toBe('refused');
  });

  test.each<RoledApp>(['projector', 'audit', 'reader-api'])(
    'the role of %s can neither read nor add any',
    async app => {
      for (const sql of [session, 'select from dateline_access.session', 'delete from dateline_access.session'])
        expect(await may(app, sql)).toMatch(/refused|25006/);
    },
  );
});

ifRoles('the auditors’ role', () => {
  test('the audit app can read builds, their tables and the keys', async () => {
    for (const table of ['LIVE.withheld', 'LIVE.commit', 'LIVE.stream', 'dateline.build', 'dateline_keys.key'])
      expect(await may('audit', `select from ${table}`)).toBe('done');
  });

  test('the audit app can change neither builds, keys nor the visibility log', async () => {
    for (const sql of [
      'delete from LIVE.timeline',
      'update LIVE.story_state set status = status',
      key,
      'update dateline_keys.key set secret = null, destroyed = now()',
      'drop schema LIVE cascade',
      `insert into dateline.build (name, made) values ('build_mine', 'x')`,
      `insert into dateline.build (name, made, live) values ('verify_mine', 'x', true)`,
      `insert into dateline.visibility (first, last, at, sent) values (1, 2, 'x', true)`,
      `insert into dateline.refolded (stream, position, times) values ('*', 1, 1)`,
      'delete from dateline.visibility',
    ])
      expect([sql, await may('audit', sql)]).toEqual([sql, 'refused']);
    // The role can change no row that it may not see.
    expect(await may('audit', 'update dateline.build set position = 7')).toBe(0);
    expect(await may('audit', 'delete from dateline.build')).toBe(0);
  });

  test('the audit app cannot make the projector wait: it can lock no build that readers read', async () => {
    const lock = `select name from dateline.build where live for update`;
    expect((await pools.get('audit')!.query(lock)).rows).toEqual([]);
    expect((await pools.get('projector')!.query(lock)).rows).toEqual([{ name: live }]);
  });

  test('the audit app can create a temporary build, which cannot go live and which the projector can drop', async () => {
    const { name } = await as('audit', client => ensureBuild(client, projections, 'verify_x'));
    expect(await may('audit', `update dateline.build set position = 1 where name = 'verify_x'`)).toBe(1);
    expect(await may('audit', `update dateline.build set live = true where name = 'verify_x'`)).toBe('refused');
    expect(await may('projector', `drop schema ${name} cascade`)).toBeNull();
    expect(await may('projector', `delete from dateline.build where name = 'verify_x'`)).toBe(1);
  });
});

ifRoles('the projector’s role', () => {
  test('the projector can write to and drop a build that was created before it had its role', async () => {
    expect(
      await may('projector', `insert into ${handedOver}.stream (id, name, head, seq) values ('a', '"a"', 'b', 1)`),
    ).toBe(1);
    expect(await may('projector', `drop schema ${handedOver} cascade`)).toBeNull();
  });

  test("the projector can end readers' transactions that are too old, and no auditor's", async () => {
    const hold = async (pool: Pool) => {
      const client = await pool.connect();
      client.on('error', () => undefined);
      await client.query('set transaction_timeout = 0; set idle_in_transaction_session_timeout = 0');
      await client.query('begin; select 1');
      return client;
    };
    const [reader, auditor] = [await hold(pools.get('reader-api')!), await hold(pools.get('audit')!)];
    expect(await endOldTransactions(pools.get('projector')!)).toBe(0);
    await new Promise(resolve => setTimeout(resolve, 60));
    expect(await endOldTransactions(pools.get('projector')!, 50)).toBe(1);
    await expect(reader.query('select 1')).rejects.toThrow();
    await auditor.query('commit');
    reader.release(true);
    auditor.release();
  });

  test('the projector can destroy keys, and cannot delete their rows', async () => {
    const destroy = `update dateline_keys.key set secret = null, destroyed = now() where development = '${development}'`;
    expect(await may('projector', destroy)).toEqual(expect.any(Number));
    expect(await may('projector', 'delete from dateline_keys.key')).toBe('refused');
  });
});
