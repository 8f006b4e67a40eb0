import { randomUUID } from 'node:crypto';
import pg from 'pg';

export interface TestDatabase {
  readonly url: string;
  /** Runs one statement from outside, on a connection of its own. */
  run(sql: string, values?: unknown[]): Promise<pg.QueryResult>;
  drop(): Promise<void>;
}

/** An empty database of its own on the server of DATABASE_URL. */
export async function testDatabase(): Promise<TestDatabase> {
  const server = process.env.DATABASE_URL!;
  const name = `pg_${randomUUID().replaceAll('-', '')}`;
  const url = Object.assign(new URL(server), { pathname: `/${name}` }).href;
  await query(server, `create database ${name}`);
  return {
    url,
    run: (sql, values) => query(url, sql, values),
    drop: async () => void (await query(server, `drop database ${name} with (force)`)),
  };
}

async function query(url: string, sql: string, values: unknown[] = []): Promise<pg.QueryResult> {
  const client = new pg.Client(url);
  await client.connect();
  try {
    return await client.query(sql, values);
  } finally {
    await client.end();
  }
}

/** Ends every connection of that application, as a server that goes down does. */
export const terminate = ({ run }: TestDatabase, application: string) =>
  run('select pg_terminate_backend(pid) from pg_stat_activity where application_name = $1', [application]);

/** Resolves once `reached` gives true; rejects when it does not in time. */
export async function until(reached: () => boolean | Promise<boolean>, ms = 10_000): Promise<void> {
  for (const end = performance.now() + ms; !(await reached()); await new Promise(go => setTimeout(go, 10)))
    if (performance.now() > end) throw new Error(`Not reached within ${ms} ms: ${reached}`);
}
