import { signerOf, signingKey } from '#bundle';
import { ensureTopic, kafkaReader, settingsCheckMs } from '#event-log';
import { openKeyStore, prepareKeyStore } from '#keys';
import {
  detailEntries,
  exitWithParent,
  httpApp,
  listen,
  logOf,
  logTo,
  metricsOf,
  observeRequests,
  readSettings,
  serveMetrics,
  startTracing,
  traceRequests,
} from '#platform';
import { migrate, openPool } from '#postgres';
import { closeVisibilityLog, ensureVisibilityLog, openVisibilityLog, projections } from '#projections';
import { headSink } from './heads/sink.js';
import { superviseHeads } from './heads/supervise.js';
import { watchTransactions } from './loop/old-transactions.js';
import { Status } from './loop/status.js';
import { supervise } from './loop/supervise.js';
import { PicturePublisher } from './pictures/publisher.js';
import { ProjectorModule } from './projector.module.js';
import { schemas } from './settings.js';
import { watchBuilds } from './telemetry/builds-made.js';
import { watchProjector } from './telemetry/metrics.js';

exitWithParent();
const settings = readSettings(schemas);
const topic = logOf(settings);
const databaseUrl = settings.DATABASE_URL;
const log = logTo('projector', settings.LOG_LEVEL);
await ensureTopic(topic);
await ensureVisibilityLog(topic);
await migrate(databaseUrl);
await prepareKeyStore(settings);

const pool = openPool(databaseUrl, { application: 'projector', max: 4 });
const keys = openKeyStore(settings);
const reader = kafkaReader({ ...topic, settingsCheckMs });
const visibilityLog = openVisibilityLog(topic);
const { BLOB_STORE, ...blobs } = settings;
const pictures = BLOB_STORE === undefined ? undefined : new PicturePublisher(pool, { ...blobs, BLOB_STORE }, log);
const status = new Status();
const metrics = metricsOf('projector');
const endTracing = await startTracing('projector', settings);
watchProjector(status, reader, metrics);
watchBuilds(status, pool, metrics);
const stopping = new AbortController();
const batchSize = settings.BATCH_SIZE;
const folding = supervise(
  { pool, keys, reader, visibilityLog, projections, batchSize, status, pictures, databaseUrl, log },
  stopping.signal,
);
const fatal = (error: unknown) => {
  log.fatal(error);
  process.exit(1);
};
folding.catch(fatal);
const watching = watchTransactions(pool, log, stopping.signal);
const heads = settings.HEADS_TO === undefined ? undefined : signHeads(settings.HEADS_TO);
heads?.catch(fatal);

async function signHeads(to: string): Promise<void> {
  const signer = await signerOf(await signingKey(settings.SIGNING_KEY_FILE));
  log.info(`signs heads of the log as ${signer.kid} to ${to}`);
  await superviseHeads({ reader, sink: headSink(to), signer, log, databaseUrl, topic: topic.topic }, stopping.signal);
}

async function stop(): Promise<void> {
  stopping.abort();
  await Promise.all([folding, heads, watching]);
  await Promise.allSettled([
    reader.close(),
    closeVisibilityLog(visibilityLog),
    keys.close(),
    pictures?.close(),
    pool.end(),
    endTracing(),
  ]);
}

const docs = {
  title: 'Dateline projector',
  description: 'Applies the log to the tables that readers read. Its HTTP serves only its health.',
};
const module = ProjectorModule.of(status, reader, stop, settings.LOG_LEVEL);
const app = await httpApp(module, docs, settings, observeRequests(metrics));
app.use(traceRequests());
await serveMetrics(metrics, settings, () => ({
  quarantined: Object.fromEntries([...(status.progress?.quarantined ?? [])].slice(0, detailEntries)),
}));
await listen(app, settings);
