import { runner } from 'node-pg-migrate';
import { projectFile } from './project-file.js';

const quiet = () => undefined;

/** Brings what is not disposable up to date; processes that start at once wait for one another. */
export async function migrate(databaseUrl: string): Promise<void> {
  await runner({
    databaseUrl,
    dir: projectFile('libs/postgres/migrations'),
    direction: 'up',
    schema: 'dateline',
    createSchema: true,
    migrationsTable: 'migration',
    advisoryLockMode: 'wait',
    logger: { debug: quiet, info: quiet, warn: quiet, error: quiet },
  });
}
