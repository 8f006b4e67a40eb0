import { addressOf, inTransaction, makeRoles, openPool, passwordsUnder } from '#postgres';
import { ensureBuild, prepareDatabase, projections, promote } from '#projections';
import { rights, rightsOn, roledApps, type AppRights, type RoledApp } from '#rights';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { withRoles } from '../harness/roles.js';
import {
  attempt,
  attemptsOn,
  nameOf,
  relationsOf,
  routinesOf,
  type Relation,
  type Routine,
  type Verb,
} from './attempts.js';
import { dangerous, everybodysVolatile, onServer, ownersStatistics, secretCatalogues, tooLate } from './server.js';

// Signs in as each app and tries everything that the catalogue of the database lists. `libs/rights` says what must work; all else must
// be refused. The roles exist only on the test suite's own server.
const ifRoles = withRoles() ? describe : describe.skip;

const server = process.env.DATABASE_URL!;
const passwordOf = passwordsUnder(server);
const name = `rights_${randomUUID().replaceAll('-', '')}`;
const url = Object.assign(new URL(server), { pathname: `/${name}` }).href;
const clients = new Map<RoledApp, pg.Client>();
let admin: pg.Client;
let live: string;
let relations: Relation[];
let routines: Routine[];
/** How much was tried as each app. */
const tried = Object.fromEntries(roledApps.map(app => [app, 0])) as Record<RoledApp, number>;

const connected = async (address: string) => {
  const client = new pg.Client(address);
  await client.connect();
  return client;
};

beforeAll(async () => {
  if (!withRoles()) return;
  const onPostgres = await connected(server);
  await onPostgres.query(`create database ${name} owner dateline`);
  await onPostgres.end();
  await makeRoles(url, passwordOf, { onServer: false });
  expect(await prepareDatabase({ DATABASE_URL: addressOf(url, 'prepare', passwordOf) })).toBe('roles');
  const as = async (app: RoledApp, folder?: string) => {
    const pool = openPool(addressOf(url, app, passwordOf), { application: app, max: 1 });
    const build = await inTransaction(pool, 'write', async client => {
      const made = await ensureBuild(client, projections, folder);
      if (!folder) await promote(client, made.name);
      return made.name;
    });
    await pool.end();
    return build;
  };
  live = await as('projector');
  await as('audit', 'verify_mine');
  admin = await connected(url);
  [relations, routines] = [await relationsOf(admin), await routinesOf(admin)];
  for (const app of roledApps) {
    // A session may lift the limits that its role begins with.
    const options =
      '-c default_transaction_read_only=off -c statement_timeout=20s -c dateline.at=1 -c dateline.begun=1';
    const address = new URL(addressOf(url, app, passwordOf));
    address.search = `options=${encodeURIComponent(options)}`;
    clients.set(app, await connected(address.href));
  }
});
afterAll(async () => {
  if (!withRoles()) return;
  await Promise.all([admin, ...clients.values()].map(client => client?.end()));
  const onPostgres = await connected(server);
  await onPostgres.query(`drop database ${name} with (force)`);
  await onPostgres.end();
});

const tryAs = (app: RoledApp, ...[it]: Parameters<typeof attempt> extends [unknown, infer A] ? [A] : never) => {
  tried[app]++;
  return attempt(clients.get(app)!, it);
};

/** The app, and those whose rights it has too. */
const allOf = (app: RoledApp): RoledApp[] => [app, ...rights[app].also.flatMap(allOf)];
const isBuild = (schema: string) => schema.startsWith('build') || schema.startsWith('verify_');
const isSystem = (schema: string) => /^(pg_|information_schema$)/.test(schema);
/** The app that owns a schema that is not the system's. */
const ownerOf = (schema: string): RoledApp =>
  schema.startsWith('verify_') ? 'audit' : isBuild(schema) ? 'projector' : 'prepare';
/** What comes with the right to locks. */
const withLocks = /^pg_((try_)?advisory_\w+|notify|logical_emit_message|export_snapshot)\(/;
const readable = new Set(projections.flatMap(({ readers = [] }) => readers));

/** Whether the table of rights allows it to this app itself. */
function allowed(app: RoledApp, relation: Relation, verb: Verb): boolean {
  const { schema } = relation;
  const { builds } = rights[app] as AppRights;
  const at = nameOf(relation);
  // Everybody may see what the database consists of, and may change settings of the own session.
  if (isSystem(schema))
    return verb === 'select'
      ? schema !== 'pg_toast' && !secretCatalogues.has(at)
      : `${verb} ${at}` === 'update pg_catalog.pg_settings';
  if (ownerOf(schema) === app) return true;
  if (isBuild(schema)) {
    if (verb !== 'select') return false;
    return (
      builds.includes('selects') ||
      (builds.includes('readable') && schema.startsWith(live) && readable.has(relation.name))
    );
  }
  const own = rightsOn(app, at) as readonly string[];
  return verb === 'lock' ? ['update', 'delete', 'maintain'].some(right => own.includes(right)) : own.includes(verb);
}

ifRoles('what each app can do on Postgres', () => {
  test('every relation that the table of rights names exists', () => {
    const there = relations.map(nameOf);
    for (const app of roledApps) expect(there).toEqual(expect.arrayContaining(Object.keys(rights[app].tables)));
  });

  test.each(roledApps)(
    '%s: of every relation of the database it can do what the table allows, and nothing else',
    async app => {
      const wrong: string[] = [];
      for (const relation of relations)
        for (const each of attemptsOn(relation)) {
          const outcome = await tryAs(app, each);
          const may = allOf(app).some(one => allowed(one, relation, each.verb));
          // A view that joins tables takes no rows, from anybody.
          const wanted =
            outcome === 'impossible 55000' && relation.kind === 'view' ? outcome : may ? 'allowed' : 'refused';
          if (outcome !== wanted) wrong.push(`${each.what}: ${outcome}, not ${wanted}`);
        }
      expect(wrong).toEqual([]);
    },
  );

  test.each(roledApps)(
    '%s: of every function it can call those that are open to everybody, and those of its rights',
    async app => {
      const wrong: string[] = [];
      const locks = allOf(app).some(one => rights[one].locks);
      for (const { name: routine, call, open } of routines) {
        const outcome = await tryAs(app, { what: routine, sql: call });
        const granted = locks && withLocks.test(routine);
        // Some that are open to everybody check a further right.
        if (open ? granted : (outcome === 'refused') === granted) wrong.push(`${routine}: ${outcome}`);
      }
      expect(wrong).toEqual([]);
    },
  );

  test('every function that is open to everybody and may have effects is known', () => {
    const open = routines.filter(each => each.open && each.volatile).map(each => each.name.replace(/\(.*/, ''));
    expect([...new Set(open)].filter(each => !everybodysVolatile.test(each))).toEqual([]);
  });

  test.each(roledApps)('%s: it is refused what is open to everybody in name only', async app => {
    const done = [];
    for (const sql of dangerous(live)) if ((await tryAs(app, { what: sql, sql })) === 'allowed') done.push(sql);
    expect(done).toEqual(app === 'prepare' ? [ownersStatistics] : []);
  });

  test.each(roledApps)(
    '%s: it can create tables only in its own schemas, and schemas only if it makes builds',
    async app => {
      const { rows } = await admin.query<{ schema: string }>(
        `select nspname as schema from pg_namespace where nspname !~ '^pg_(toast_)?temp_'`,
      );
      const made = [];
      for (const { schema } of rows)
        if ((await tryAs(app, { what: schema, sql: `create table "${schema}".tried ()` })) === 'allowed')
          made.push(schema);
      const own = rows.filter(({ schema }) => !isSystem(schema) && allOf(app).includes(ownerOf(schema)));
      expect(made.sort()).toEqual(own.map(({ schema }) => schema).sort());
      const makes = allOf(app).some(one => (rights[one] as AppRights).builds.includes('makes'));
      expect(await tryAs(app, { what: 'schema', sql: 'create schema tried' })).toBe(makes ? 'allowed' : 'refused');
    },
  );

  test.each(roledApps)(
    '%s: it can take the role of no other app but those of the table, and of no predefined role',
    async app => {
      const { rows } = await admin.query<{ role: string }>('select rolname as role from pg_roles');
      const taken = [];
      for (const { role } of rows)
        if ((await tryAs(app, { what: role, sql: `set local role "${role}"` })) === 'allowed') taken.push(role);
      const own: string[] = allOf(app).map(one => rights[one].role);
      expect(taken.filter(role => role !== 'pg_database_owner').sort()).toEqual([...new Set(own)].sort());
      expect(taken.includes('pg_database_owner')).toBe(app === 'prepare');
    },
  );

  test.each(roledApps)('%s: it can change nothing of the server', async app => {
    const { rows } = await admin.query<{ name: string }>(
      `select name from pg_settings where context in ('superuser', 'superuser-backend')`,
    );
    const attempts = [
      ...onServer.map(sql => ({
        what: sql,
        sql,
        alone: /^(create database|alter system|checkpoint|create tablespace|drop database)/.test(sql),
      })),
      ...rows.map(({ name: setting }) => ({ what: setting, sql: `set local ${setting} to default` })),
    ];
    const outcomes = [];
    for (const each of attempts) outcomes.push([each.what, await tryAs(app, each)]);
    expect(outcomes.filter(([, outcome]) => outcome !== 'refused' && outcome !== tooLate)).toEqual([]);
    for (const other of ['postgres', 'template1']) {
      const address = Object.assign(new URL(addressOf(url, app, passwordOf)), { pathname: `/${other}` });
      await expect(connected(address.href)).rejects.toMatchObject({ code: '42501' });
      tried[app]++;
    }
  });

  test.each(roledApps)(
    '%s: it can run code in PL/pgSQL, and create temporary tables, only if it needs them',
    async app => {
      const block = { what: 'code', sql: 'do $$ begin perform 1; end $$' };
      const code = allOf(app).some(one => rights[one].code);
      expect(await tryAs(app, block)).toBe(code ? 'allowed' : 'refused');
      const temporary = { what: 'temporary', sql: 'create temporary table tried ()' };
      expect(await tryAs(app, temporary)).toBe(app === 'prepare' ? 'allowed' : 'refused');
    },
  );

  test.each<RoledApp>(['reader-api', 'editor-api'])('%s: its sessions begin with time-outs', async app => {
    const { rows } = await admin.query<{ begins: string[] }>(
      'select rolconfig as begins from pg_roles where rolname = $1',
      [rights[app].role],
    );
    expect(rows[0]!.begins).toEqual(
      expect.arrayContaining([
        'statement_timeout=15s',
        'lock_timeout=5s',
        'idle_in_transaction_session_timeout=30s',
        'transaction_timeout=60s',
      ]),
    );
  });

  test('all of this is more than 6,000 attempts as each app', () => {
    for (const app of roledApps) expect(tried[app]).toBeGreaterThan(6_000);
  });
});
