import { openKeyStore, type KeyStore } from '#keys';
import { openPool, type Pool } from '#postgres';
import { filledDatabase } from '../../../../test/harness/databases.js';
import { secrets } from '../folds/given.fixture.js';
import { idOf } from '../folds/history.fixture.js';

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
  const database = await filledDatabase('projections', fill);
  const keys = openKeyStore({ DATABASE_URL: database.url });
  const pools: Pool[] = [];
  const open = (settings = '') => {
    const options = Object.assign(new URL(database.url), {
      search: settings && `options=${encodeURIComponent(settings)}`,
    });
    const pool = openPool(options.href, { application: 'test', max: 4 });
    pools.push(pool);
    return pool;
  };
  const drop = async () => {
    await Promise.all([keys.close(), ...pools.map(pool => pool.end())]);
    await database.drop();
  };
  const pool = open();
  const bringBackKeys = () => fill(pool);
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
