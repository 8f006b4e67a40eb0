import { projectFile } from '#checkout';
import { runner } from 'node-pg-migrate';
import { readdirSync } from 'node:fs';
import pg from 'pg';
import { closeConnection } from './connection.js';
import { connectionOf } from './pool.js';

const quiet = () => undefined;

/** Numbered migrations: the path of their folder in the repository, and the schema that they create. */
export interface Migrations {
  readonly dir: string;
  readonly schema: string;
}

const own: Migrations = { dir: 'libs/postgres/migrations', schema: 'dateline' };

/**
 * Migrates the permanent tables; processes that start together wait for each other. Where nothing is due, the only right it needs is to
 * read the list of past migrations.
 */
export async function migrate(databaseUrl: string, { dir, schema }: Migrations = own): Promise<void> {
  if (await isUpToDate(databaseUrl, { dir, schema })) return;
  await runner({
    databaseUrl,
    dir: projectFile(dir),
    direction: 'up',
    schema,
    createSchema: true,
    migrationsTable: 'migration',
    advisoryLockMode: 'wait',
    logger: { debug: quiet, info: quiet, warn: quiet, error: quiet },
  }).catch(cause => {
    if (!/permission denied|must be owner/.test((cause as Error).message)) throw cause;
    throw new Error(
      `The schema ${schema} is not up to date, and this role may not change it. Run prepare as its owner.`,
      {
        cause,
      },
    );
  });
}

/** False if this is unknown: running the migrations then reports the error. */
async function isUpToDate(databaseUrl: string, { dir, schema }: Migrations): Promise<boolean> {
  const client = new pg.Client(connectionOf(databaseUrl, { application: 'migrate' }));
  client.on('error', () => undefined);
  try {
    await client.connect();
    const { rows } = await client.query<{ name: string }>(`select name from ${pg.escapeIdentifier(schema)}.migration`);
    const ran = new Set(rows.map(({ name }) => `${name}.sql`));
    return readdirSync(projectFile(dir)).every(file => ran.has(file));
  } catch {
    return false;
  } finally {
    await closeConnection(client);
  }
}
