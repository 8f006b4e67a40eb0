import { AuthGuard, Farewell, logging, TokenVerifier, type Settings } from '#platform';
import { Module, type DynamicModule, type OnApplicationShutdown } from '@nestjs/common';
import { CqrsModule } from '@nestjs/cqrs';
import { handlers } from './commands/index.js';
import { ActorsController } from './http/actors.controller.js';
import { CommandsController } from './http/commands.controller.js';
import { DevelopmentsController } from './http/developments.controller.js';
import { FeedController } from './http/feed.controller.js';
import { HealthController } from './http/health.controller.js';
import { PreviewController } from './http/preview.controller.js';
import { ReadsController } from './http/reads.controller.js';
import { StoriesController } from './http/stories.controller.js';
import { Desk } from './newsroom/desk.js';

@Module({})
export class EditorModule implements OnApplicationShutdown {
  constructor(private readonly desk: Desk) {}

  onApplicationShutdown(): Promise<void> {
    return this.desk.close();
  }

  static of(desk: Desk, verifier: TokenVerifier, level: Settings['LOG_LEVEL']): DynamicModule {
    return {
      module: EditorModule,
      imports: [CqrsModule.forRoot(), logging('editor-api', level)],
      controllers: [
        StoriesController,
        DevelopmentsController,
        ActorsController,
        CommandsController,
        ReadsController,
        FeedController,
        PreviewController,
        HealthController,
      ],
      providers: [
        ...handlers,
        AuthGuard,
        Farewell,
        { provide: Desk, useValue: desk },
        { provide: TokenVerifier, useValue: verifier },
      ],
    };
  }
}
