import type { DynamicModule } from '@nestjs/common';
import { LoggerModule } from 'nestjs-pino';
import { pino } from 'pino';
import type { Settings } from './config.js';

/** JSON lines on standard error; standard output is kept for what a person asked to see. */
export const logTo = (app: string, level: Settings['LOG_LEVEL']) => pino({ level, base: { app } }, pino.destination(2));

export function logging(app: string, level: Settings['LOG_LEVEL']): DynamicModule {
  return LoggerModule.forRoot({
    pinoHttp: {
      logger: logTo(app, level),
      autoLogging: false,
      redact: ['req.headers.authorization', 'req.headers.cookie'],
    },
  });
}
