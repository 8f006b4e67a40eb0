import { links, servePages } from '#pages';
import { httpApp, metricsOf, observeRequests, serveMetrics, traceRequests } from '#platform';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { ProblemAnswers } from './http/problem-answers.js';
import { LiveStreams } from './live/streams.js';
import { ReaderModule } from './reader.module.js';
import type { ReaderSettings } from './settings.js';
import { watchStreams } from './telemetry/metrics.js';

/** Creates the app. Pages of any origin may read it, because all its data is public. */
export async function readerApp(settings: ReaderSettings): Promise<NestExpressApplication> {
  const docs = {
    title: 'Dateline reader API',
    description: 'Live stories: events, actors, sourcing and corrections. No token needed.',
  };
  const metrics = metricsOf('reader-api');
  const module = ReaderModule.of(settings, metrics);
  const app = await httpApp(module, docs, settings, observeRequests(metrics), new ProblemAnswers());
  app.use(traceRequests());
  watchStreams(app.get(LiveStreams), metrics);
  await serveMetrics(metrics, settings);
  servePages(app, links.stories);
  app.enableCors({
    origin: '*',
    methods: ['GET', 'HEAD'],
    allowedHeaders: ['Last-Event-ID', 'If-None-Match', 'Cache-Control', 'Accept-Datetime'],
    exposedHeaders: ['ETag', 'Retry-After', 'Link', 'Memento-Datetime'],
    maxAge: 86_400,
  });
  return app;
}
