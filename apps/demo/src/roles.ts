import { addressOf, makeRoles, passwordsUnder, type RoledApp } from '#postgres';
import { prepareDatabase } from '#projections';
import type { Ground } from './ground.js';

/**
 * Where each app signs in to the database. On a server of ours each has a role of its own, as in production, and the database is
 * prepared for that; on servers of somebody else all use the address that they gave.
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
