import { escapeIdentifier, hasRoles, roles, type Client, type Pool } from '#postgres';
import type { Projection } from '../folds/fold.js';

const { projector, audit, 'reader-api': reader } = roles;

/**
 * Grants the reader's role the tables that the projections name for readers, and auditors all tables, if the server has the roles.
 * Run it as the build's owner. All other tables stay closed.
 */
export async function grantBuild(client: Client, build: string, projections: readonly Projection[]): Promise<void> {
  if (!(await hasRoles(client))) return;
  const schema = escapeIdentifier(build);
  const named = projections.flatMap(({ readers = [] }) => readers.map(table => `${schema}.${escapeIdentifier(table)}`));
  // A build of an earlier version may lack some.
  const { rows } = await client.query<{ table: string }>(
    'select name as table from unnest($1::text[]) name where to_regclass(name) is not null',
    [named],
  );
  await client.query(`grant usage on schema ${schema} to ${reader}, ${audit}`);
  await client.query(`grant select on all tables in schema ${schema} to ${audit}`);
  for (const { table } of rows) await client.query(`grant select on ${table} to ${reader}`);
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
  const schema = escapeIdentifier(build);
  await client.query(`alter schema ${schema} owner to ${projector}`);
  const { rows } = await client.query<{ name: string }>(
    `select relname as name from pg_class where relnamespace = to_regnamespace($1) and relkind in ('r', 'v')`,
    [schema],
  );
  for (const { name } of rows)
    await client.query(`alter table ${schema}.${escapeIdentifier(name)} owner to ${projector}`);
}
