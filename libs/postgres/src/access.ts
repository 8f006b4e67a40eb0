import { migrate } from './migrate.js';
import { grantRights } from './roles.js';

/** Creates or migrates the tables of sessions, drafts and presence, and grants the editor-api its rights on them. Run it as the database's owner. */
export async function prepareAccess(databaseUrl: string): Promise<void> {
  await migrate(databaseUrl, { dir: 'libs/postgres/access', schema: 'dateline_access' });
  await grantRights(databaseUrl, 'dateline_access');
}
