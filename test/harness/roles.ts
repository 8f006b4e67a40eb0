import { addressOf, makeRoles, passwordsUnder, type RoledApp } from '#postgres';

const server = () => process.env.DATABASE_URL ?? '';

/** Whether `npm test` made the roles of the apps on its server: not on one that somebody else rules. */
export const withRoles = () => process.env.TEST_ROLES === 'made';

/** Closes a test's own database to all but the apps' roles, where there are roles. */
export const closeDatabase = async (databaseUrl: string): Promise<void> => {
  if (withRoles()) await makeRoles(databaseUrl, passwordsUnder(server()), { onServer: false });
};

/** The database's address as that app has it. */
export const signedInAs = (app: RoledApp, databaseUrl: string): string =>
  withRoles() ? addressOf(databaseUrl, app, passwordsUnder(server())) : databaseUrl;
