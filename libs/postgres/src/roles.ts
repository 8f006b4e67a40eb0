import { projectFile } from '#checkout';
import { rights, rightsOn, roledApps, tablesOf, type RoledApp } from '#rights';
import { createHmac } from 'node:crypto';
import { readFileSync } from 'node:fs';
import pg from 'pg';
import { closeConnection } from './connection.js';
import { connectionOf, type Client, type Pool } from './pool.js';

/** The Postgres role of each app, with only the rights that it needs. */
export const roles = Object.fromEntries(Object.entries(rights).map(([app, { role }]) => [app, role])) as {
  readonly [App in RoledApp]: (typeof rights)[App]['role'];
};

const sqlOf = (path: string) => readFileSync(projectFile(path), 'utf8');

/** Whether the server has these roles. Without them one role does everything, as on a server that others manage. */
export async function hasRoles(client: Client | Pool): Promise<boolean> {
  const { rows } = await client.query<{ there: number }>(
    'select count(*)::integer as there from pg_roles where rolname = any($1)',
    [Object.values(roles)],
  );
  return rows[0]!.there === Object.keys(roles).length;
}

/**
 * Gives each app the rights of the table in `#rights` on a schema of permanent tables, and takes all others away, if the server has the
 * roles. Then runs the SQL file, if there is one. Run it as the owner of the schema, after its migrations; idempotent.
 */
export function grantRights(databaseUrl: string, schema: string, file?: string): Promise<void> {
  return withClient(databaseUrl, async client => {
    if (!(await hasRoles(client))) return;
    // One batch is one transaction: no app is without its rights in between.
    await client.query(grantsOn(schema).join(';'));
    if (file) await client.query(sqlOf(file));
  });
}

function grantsOn(schema: string): string[] {
  const apps = roledApps.filter(app => app !== 'prepare');
  const tables = tablesOf(schema);
  return apps.flatMap(app => {
    const role = roles[app];
    const granted = tables.filter(table => rightsOn(app, table).length > 0);
    return [
      `revoke all on all tables in schema ${schema} from ${role}`,
      `${granted.length > 0 ? 'grant usage' : 'revoke all'} on schema ${schema} ${granted.length > 0 ? 'to' : 'from'} ${role}`,
      ...granted.map(table => `grant ${rightsOn(app, table).join(', ')} on ${table} to ${role}`),
    ];
  });
}

/**
 * Creates the roles with their passwords and closes the database to all others, as the superuser in the address. Idempotent, except
 * that it sets the passwords again. For several databases on a server, `onServer` is needed once.
 */
export function makeRoles(
  superuserUrl: string,
  passwordOf: (role: string) => string,
  { onServer = true }: { readonly onServer?: boolean } = {},
): Promise<void> {
  return withClient(superuserUrl, async client => {
    if (onServer) {
      await client.query(sqlOf('libs/postgres/roles/server.sql'));
      for (const role of Object.values(roles))
        await client.query(`alter role ${pg.escapeIdentifier(role)} password ${pg.escapeLiteral(passwordOf(role))}`);
    }
    await client.query(sqlOf('libs/postgres/roles/database.sql'));
  });
}

/** Derives the roles' passwords from the superuser's, for servers that we start. */
export function passwordsUnder(superuserUrl: string): (role: string) => string {
  const { password } = new URL(superuserUrl);
  return role => createHmac('sha256', password).update(role).digest('base64url');
}

/** The address of the same database with that app's role. */
export function addressOf(databaseUrl: string, app: RoledApp, passwordOf: (role: string) => string): string {
  return Object.assign(new URL(databaseUrl), { username: roles[app], password: passwordOf(roles[app]) }).href;
}

/**
 * The address with which to prepare a database whose roles were made, as in production by their owner. Earlier versions made the schema as
 * the superuser, who then goes on.
 */
export function preparingAddress(superuserUrl: string, passwordOf: (role: string) => string): Promise<string> {
  return withClient(superuserUrl, async client => {
    const { rows } = await client.query<{ owner: string }>(
      `select pg_get_userbyid(nspowner) as owner from pg_namespace where nspname = 'dateline'`,
    );
    const [{ owner } = { owner: roles.prepare }] = rows;
    return owner === roles.prepare ? addressOf(superuserUrl, 'prepare', passwordOf) : superuserUrl;
  });
}

/** Whether the user in the address is a superuser, and may create roles. */
export function isSuperuser(databaseUrl: string): Promise<boolean> {
  return withClient(databaseUrl, async client => {
    const { rows } = await client.query<{ rolsuper: boolean }>(
      'select rolsuper from pg_roles where rolname = current_user',
    );
    return rows[0]?.rolsuper ?? false;
  });
}

async function withClient<T>(databaseUrl: string, run: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client(connectionOf(databaseUrl, { application: 'roles' }));
  await client.connect();
  try {
    return await run(client);
  } finally {
    await closeConnection(client);
  }
}
