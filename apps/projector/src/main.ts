import { ensureTopic, kafkaReader } from '#event-log';
import { exitWithParent, httpApp, listen, logTo, readSettings } from '#platform';
import { migrate, openPool } from '#postgres';
import { projections } from '#projections';
import { closeLedger, ensureLedger, openLedger } from './ledger/topic.js';
import { Status } from './loop/status.js';
import { supervise } from './loop/supervise.js';
import { ProjectorModule } from './projector.module.js';

exitWithParent();
const settings = readSettings([
  'KAFKA_BROKERS',
  'LOG_TOPIC',
  'DATABASE_URL',
  'BATCH_SIZE',
  'HOST',
  'PORT',
  'LOG_LEVEL',
]);
const topic = { brokers: settings.KAFKA_BROKERS, topic: settings.LOG_TOPIC };
const databaseUrl = settings.DATABASE_URL;
const log = logTo('projector', settings.LOG_LEVEL);
await ensureTopic(topic);
await ensureLedger(topic);
await migrate(databaseUrl);

const pool = openPool(databaseUrl, { application: 'projector', max: 4 });
const reader = kafkaReader(topic);
const ledger = openLedger(topic);
const status = new Status();
const stopping = new AbortController();
const batchSize = settings.BATCH_SIZE;
const folding = supervise({ pool, reader, ledger, projections, batchSize, status, databaseUrl, log }, stopping.signal);
folding.catch(error => {
  log.fatal(error);
  process.exit(1);
});

async function stop(): Promise<void> {
  stopping.abort();
  await folding;
  await Promise.allSettled([reader.close(), closeLedger(ledger), pool.end()]);
}

const app = await httpApp(ProjectorModule.of(status, reader, stop, settings.LOG_LEVEL), {
  title: 'Dateline projector',
  description: 'Folds the log into what readers read. Its HTTP is for its health alone.',
});
await listen(app, settings);
