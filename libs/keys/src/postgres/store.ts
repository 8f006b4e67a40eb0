import { grantRights, migrate, openPool, preparing, sizeClass } from '#postgres';
import { asked, checkAdopted, slices, type Key, type Keys, type KeyStore } from '../port.js';
import { newSecret } from '../sealing.js';
import { together } from '../together.js';

/** A row of the table of keys: the secret, or the time of its destruction. */
export interface KeyRow {
  readonly development: string;
  readonly secret: Buffer | null;
  readonly destroyed: Date | null;
}

const keyOf = ({ secret, destroyed }: KeyRow): Key => (secret ? { secret } : { destroyed: destroyed!.toISOString() });

/** The keys in these rows. */
export const keysIn = (rows: readonly KeyRow[]): Keys => new Map(rows.map(row => [row.development, keyOf(row)]));

const schema = 'dateline_keys';

/** The most keys that one statement creates. */
const keysTogether = 500;

/** Creates the schema if it is missing, and migrates it. */
export const preparePostgresKeys = (databaseUrl: string): Promise<void> =>
  asked(migrate(databaseUrl, { dir: 'libs/keys/migrations', schema }));

/** Grants each app its rights on the keys, if the server has roles for the apps. Run as the schema's owner. */
export const grantPostgresKeys = (databaseUrl: string): Promise<void> => asked(grantRights(databaseUrl, schema));

/**
 * The reason why a server that takes over could lack the latest keys, and with them words of acknowledged posts: its standbys get them later.
 * Undefined if it has none, or if a commit waits for one. Rejects with a KeyStoreError.
 */
export async function riskOfPostgresKeys(databaseUrl: string): Promise<string | undefined> {
  const pool = openPool(databaseUrl, { application: 'keys', max: 1, statementTimeout: 5_000 });
  const asking = `select count(*)::integer as standbys, current_setting('synchronous_standby_names') as awaited
    from pg_stat_replication where application_name <> 'pg_basebackup'`;
  try {
    const { rows } = await asked(pool.query<{ standbys: number; awaited: string }>(asking));
    const { standbys, awaited } = rows[0]!;
    if (standbys === 0 || awaited !== '') return undefined;
    return (
      'The keys are in a PostgreSQL server whose standbys get them later. If a standby takes over, the latest keys may be lost, and with ' +
      'them the words of posts that were acknowledged. Set synchronous_standby_names there, or keep the keys in a folder (KEY_STORE=file:///…).'
    );
  } finally {
    await pool.end();
  }
}

/** A key is durable before anything is sealed under it, also where the server is set to promise less. */
const durably = `select set_config('synchronous_commit', 'on', false) where current_setting('synchronous_commit') in ('off', 'local', 'remote_write')`;

/** The tables of keys: of the log's words, and of drafts. */
type Table = 'key' | 'draft_key';

/** Stores keys in a separate schema, which rebuilds of the projections never touch. */
export function postgresKeys(databaseUrl: string, table: Table = 'key', max = 4): KeyStore {
  const pool = openPool(databaseUrl, { application: 'keys', max, statementTimeout: 5_000 });
  pool.on('connect', client => void client.query(durably).catch(() => undefined));
  // Plans rest on how many keys there are, of which this process knows only how many it has got.
  let known = 0;
  const planned = (text: string, values: unknown[]) => {
    const client = preparing(pool, `keys ${sizeClass(known)}`);
    return asked(client.query<KeyRow>(text, values)).then(({ rows }) => {
      known += rows.length;
      return keysIn(rows);
    });
  };
  const select = `select development, secret, destroyed from ${schema}.${table} where development = any($1)`;
  const keysOf = async (developments: Iterable<string>): Promise<Keys> => {
    const found = new Map<string, Key>();
    for (const ids of slices(developments)) for (const [id, key] of await planned(select, [ids])) found.set(id, key);
    return found;
  };
  /** Each statement commits; a call that fails halfway can be repeated. */
  const writeEach = async (text: string, developments: Iterable<string>) => {
    for (const ids of slices(new Set(developments))) await asked(pool.query(text, [ids]));
  };
  // Usually one round trip: the keys that it inserts, and those that were there before. It gives none that another process inserts at the
  // same time.
  const insert = `
    with offered as (select * from unnest($1::text[], $2::bytea[]) as offered (development, secret)),
      made as (insert into ${schema}.${table} (development, secret) select * from offered on conflict do nothing
        returning development, secret, destroyed)
    select * from made union all select development, secret, destroyed from ${schema}.${table} where development in (select development from offered)`;
  const keyFor = together(async (offered: readonly (readonly [development: string, secret: Uint8Array])[]) => {
    const ids = offered.map(([development]) => development);
    const secrets = offered.map(([, secret]) => Buffer.from(secret));
    const made = await planned(insert, [ids, secrets]);
    const missing = ids.filter(id => !made.has(id));
    const others = missing.length > 0 ? await keysOf(missing) : made;
    return ids.map(id => made.get(id) ?? others.get(id)!);
  }, keysTogether);
  return {
    keysOf,
    keyFor: (development, offered = newSecret()) => keyFor([development, offered]),
    async adopt(secrets) {
      const sql = `insert into ${schema}.${table} (development, secret) select * from unnest($1::text[], $2::bytea[]) on conflict do nothing`;
      for (const slice of slices(secrets)) {
        const keys = slice.map(([, key]) => Buffer.from(key));
        await asked(pool.query(sql, [slice.map(([id]) => id), keys]));
      }
      checkAdopted(await keysOf(secrets.keys()), secrets);
    },
    async noteLost(developments) {
      const sql = `insert into ${schema}.${table} (development, destroyed) select *, now() from unnest($1::text[]) on conflict do nothing`;
      await writeEach(sql, developments);
    },
    async destroy(developments) {
      const sql = `insert into ${schema}.${table} (development, destroyed) select *, now() from unnest($1::text[])
           on conflict (development) do update set secret = null, destroyed = now() where ${table}.destroyed is null`;
      await writeEach(sql, developments);
    },
    close: () => pool.end(),
  };
}
