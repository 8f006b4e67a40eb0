import { addressOf, makeRoles, passwordsUnder } from '#postgres';
import type { RoledApp } from '#rights';

const server = () => process.env.DATABASE_URL ?? '';

/** Whether `npm test` created the apps' roles on its server. It does not on a server of another owner. */
export const withRoles = () => process.env.TEST_ROLES === 'made';

/** Closes a test's database to all but the apps' roles, if these exist. */
export const closeDatabase = async (databaseUrl: string): Promise<void> => {
  if (withRoles()) await makeRoles(databaseUrl, passwordsUnder(server()), { onServer: false });
};

/** The database address for an app's role. */
export const signedInAs = (app: RoledApp, databaseUrl: string): string =>
  withRoles() ? addressOf(databaseUrl, app, passwordsUnder(server())) : databaseUrl;
