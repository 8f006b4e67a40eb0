import { ensureTopic, kafkaAppender, kafkaReader, settingsCheckMs } from '#event-log';
import { openKeyStore, prepareKeyStore, riskOfKeys } from '#keys';
import { servePages } from '#pages';
import {
  countRefusedConnections,
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
  TokenVerifier,
  traceRequests,
  print,
} from '#platform';
import { LinkCaptures } from './captures/captures.js';
import { devSignIn } from './dev-sign-in.js';
import { DeskProblems } from './http/problem-page.js';
import { EditorModule } from './editor.module.js';
import { EmbargoScheduler } from './commands/embargo-scheduler.js';
import { KeptState } from './commands/kept-state.js';
import { KeyStorePreparation } from './commands/key-store-preparation.js';
import { Machines } from './machines/machines.js';
import { MachineStore } from './machines/store.js';
import { openDeskWatch } from './presence/index.js';
import { schemas } from './settings.js';
import { Signatures } from './signatures/signatures.js';
import type { Submission } from './commands/submission.js';
import { Uploads } from './media/uploads.js';
import { signInOf } from './sign-in/index.js';
import { commandMetrics, watchDesk } from './telemetry/metrics.js';
import { ObservedProcessor } from './telemetry/observed-processor.js';

exitWithParent();
const settings = readSettings(schemas);
const signIn = signInOf(settings);
const machines = new Machines(new MachineStore(settings.DATABASE_URL));
const verifier = new TokenVerifier(settings, [machines, ...(signIn ? [signIn.sessions] : [])], signIn !== undefined);
const log = logOf(settings);
await ensureTopic(log);

const logger = logTo('editor-api', settings.LOG_LEVEL);
const keys = await new KeyStorePreparation(
  () => prepareKeyStore(settings),
  () => riskOfKeys(settings),
  logger,
).start();
const keyStore = openKeyStore(settings);
const uploads = Uploads.of(settings, keyStore);
const metrics = metricsOf('editor-api');
const endTracing = await startTracing('editor-api', settings);
const processor = new ObservedProcessor(
  { ...commandMetrics(metrics), log: logger },
  `urn:dateline:${log.topic}`,
  settings.SETTLE_TIMEOUT_MS,
  kafkaReader({ ...log, settingsCheckMs }),
  kafkaAppender(log),
  keyStore,
  new KeptState(settings.STATE_DIR, settings.SETTLE_TIMEOUT_MS * 2, logger),
);
watchDesk(processor, metrics);
processor.follow().catch(error => {
  logger.fatal(error);
  process.exit(1);
});
await processor.open();
const watch = openDeskWatch(settings, processor.view);
const signatures = await Signatures.of(settings, () => processor.view().source ?? processor.source);
const sign = (lift: Submission) => signatures.sign(lift);
const lifts = new EmbargoScheduler(processor, logger, settings.EMBARGO_TOLERANCE_MS, Date.now, sign).start();

const docs = {
  title: 'Dateline editor API',
  description:
    'Commands of a live newsroom. The API decides each command on the log’s present state, and answers when the log has settled it.',
  tokens: true,
};
const end = async () => {
  await Promise.all([signIn?.close(), machines.store.close(), watch.close(), uploads.close()]);
  await endTracing();
};
const feeds = {
  most: settings.DESK_FEEDS,
  mostEach: settings.DESK_FEEDS_PER_PERSON,
  patienceMs: settings.SLOW_READER_MS,
};
const desk = { reader: settings.PUBLIC_URL ?? null, pasted: settings.AUTH === 'dev', feeds };
const module = EditorModule.of(
  processor,
  lifts,
  verifier,
  end,
  settings.LOG_LEVEL,
  desk,
  keys,
  signIn,
  machines,
  signatures,
  watch,
  uploads,
  LinkCaptures.of(settings),
);
const app = await httpApp(module, docs, settings, observeRequests(metrics), new DeskProblems());
app.use(traceRequests(request => verifier.ofRequest(request).then(() => true)));
countRefusedConnections(app.getHttpServer(), metrics);
servePages(app, '/desk');
await serveMetrics(metrics, settings, () => ({
  quarantined: processor.view().unreadable.entries.take(detailEntries).toObject(),
  lateLifts: lifts.late().slice(0, detailEntries),
  stateNotWritten: processor.kept.failure ?? null,
}));
const url = await listen(app, settings);

for (const line of await devSignIn(settings, url)) print(line);
