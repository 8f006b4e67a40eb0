import { escapeIdentifier, migrate, openPool, type Pool } from '#postgres';
import { randomUUID } from 'node:crypto';

const server = process.env.DATABASE_URL ?? '';

export interface TestDatabase {
  readonly pool: Pool;
  /** Another pool on it, its sessions set up like this. */
  open(settings?: string): Pool;
  drop(): Promise<void>;
}

/** A migrated database of its own. */
export async function testDatabase(): Promise<TestDatabase> {
  const name = `projections_${randomUUID().replaceAll('-', '')}`;
  await onServer(`create database ${escapeIdentifier(name)}`);
  const url = Object.assign(new URL(server), { pathname: `/${name}` });
  await migrate(url.href);
  const pools: Pool[] = [];
  const open = (settings = '') => {
    const options = Object.assign(new URL(url), { search: settings && `options=${encodeURIComponent(settings)}` });
    const pool = openPool(options.href, { application: 'test', max: 4 });
    pools.push(pool);
    return pool;
  };
  const drop = async () => {
    await Promise.all(pools.map(pool => pool.end()));
    await onServer(`drop database ${escapeIdentifier(name)} with (force)`);
  };
  return { pool: open(), open, drop };
}

async function onServer(sql: string): Promise<void> {
  const pool = openPool(server, { application: 'test', max: 1 });
  try {
    await pool.query(sql);
  } finally {
    await pool.end();
  }
}
