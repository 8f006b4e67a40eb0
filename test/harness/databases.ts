import { prepareKeyStore } from '#keys';
import { migrate, openPool, type Pool } from '#postgres';
import { loadProgress, prepareDatabase, projections } from '#projections';
import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { closeDatabase, signedInAs } from './roles.js';

const { escapeIdentifier } = pg;
function server(): string {
  const { DATABASE_URL } = process.env;
  if (!DATABASE_URL) throw new Error('Set KAFKA_BROKERS and DATABASE_URL, or run npm test.');
  return DATABASE_URL;
}
/** Whether this run started the server, and deletes it afterwards. */
const isOurs = () => (process.env.PROVISIONED_BY ?? 'external') !== 'external';

/** A test's database. */
export interface TestDatabase {
  readonly name: string;
  readonly url: string;
  drop(): Promise<void>;
}

/** Creates an empty database on the server of DATABASE_URL. Its name begins with `kind`. */
export async function emptyDatabase(kind: string): Promise<TestDatabase> {
  const database = named(kind);
  await onServer(`create database ${escapeIdentifier(database.name)}`);
  return database;
}

/**
 * Creates a database in which `prepare` has run. On a server that `npm test` started it is a copy of one that was prepared once for this `kind`,
 * because Postgres copies tables in a fraction of the time that it takes to create them. Rights on the database itself are not copied.
 */
export async function preparedDatabase(
  kind: string,
  prepare: (url: string) => Promise<unknown>,
): Promise<TestDatabase> {
  if (!isOurs()) {
    const database = await emptyDatabase(kind);
    await prepare(database.url);
    return database;
  }
  const original = `original_${kind}`;
  const copy = named(kind);
  await onDatabase(server(), async client => {
    // Another process may be preparing it.
    await client.query('select pg_advisory_lock(hashtext($1))', [original]);
    const { rowCount } = await client.query('select from pg_database where datname = $1', [original]);
    if (rowCount === 0) {
      const made = await emptyDatabase(kind);
      await prepare(made.url);
      await client.query(`alter database ${escapeIdentifier(made.name)} rename to ${escapeIdentifier(original)}`);
    }
    await client.query('select pg_advisory_unlock_all()');
    await client.query(`create database ${escapeIdentifier(copy.name)} template ${escapeIdentifier(original)}`);
  });
  return copy;
}

/** Creates a database with the permanent tables and a key store, in which `fill` has run. */
export const filledDatabase = (kind: string, fill?: (pool: Pool) => Promise<unknown>): Promise<TestDatabase> =>
  preparedDatabase(kind, async url => {
    await migrate(url);
    await prepareKeyStore({ DATABASE_URL: url });
    if (fill) await withPool(url, fill);
  });

/** Creates a newsroom's database as `prepareNewsroom` leaves it. */
export async function newsroomDatabase(): Promise<TestDatabase> {
  const database = await preparedDatabase('newsroom', prepareNewsroom);
  await closeDatabase(database.url);
  return database;
}

/** Closes a database to all but the apps' roles, and makes all tables, and a build that has no commits and that nobody reads yet. */
export async function prepareNewsroom(url: string): Promise<void> {
  await closeDatabase(url);
  await prepareDatabase({ DATABASE_URL: signedInAs('prepare', url) });
  await withPool(signedInAs('projector', url), pool => loadProgress(pool, projections));
}

/** Runs one statement on the server of DATABASE_URL, or on another one. */
export async function onServer(sql: string, at = server()): Promise<void> {
  await onDatabase(at, client => client.query(sql));
}

function named(kind: string): TestDatabase {
  const name = `${kind}_${randomUUID().replaceAll('-', '').slice(0, 16)}`;
  const at = server();
  const url = Object.assign(new URL(at), { pathname: `/${name}` }).href;
  return { name, url, drop: () => onServer(`drop database if exists ${escapeIdentifier(name)} with (force)`, at) };
}

/** Runs with one client on the database at an address. */
export async function onDatabase<T>(url: string, run: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client(url);
  await client.connect();
  try {
    return await run(client);
  } finally {
    await client.end();
  }
}

async function withPool(url: string, run: (pool: Pool) => Promise<unknown>): Promise<void> {
  const pool = openPool(url, { application: 'test', max: 1 });
  await run(pool).finally(() => pool.end());
}
