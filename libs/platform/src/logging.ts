import type { DynamicModule } from '@nestjs/common';
import { LoggerModule } from 'nestjs-pino';
import { pino, type DestinationStream } from 'pino';
import { z } from 'zod';
import { setting } from './settings.js';
import { escapedJson } from './terminal.js';

/** The setting of the log level. */
export const logSettings = {
  LOG_LEVEL: setting(
    z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']).default('info'),
    'Minimum level of log lines, which are JSON on standard error.',
  ),
};
/** The least severe level that is logged. */
export type LogLevel = z.infer<typeof logSettings.LOG_LEVEL>;

/**
 * Logs JSON lines to standard error; standard output is for results that a person asked for. Escapes characters that are valid in JSON
 * and control a terminal.
 */
export function logTo(app: string, level: LogLevel, out: DestinationStream = pino.destination(2)) {
  return pino({ level, base: { app } }, { write: line => out.write(`${escapedJson(line.trimEnd())}\n`) });
}

/** The Nest module that logs as `logTo` does, with a line for each request. */
export function logging(app: string, level: LogLevel): DynamicModule {
  return LoggerModule.forRoot({
    pinoHttp: {
      logger: logTo(app, level),
      autoLogging: false,
      // A line within a request has the request's number, and none of its headers, which are not even put into a line.
      quietReqLogger: true,
      quietResLogger: true,
      serializers: { req: () => undefined },
      redact: ['req.headers.authorization', 'req.headers.cookie'],
    },
  });
}
