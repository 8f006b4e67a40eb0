import { grantKeyStore, prepareKeyStore, type KeySettings } from '#keys';
import { grantRights, hasRoles, migrate, openPool } from '#postgres';
import { projections } from '../folds/list.js';
import { grantBuilds } from './rights.js';

/**
 * Brings what is not disposable up to date, and says which app may do what: `one role` where the server has no roles for the apps. By
 * the database's owner; to do it again changes nothing. Rejects with a KeyStoreError where the key store is not to be had.
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
