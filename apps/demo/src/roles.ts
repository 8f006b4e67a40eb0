import { addressOf, makeRoles, passwordsUnder, type RoledApp } from '#postgres';
import { prepareDatabase } from '#projections';
import type { Ground } from './ground.js';

/**
 * The database address of each app. On servers that the demo starts, each app has its own role, as in production, and the
 * database is prepared for that. On other servers all apps use the given address.
 */
export async function signedIn({
  databaseUrl,
  provisionedBy,
}: Pick<Ground, 'databaseUrl' | 'provisionedBy'>): Promise<(app: RoledApp) => string> {
  if (provisionedBy === 'external') return () => databaseUrl;
  const passwordOf = passwordsUnder(databaseUrl);
  await makeRoles(databaseUrl, passwordOf);
  await prepareDatabase({ DATABASE_URL: databaseUrl, KEY_STORE: process.env.KEY_STORE || undefined });
  return app => addressOf(databaseUrl, app, passwordOf);
}
