import { grantRights, migrate, openPool, type Client } from '#postgres';
import { asked, checkAdopted, type Key, type Keys, type KeyStore } from '../port.js';
import { newSecret } from '../sealing.js';

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

/** Creates the schema where it is missing, and migrates it. */
export const preparePostgresKeys = (databaseUrl: string): Promise<void> =>
  asked(migrate(databaseUrl, { dir: 'libs/keys/migrations', schema }));

/** Grants each app its rights on the keys, where the server has roles for the apps. Run as the schema's owner. */
export const grantPostgresKeys = (databaseUrl: string): Promise<void> =>
  asked(grantRights(databaseUrl, 'libs/keys/rights.sql'));

/** Stores keys in a separate schema, which rebuilds of the projections never touch. */
export function postgresKeys(databaseUrl: string): KeyStore {
  const pool = openPool(databaseUrl, { application: 'keys', max: 4, statementTimeout: 5_000 });
  const keysOf = async (developments: Iterable<string>) => {
    const { rows } = await asked(
      pool.query<KeyRow>(`select * from ${schema}.key where development = any($1)`, [[...developments]]),
    );
    return keysIn(rows);
  };
  return {
    keysOf,
    async keyFor(development, offered = newSecret()) {
      const sql = `insert into ${schema}.key (development, secret) values ($1, $2) on conflict do nothing`;
      await asked(pool.query(sql, [development, Buffer.from(offered)]));
      return (await keysOf([development])).get(development)!;
    },
    async adopt(secrets) {
      const [ids, keys] = [[...secrets.keys()], [...secrets.values()].map(key => Buffer.from(key))];
      const sql = `insert into ${schema}.key (development, secret) select * from unnest($1::text[], $2::bytea[]) on conflict do nothing`;
      await asked(pool.query(sql, [ids, keys]));
      checkAdopted(await keysOf(ids), secrets);
    },
    async noteLost(developments) {
      const sql = `insert into ${schema}.key (development, destroyed) select *, now() from unnest($1::text[]) on conflict do nothing`;
      await asked(pool.query(sql, [[...new Set(developments)]]));
    },
    async destroy(developments) {
      await asked(
        pool.query(
          `insert into ${schema}.key (development, destroyed) select *, now() from unnest($1::text[])
           on conflict (development) do update set secret = null, destroyed = now() where key.destroyed is null`,
          [[...new Set(developments)]],
        ),
      );
    },
    close: () => pool.end(),
  };
}

/**
 * The keys of those developments of a story that readers have been shown, from the live build's database. Omits developments that are
 * under embargo or unknown to the build. The reader's role can get keys only through this function. Rejects with a KeyStoreError.
 */
export async function readableKeys(client: Client, story: string, developments: Iterable<string>): Promise<Keys> {
  const ids = [...developments];
  if (ids.length === 0) return new Map();
  const { rows } = await asked(client.query<KeyRow>('select * from dateline_keys.readable($1, $2)', [story, ids]));
  return keysIn(rows);
}
