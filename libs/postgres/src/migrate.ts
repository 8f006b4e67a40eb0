import { runner } from 'node-pg-migrate';
import { projectFile } from './project-file.js';

const quiet = () => undefined;

/** Numbered migrations, by their folder's path from the top of the checkout, and the schema that they make. */
export interface Migrations {
  readonly dir: string;
  readonly schema: string;
}

const own: Migrations = { dir: 'libs/postgres/migrations', schema: 'dateline' };

/** Brings what is not disposable up to date; processes that start at once wait for one another. */
export async function migrate(databaseUrl: string, { dir, schema }: Migrations = own): Promise<void> {
  await runner({
    databaseUrl,
    dir: projectFile(dir),
    direction: 'up',
    schema,
    createSchema: true,
    migrationsTable: 'migration',
    advisoryLockMode: 'wait',
    logger: { debug: quiet, info: quiet, warn: quiet, error: quiet },
  });
}
