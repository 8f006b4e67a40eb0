import { grantRights, migrate, openPool } from '#postgres';
import { asked, checkAdopted, type KeyStore } from '../port.js';
import { newSecret } from '../sealing.js';
import { keysIn, type KeyRow } from './rows.js';

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
