import { AuthGuard, Farewell, LivenessController, logging, type LogLevel, TokenVerifier } from '#platform';
import { Inject, Module, type DynamicModule, type OnApplicationShutdown } from '@nestjs/common';
import { CqrsModule } from '@nestjs/cqrs';
import { handlers } from './commands/index.js';
import { DeskController, READERS } from './desk/desk.controller.js';
import { ActorsController } from './http/actors.controller.js';
import { CommandsController } from './http/commands.controller.js';
import { DevelopmentsController } from './http/developments.controller.js';
import { FeedController } from './http/feed.controller.js';
import { HealthController } from './http/health.controller.js';
import { PreviewController } from './http/preview.controller.js';
import { OpenProposalsController, ProposalsController } from './http/proposals.controller.js';
import { ReadsController } from './http/reads.controller.js';
import { StoriesController } from './http/stories.controller.js';
import { Desk } from './newsroom/desk.js';
import { Lifts } from './newsroom/lifts.js';

const END = Symbol('what ends with the process');

@Module({})
export class EditorModule implements OnApplicationShutdown {
  constructor(
    private readonly desk: Desk,
    private readonly lifts: Lifts,
    @Inject(END) private readonly end: () => Promise<void>,
  ) {}

  async onApplicationShutdown(): Promise<void> {
    this.lifts.stop();
    await this.desk.close();
    await this.end();
  }

  /** `end` is what is left to do once the desk is closed; `reader` is where readers' answers come from. */
  static of(
    desk: Desk,
    lifts: Lifts,
    verifier: TokenVerifier,
    end: () => Promise<void>,
    level: LogLevel,
    reader: string | null = null,
  ): DynamicModule {
    return {
      module: EditorModule,
      imports: [CqrsModule.forRoot(), logging('editor-api', level)],
      controllers: [
        StoriesController,
        DevelopmentsController,
        ProposalsController,
        OpenProposalsController,
        ActorsController,
        CommandsController,
        ReadsController,
        FeedController,
        PreviewController,
        DeskController,
        HealthController,
        LivenessController,
      ],
      providers: [
        ...handlers,
        AuthGuard,
        Farewell,
        { provide: Desk, useValue: desk },
        { provide: Lifts, useValue: lifts },
        { provide: END, useValue: end },
        { provide: READERS, useValue: reader },
        { provide: TokenVerifier, useValue: verifier },
      ],
    };
  }
}
