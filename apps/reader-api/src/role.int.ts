import { storyStream, type OpaqueEvent } from '#domain';
import { openPool, type Pool } from '#postgres';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import request from 'supertest';
import { signedInAs, withRoles } from '../../../test/harness/roles.js';
import { corrected, listeningReader, meeting, recorded, takenDown, TestNewsroom } from './newsroom.fixture.js';
import { pauseMs } from './live/change-listener.js';
import { LiveStreams } from './live/streams.js';

// What an attacker could do with the reader-api's database address. The roles exist only on the test suite's own server.
const ifRoles = withRoles() ? describe : describe.skip;

let database: Awaited<ReturnType<typeof TestNewsroom.database>>;
let newsroom: TestNewsroom;
let reader: Awaited<ReturnType<typeof listeningReader>>;
let attacker: Pool;

const stream = storyStream('talks');
const ids = Array.from({ length: 6 }, () => randomUUID());
const [shown, lifted, embargoed, dated, gone, unknown] = ids as [string, string, string, string, string, string];
const canary = (id: string) => `canary${id.slice(0, 8)}`;
const withText = (id: string) => meeting(['ada'], { headline: canary(id), body: `${canary(id)} body` });
const under = (development: string, more: object = {}): OpaqueEvent[] => [
  recorded(development, withText(development)),
  { type: 'DevelopmentEmbargoed', data: { development, ...more } } as OpaqueEvent,
];
/** The developments that readers never saw. */
const secret = () => [embargoed, dated, gone];

beforeAll(async () => {
  database = await TestNewsroom.database();
  newsroom = await TestNewsroom.on(database.databaseUrl);
  await newsroom.openStory('talks');
  await newsroom.register('ada', 'Ada');
  await newsroom.post(stream, recorded(shown, withText(shown)));
  await newsroom.post(stream, ...under(embargoed));
  await newsroom.post(stream, corrected(embargoed, withText(embargoed), canary(embargoed), canary(embargoed)));
  await newsroom.post(stream, ...under(dated, { until: '2099-01-01T00:00:00.000Z' }));
  await newsroom.post(stream, ...under(lifted));
  await newsroom.post(stream, { type: 'EmbargoLifted', data: { development: lifted } });
  await newsroom.post(stream, ...under(gone));
  await newsroom.post(stream, ...takenDown(gone));
  // The log may hold keys of developments that the build does not know yet.
  await newsroom.keys.keyFor(unknown);
  reader = await listeningReader(database.databaseUrl);
  const writing = Object.assign(new URL(signedInAs('reader-api', database.databaseUrl)), {
    search: `options=${encodeURIComponent('-c default_transaction_read_only=off')}`,
  });
  attacker = openPool(writing.href, { application: 'attacker', max: 1 });
});
afterAll(async () => {
  jest.restoreAllMocks();
  await attacker?.end();
  await reader?.close();
  await newsroom?.close();
  await database?.drop();
});

const refused = (sql: string) =>
  attacker
    .query(sql)
    .then(
      () => 'done',
      ({ code }: { code: string }) => (code === '42501' ? 'refused' : code),
    )
    .finally(() => attacker.query('rollback'));

ifRoles('the database role of the reader-api', () => {
  it('the role can read what readers see, and nothing else', async () => {
    const { rows } = await attacker.query<{ name: string }>(
      `select format('%I.%I', nspname, relname) as name from pg_class join pg_namespace on pg_namespace.oid = relnamespace
       where relkind in ('r', 'v', 'm', 'p', 'f', 'S') and nspname not in ('pg_catalog', 'information_schema', 'pg_toast')
         and has_schema_privilege(nspname, 'usage') and has_table_privilege(pg_class.oid, 'select') order by 1`,
    );
    const own = [
      'actor_citation',
      'actor_mark',
      'actor_mention',
      'key_point',
      'readable_actor',
      'readable_actor_change',
      'search',
      'shown_commit',
      'story',
      'story_header',
      'timeline',
      'timeline_change',
    ];
    expect(rows.map(({ name }) => name)).toEqual([
      ...own.map(table => `${newsroom.build}.${table}`),
      ...own.map(table => `${newsroom.build}_at.${table}`),
      ...['actor_citation', 'actor_mark', 'timeline'].map(table => `${newsroom.build}_by.${table}`),
      ...['build', 'refolded', 'visibility'].map(table => `dateline.${table}`),
    ]);
    let all = '';
    await attacker.query(`set dateline.at = 1000000`);
    await attacker.query(`set dateline.begun = 9e15`);
    for (const { name } of rows) all += JSON.stringify((await attacker.query(`select * from ${name}`)).rows);
    expect(all).toContain(canary(shown));
    expect(all).toContain(canary(lifted));
    for (const id of secret()) expect(all).not.toContain(canary(id));
  });

  it('the role can read no editor’s id, no digest and no encrypted payload', async () => {
    let all = '';
    for (const table of ['timeline', 'timeline_change', 'shown_commit', 'search'])
      all += JSON.stringify((await attacker.query(`select * from ${newsroom.build}.${table}`)).rows);
    expect(all).toContain('Test Editor');
    expect(all).not.toContain('test-editor');
    expect(all).not.toMatch(/digest|eyJ/);
  });

  it.each([
    ['the keys', 'select * from dateline_keys.key'],
    ['a count of the keys', 'select count(*) from dateline_keys.key'],
    ['sealed commits', 'select * from BUILD.commit'],
    ['passwords of roles', 'select * from pg_authid'],
    ['withheld rows', 'select * from BUILD.withheld'],
    ['quarantined records', 'select * from BUILD.quarantined'],
    ['files', `select pg_read_file('PG_VERSION')`],
    ['programs', `copy (select 1) to program 'true'`],
    ['another role', 'set role dateline_projector'],
    ['a change of a checkpoint', 'update dateline.build set position = 0'],
    ['the deletion of a build', 'delete from dateline.build'],
    ['the deletion of an entry', 'delete from BUILD.timeline'],
    ['an inserted row', `insert into dateline.refolded (stream, position, times) values ('*', 1, 1)`],
    ['a table', 'create table public.mine (a text)'],
    ['a temporary table', 'create temporary table mine (a text)'],
    ['a schema', 'create schema mine'],
    ['a large object', `select lo_from_bytea(0, 'x')`],
    ['a log record', `select pg_logical_emit_message(false, 'x', 'y')`],
    ['an anonymous code block', 'do $$ begin perform 1; end $$'],
    ['the lock for a swap', `select pg_advisory_lock(hashtextextended('dateline swap', 0))`],
    ['a shared advisory lock', `select pg_try_advisory_lock_shared(1, 2)`],
    ['an advisory lock for a transaction', 'select pg_advisory_xact_lock(1)'],
    ['a lock on a table', 'begin; lock table dateline.build in row exclusive mode'],
    ['a lock on a row', 'select * from dateline.build for update'],
    ['another limit on disk use', `set temp_file_limit = '-1'`],
  ])('the role is refused %s', async (_, sql) => {
    expect(await refused(sql.replace('BUILD', newsroom.build))).toBe('refused');
  });

  it('the role cannot connect to another database', async () => {
    for (const other of ['postgres', 'template1']) {
      const url = Object.assign(new URL(signedInAs('reader-api', database.databaseUrl)), { pathname: `/${other}` });
      const client = new pg.Client(url.href);
      await expect(client.connect()).rejects.toMatchObject({ code: '42501' });
    }
  });

  it('the role has timeouts, a limit on disk use and a limit on connections', async () => {
    const { rows } = await attacker.query(
      `select current_setting('idle_in_transaction_session_timeout') as idle, current_setting('transaction_timeout') as whole,
         current_setting('lock_timeout') as lock, current_setting('temp_file_limit') as disk, rolconnlimit as connections
       from pg_roles where rolname = current_user`,
    );
    expect(rows).toEqual([{ idle: '30s', whole: '1min', lock: '5s', disk: '256MB', connections: 92 }]);
  });
});

describe('a read of the past of a story with embargoes', () => {
  it('the read uses no key, no commit of the log and no withheld row', async () => {
    // Every statement that a connection of this process sends.
    const asked: string[] = [];
    const ask = pg.Client.prototype.query as unknown as (...args: unknown[]) => Promise<unknown>;
    jest.spyOn(pg.Client.prototype, 'query').mockImplementation(function (this: pg.Client, ...args: unknown[]) {
      const [text] = args as [string | { text: string }];
      asked.push(typeof text === 'string' ? text : text.text);
      return ask.apply(this, args);
    } as never);
    const { position } = (await request(reader.url).get('/stories/talks').expect(200)).body;
    for (const query of ['happenedBy=2026-06-01T00:00:00Z', `position=${position}`])
      for (const path of ['/timeline', '/actors'])
        await request(reader.url).get(`/stories/talks${path}?${query}`).expect(200);
    const page = await request(reader.url).get(`/s/talks/history?position=${position}`).set('Accept', 'text/html');
    expect(page.status).toBe(200);
    expect(asked.length).toBeGreaterThan(10);
    for (const sql of asked) expect(sql).not.toMatch(/dateline_keys|(from|join) commit\b|withheld/);
  });
});

ifRoles('forged notifications from the database', () => {
  it('a flood of them moves no reader and wakes the streams only once per pause', async () => {
    const streams = reader.app.get(LiveStreams);
    const before = streams.position;
    const wakes = jest.spyOn(streams, 'wake');
    const began = performance.now();
    for (let n = 0; n < 500; n++) await attacker.query(`select 1; notify dateline, '{"position":${n + 1_000}}'`);
    await sleep(100);
    expect(wakes.mock.calls.length).toBeGreaterThan(0);
    expect(wakes.mock.calls.length).toBeLessThanOrEqual((performance.now() - began) / pauseMs + 1);
    expect(streams.position).toBe(before);
  });
});
