import { ensureTopic, grantAccess, visibilityLogOf } from '#event-log';
import { complain, ConfigError, logOf, logTo, readSettings } from '#platform';
import { prepareDatabase } from '#projections';
import { schemas } from './settings.js';

/**
 * Prepares a deployment before the apps start: creates the topics, sets their access rights, and migrates the database. A
 * second run changes nothing.
 */
async function prepare(): Promise<void> {
  const settings = readSettings(schemas);
  const say = logTo('prepare', settings.LOG_LEVEL);
  const log = logOf(settings);
  await ensureTopic(log);
  await ensureTopic(visibilityLogOf(log));
  say.info(`the log is ${log.topic}, its visibility log ${visibilityLogOf(log).topic}`);
  if (settings.KAFKA_ACLS) {
    await grantAccess(log);
    say.info('editor-api, projector and audit may use them');
  }
  const rights = await prepareDatabase(settings);
  say.info('the database is up to date');
  if (rights === 'one role')
    say.warn(
      'one Postgres role does everything, so the reader-api’s DATABASE_URL gives access to every key: set up separate roles (docs/operate.md)',
    );
}

prepare().catch((error: Error) => {
  complain(error instanceof ConfigError ? error.message : (error.stack ?? error.message));
  process.exitCode = 1;
});
