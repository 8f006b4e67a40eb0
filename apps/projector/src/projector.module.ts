import type { LogReader } from '#event-log';
import { logging, type LogLevel } from '#platform';
import { Inject, Module, type DynamicModule, type OnApplicationShutdown } from '@nestjs/common';
import { HealthController, READER } from './health.controller.js';
import { Status } from './loop/status.js';

const STOP = Symbol('what ends the folding');

@Module({})
/** The projector's health routes and its shutdown. */
export class ProjectorModule implements OnApplicationShutdown {
  constructor(@Inject(STOP) private readonly stop: () => Promise<void>) {}

  onApplicationShutdown(): Promise<void> {
    return this.stop();
  }

  static of(status: Status, reader: LogReader, stop: () => Promise<void>, level: LogLevel): DynamicModule {
    return {
      module: ProjectorModule,
      imports: [logging('projector', level)],
      controllers: [HealthController],
      providers: [
        { provide: Status, useValue: status },
        { provide: STOP, useValue: stop },
        { provide: READER, useValue: reader },
      ],
    };
  }
}
