import { StandardSchemaValidationPipe, type DynamicModule, type Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import type { RequestHandler } from 'express';
import helmet from 'helmet';
import { Logger } from 'nestjs-pino';
import type { AddressInfo } from 'node:net';
import type { SignedInLimits } from './auth/settings.js';
import type { Docs } from './docs.js';
import { serveEarly, type Early } from './edge/early.js';
import { limitFailedSignIns, limitRequests, LimitWrites, RequestCounts } from './edge/limits.js';
import { sendMethods } from './edge/methods.js';
import { checkTarget, readQuery } from './edge/target.js';
import { bound, checkHeaders } from './edge/server.js';
import type { addressSettings, EdgeSettings } from './edge/settings.js';
import { StrictRequests } from './edge/strict.js';
import { origin } from './origin.js';
import { invalid, ProblemFilter } from './problem.js';
import type { SettingsOf } from './settings.js';
import { print, printableJson } from './terminal.js';

/** Validates by schema. Other names than those of a request's own fields need not be removed from it: `StrictRequests` has refused them. */
class SchemaPipe extends StandardSchemaValidationPipe {
  protected override stripProtoKeys(): void {
    // Nest would visit each value of the body, several times.
  }
}

/** The settings that limit clients. Apps that accept tokens also limit sign-ins and writes. */
export type Bounds = EdgeSettings & Partial<SignedInLimits>;

/**
 * Creates a Nest app with the common parts of every HTTP process: limits, problem details, validation by schema, docs. `observe` sees
 * every request first; `problems` answers refused and failed requests; `early` may answer a request before the app sees it.
 */
export async function httpApp(
  module: Type | DynamicModule,
  docs: Docs,
  settings: Bounds,
  observe?: RequestHandler,
  problems: ProblemFilter = new ProblemFilter(),
  early?: Early,
): Promise<NestExpressApplication> {
  const app = await NestFactory.create<NestExpressApplication>(module, { bodyParser: false, bufferLogs: true });
  app.useLogger(app.get(Logger));
  app.set('trust proxy', settings.TRUSTED_PROXIES ?? false);
  app.set('query parser', readQuery);
  // Clients would mistake Express's ETag for ours, which identifies a head or a state.
  app.set('etag', false);
  if (observe) app.use(observe);
  app.use(checkHeaders);
  app.use(checkTarget);
  app.use(helmet({ contentSecurityPolicy: { directives: { 'base-uri': ["'none'"], 'object-src': ["'none'"] } } }));
  const counts = new RequestCounts(settings.REQUESTS_PER_MINUTE);
  app.use(limitRequests(counts));
  app.use(limitFailedSignIns(settings.FAILED_SIGN_INS_PER_MINUTE ?? 0));
  app.use(sendMethods);
  app.useGlobalFilters(problems);
  app.useGlobalInterceptors(
    new LimitWrites(settings.WRITES_PER_MINUTE ?? 0, settings.STORY_WRITES_PER_MINUTE ?? 0),
    new StrictRequests(),
  );
  app.useGlobalPipes(new SchemaPipe({ exceptionFactory: invalid }));
  app.enableShutdownHooks();
  bound(app.getHttpServer(), settings);
  if (early) serveEarly(app, counts, early);
  // Loaded here, because commands and tests that import this library seldom serve documents.
  const { serveDocs } = await import('./docs.js');
  serveDocs(app, docs);
  return app;
}

/** Listens, by default on loopback; prints the address as one line of JSON, so that a parent process can read the port. */
export async function listen(
  app: NestExpressApplication,
  { HOST, PORT }: SettingsOf<typeof addressSettings>,
): Promise<string> {
  await app.listen(PORT, HOST);
  const { port } = app.getHttpServer().address() as AddressInfo;
  const url = origin(HOST, port);
  print(printableJson({ listening: url }));
  return url;
}
