import { openKeyStore, prepareKeyStore, type KeyStore } from '#keys';
import { escapeIdentifier, migrate, openPool, type Pool } from '#postgres';
import { randomUUID } from 'node:crypto';
import { secrets } from '../folds/given.fixture.js';
import { idOf } from '../folds/history.fixture.js';

const server = process.env.DATABASE_URL ?? '';

export interface TestDatabase {
  readonly pool: Pool;
  /** Holds the keys of all developments of the tests' histories. */
  readonly keys: KeyStore;
  /** Restores all keys, destroyed ones included, as an old backup of the store would. */
  bringBackKeys(): Promise<void>;
  /** Another pool on this database, with these session settings. */
  open(settings?: string): Pool;
  drop(): Promise<void>;
}

/** A new, migrated database. */
export async function testDatabase(): Promise<TestDatabase> {
  const name = `projections_${randomUUID().replaceAll('-', '')}`;
  await onServer(`create database ${escapeIdentifier(name)}`);
  const url = Object.assign(new URL(server), { pathname: `/${name}` });
  await migrate(url.href);
  await prepareKeyStore({ DATABASE_URL: url.href });
  const keys = openKeyStore({ DATABASE_URL: url.href });
  const pools: Pool[] = [];
  const open = (settings = '') => {
    const options = Object.assign(new URL(url), { search: settings && `options=${encodeURIComponent(settings)}` });
    const pool = openPool(options.href, { application: 'test', max: 4 });
    pools.push(pool);
    return pool;
  };
  const drop = async () => {
    await Promise.all([keys.close(), ...pools.map(pool => pool.end())]);
    await onServer(`drop database ${escapeIdentifier(name)} with (force)`);
  };
  const pool = open();
  const bringBackKeys = () => fill(pool);
  await bringBackKeys();
  return { pool, keys, open, drop, bringBackKeys };
}

async function fill(pool: Pool): Promise<void> {
  const ids = Array.from({ length: 2_000 }, (_, number) => idOf(number));
  await pool.query(
    'insert into dateline_keys.key (development, secret) select * from unnest($1::text[], $2::bytea[]) on conflict (development) do update set secret = excluded.secret, destroyed = null',
    [ids, ids.map(secrets.get)],
  );
}

/** The notifications that arrive while `run` works. */
export async function heardWhile(pool: Pool, run: () => Promise<unknown>): Promise<unknown[]> {
  const client = await pool.connect();
  const heard: unknown[] = [];
  client.on('notification', ({ payload }) => heard.push(JSON.parse(payload!)));
  try {
    await client.query('listen dateline');
    await run();
    await client.query('select 1');
    return heard;
  } finally {
    client.release(true);
  }
}

async function onServer(sql: string): Promise<void> {
  const pool = openPool(server, { application: 'test', max: 1 });
  try {
    await pool.query(sql);
  } finally {
    await pool.end();
  }
}
