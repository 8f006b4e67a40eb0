import { StandardSchemaValidationPipe, type DynamicModule, type Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { SwaggerModule } from '@nestjs/swagger';
import type { RequestHandler } from 'express';
import helmet from 'helmet';
import { Logger } from 'nestjs-pino';
import type { AddressInfo } from 'node:net';
import type { Settings } from './config.js';
import { limitDepth } from './depth.js';
import { openApi, type Docs } from './docs.js';
import { jsonOnly } from './json-only.js';
import { origin } from './origin.js';
import { invalid, ProblemFilter } from './problem.js';
import { print, printableJson } from './terminal.js';

/**
 * A Nest app with what every HTTP process of Dateline has: limits, problem details, validation by schema, docs.
 * `observe` sees every request before anything else does.
 */
export async function httpApp(
  module: Type | DynamicModule,
  docs: Docs,
  observe?: RequestHandler,
): Promise<NestExpressApplication> {
  const app = await NestFactory.create<NestExpressApplication>(module, { bodyParser: false, bufferLogs: true });
  app.useLogger(app.get(Logger));
  if (observe) app.use(observe);
  // A tag of Express's own would be taken for one of ours, which stand for a head or a state.
  app.set('etag', false);
  app.use(helmet());
  app.useBodyParser('json', { limit: '256kb', strict: false });
  app.use(jsonOnly);
  app.use(limitDepth);
  app.useGlobalFilters(new ProblemFilter());
  app.useGlobalPipes(new StandardSchemaValidationPipe({ exceptionFactory: invalid }));
  app.enableShutdownHooks();
  SwaggerModule.setup('docs', app, () => openApi(app, docs));
  return app;
}

/** Listens, on loopback unless told otherwise; says where as one line of JSON, so that a parent process can read the port. */
export async function listen(
  app: NestExpressApplication,
  { HOST, PORT }: Pick<Settings, 'HOST' | 'PORT'>,
): Promise<string> {
  await app.listen(PORT, HOST);
  const { port } = app.getHttpServer().address() as AddressInfo;
  const url = origin(HOST, port);
  print(printableJson({ listening: url }));
  return url;
}
