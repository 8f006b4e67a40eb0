import { grantKeyStore, prepareKeyStore, type KeySettings } from '#keys';
import {
  escapeIdentifier,
  grantRights,
  hasRoles,
  migrate,
  openPool,
  prepareAccess,
  roles,
  type Client,
  type Pool,
} from '#postgres';
import { rights, roledApps, type AppRights } from '#rights';
import { begunSchema, pastSchema } from './past.js';
import type { Projection } from '../folds/fold.js';
import { projections } from '../folds/list.js';

const { projector } = roles;
const those = (way: AppRights['builds'][number]) =>
  roledApps.filter(app => (rights[app].builds as AppRights['builds']).includes(way)).map(app => roles[app]);
const [selecting, readers] = [those('selects'), those('readable')];

/** The names of auditors' temporary builds begin so, which row security knows them by (libs/postgres/roles/policies.sql). Readers never use one. */
export const auditorsBuild = 'verify_';

/**
 * Grants the reader's role the tables that the projections name for readers, and auditors all tables, if the server has the roles.
 * Run it as the build's owner. All other tables stay closed.
 */
export async function grantBuild(client: Client, build: string, projections: readonly Projection[]): Promise<void> {
  if (!(await hasRoles(client))) return;
  const schemas = [build, pastSchema(build), begunSchema(build)].map(escapeIdentifier);
  const reading = build.startsWith(auditorsBuild) ? [] : readers;
  const named = projections.flatMap(({ readers = [] }) =>
    readers.flatMap(table => schemas.map(from => `${from}.${escapeIdentifier(table)}`)),
  );
  // A build of an earlier version may lack some.
  const { rows } = await client.query<{ table: string }>(
    'select name as table from unnest($1::text[]) name where to_regclass(name) is not null',
    [named],
  );
  for (const each of await schemasOf(client, build)) {
    await client.query(`grant usage on schema ${escapeIdentifier(each)} to ${[...selecting, ...reading].join()}`);
    await client.query(`grant select on all tables in schema ${escapeIdentifier(each)} to ${selecting.join()}`);
  }
  for (const { table } of reading.length > 0 ? rows : [])
    await client.query(`grant select on ${table} to ${reading.join()}`);
}

/**
 * Transfers builds that the owner made, before the projector had a separate role, to that role; and grants each app its rights on all
 * builds.
 */
export async function grantBuilds(pool: Pool, projections: readonly Projection[]): Promise<void> {
  const client = await pool.connect();
  try {
    if (!(await hasRoles(client))) return;
    const { rows } = await client.query<{ name: string; mine: boolean }>(
      `select name, pg_get_userbyid(nspowner) = current_user and current_user <> $1 as mine
       from dateline.build join pg_namespace on nspname = name`,
      [projector],
    );
    for (const { name, mine } of rows) {
      await client.query('begin');
      await grantBuild(client, name, projections);
      if (mine) await handOver(client, name);
      await client.query('commit');
    }
  } finally {
    client.release(true);
  }
}

async function handOver(client: Client, build: string): Promise<void> {
  for (const schema of (await schemasOf(client, build)).map(escapeIdentifier)) {
    await client.query(`alter schema ${schema} owner to ${projector}`);
    const { rows } = await client.query<{ name: string }>(
      `select relname as name from pg_class where relnamespace = to_regnamespace($1) and relkind in ('r', 'v')`,
      [schema],
    );
    for (const { name } of rows)
      await client.query(`alter table ${schema}.${escapeIdentifier(name)} owner to ${projector}`);
  }
}

/** A build of an earlier version may have no views of its past. */
async function schemasOf(client: Client, build: string): Promise<string[]> {
  const { rows } = await client.query<{ name: string }>(
    'select nspname as name from pg_namespace where nspname = any($1)',
    [[build, pastSchema(build), begunSchema(build)]],
  );
  return rows.map(({ name }) => name);
}

/**
 * Migrates the permanent tables and grants each app its rights: `one role` if the server has no roles for the apps. Run it as the
 * database's owner; running it again changes nothing. Rejects with a KeyStoreError if the key store is unavailable.
 */
export async function prepareDatabase(settings: KeySettings): Promise<'roles' | 'one role'> {
  await migrate(settings.DATABASE_URL);
  await prepareKeyStore(settings);
  await grantRights(settings.DATABASE_URL, 'dateline', 'libs/postgres/roles/policies.sql');
  await grantKeyStore(settings);
  await prepareAccess(settings.DATABASE_URL);
  const pool = openPool(settings.DATABASE_URL, { application: 'prepare', max: 1 });
  try {
    if (!(await hasRoles(pool))) return 'one role';
    await grantBuilds(pool, projections);
    return 'roles';
  } finally {
    await pool.end();
  }
}

/** The longest that a transaction of the reader-api's role may last, in milliseconds: twice what its own time-outs allow. */
export const longestReadMs = 120_000;

/**
 * Ends the sessions of the reader's role whose transaction is older, whatever time-outs they have set: such a transaction keeps
 * Postgres from removing taken-down rows, and delays notifications. Returns how many; 0 if there are no roles.
 */
export async function endOldTransactions(pool: Pool, olderMs = longestReadMs): Promise<number> {
  const { rowCount } = await pool.query(
    `select pg_terminate_backend(pid) from pg_stat_activity
     where usename = $1 and datname = current_database() and xact_start < clock_timestamp() - $2 * interval '1 millisecond'`,
    [roles['reader-api'], olderMs],
  );
  return rowCount ?? 0;
}
