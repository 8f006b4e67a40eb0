import { links, pageSafeJson, renderProblem, sendPage, serveEmbeds, servePages, type Brand } from '#pages';
import {
  countRefusedConnections,
  httpApp,
  metricsOf,
  observeAllRequests,
  Problem,
  ProblemFilter,
  serveMetrics,
  traceRequests,
  type Early,
  type ProblemDetails,
} from '#platform';
import { Catch } from '@nestjs/common';
import type { NestExpressApplication } from '@nestjs/platform-express';
import type { Request, Response } from 'express';
import { Answers } from './answers/answers.js';
import { brandingOf } from './brand/index.js';
import { LiveStreams } from './live/streams.js';
import { ReaderModule } from './reader.module.js';
import type { ReaderSettings } from './settings.js';
import { watchStreams } from './telemetry/deliveries.js';

const isPage = (path: string) => path === links.stories || path.startsWith(`${links.stories}/`);

/**
 * Sends a problem as a page to clients that asked for a page, and otherwise as JSON in the same page-safe bytes as every
 * answer.
 */
@Catch()
export class ProblemAnswers extends ProblemFilter {
  constructor(
    private readonly brand: Brand,
    /** Who may show the page in a frame. */
    private readonly ancestors: string,
  ) {
    super();
  }

  protected override send(problem: Problem, request: Request, response: Response): void {
    const { details } = problem;
    if (isPage(request.path)) return this.sendPage(details, response);
    response
      .status(details.status)
      .type('application/problem+json')
      .send(Buffer.from(pageSafeJson(details)));
  }

  /** Sends a page that explains a missing resource, an invalid address or a server error. */
  private sendPage({ status, detail }: ProblemDetails, response: Response): void {
    const said = status === 422 || status === 429 ? detail : undefined;
    sendPage(response, renderProblem(status, said, this.brand), status, { ancestors: this.ancestors });
  }
}

/** Creates the app. Pages of any origin may read it, because all its data is public. */
export async function readerApp(settings: ReaderSettings): Promise<NestExpressApplication> {
  const docs = {
    title: 'Dateline reader API',
    description: 'Live stories: events, actors, sourcing and corrections. No token needed.',
  };
  const metrics = metricsOf('reader-api');
  const { brand, files, embedRules } = brandingOf(settings);
  const module = ReaderModule.of(settings, metrics, brand);
  const problems = new ProblemAnswers(brand, settings.FRAME_ANCESTORS);
  const observe = observeAllRequests(metrics);
  // The answers exist once the app does, and it gets no request before.
  const early: Early = request => keptAnswers(request);
  const app = await httpApp(module, docs, settings, observe.inApp, problems, early);
  const keptAnswers = app.get(Answers).early(observe.early);
  app.use(traceRequests());
  watchStreams(app.get(LiveStreams), metrics);
  countRefusedConnections(app.getHttpServer(), metrics);
  await serveMetrics(metrics, settings);
  servePages(app, links.stories, files);
  serveEmbeds(app, embedRules);
  app.enableCors({
    origin: '*',
    methods: ['GET', 'HEAD'],
    allowedHeaders: ['Last-Event-ID', 'If-None-Match', 'Cache-Control', 'Accept-Datetime'],
    exposedHeaders: ['ETag', 'Retry-After', 'Link', 'Memento-Datetime'],
    maxAge: 86_400,
  });
  return app;
}
