import {
  exitWithParent,
  httpApp,
  listen,
  metricsOf,
  observeRequests,
  serveMetrics,
  startTracing,
  traceRequests,
} from '#platform';
import { FetcherModule } from './fetcher.module.js';
import { fetcherSettings } from './settings.js';

exitWithParent();
const settings = fetcherSettings();
const metrics = metricsOf('fetcher');
const endTracing = await startTracing('fetcher', settings);
const docs = {
  title: 'Dateline fetcher',
  description: 'Captures pages that are linked to, for the editor-api alone. Its HTTP documents only its health.',
};
const app = await httpApp(FetcherModule.of(settings), docs, settings, observeRequests(metrics));
app.use(traceRequests());
app.getHttpServer().once('close', () => void endTracing());
await serveMetrics(metrics, settings);
await listen(app, settings);
