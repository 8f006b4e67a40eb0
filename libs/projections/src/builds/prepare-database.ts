import { grantKeyStore, prepareKeyStore, type KeySettings } from '#keys';
import { grantRights, hasRoles, migrate, openPool } from '#postgres';
import { projections } from '../folds/list.js';
import { grantBuilds } from './rights.js';

/**
 * Migrates the permanent tables and grants each app its rights: `one role` if the server has no roles for the apps. Run it as the
 * database's owner; running it again changes nothing. Rejects with a KeyStoreError if the key store is unavailable.
 */
export async function prepareDatabase(settings: KeySettings): Promise<'roles' | 'one role'> {
  await migrate(settings.DATABASE_URL);
  await prepareKeyStore(settings);
  await grantRights(settings.DATABASE_URL);
  await grantKeyStore(settings);
  const pool = openPool(settings.DATABASE_URL, { application: 'prepare', max: 1 });
  try {
    if (!(await hasRoles(pool))) return 'one role';
    await grantBuilds(pool, projections);
    return 'roles';
  } finally {
    await pool.end();
  }
}
