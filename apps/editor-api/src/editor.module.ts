import { KeyStoreError } from '#keys';
import { AuthGuard, ConnectionDrain, logging, type LogLevel, TokenVerifier } from '#platform';
import { LivenessController } from '#platform/liveness';
import { Inject, Module, type DynamicModule, type OnApplicationShutdown } from '@nestjs/common';
import { CqrsModule } from '@nestjs/cqrs';
import { PerformActHandler } from './commands/perform.js';
import { DESK, DeskController, type DeskSettings } from './http/desk-page.controller.js';
import { ActsController } from './http/acts.controller.js';
import { CommandsController } from './http/commands.controller.js';
import { FeedController } from './http/feed.controller.js';
import { HealthController } from './http/health.controller.js';
import { OpenProposalsController, PreviewController, ReadsController } from './http/reads.controller.js';
import { CommandProcessor } from './commands/processor.js';
import { EmbargoScheduler } from './commands/embargo-scheduler.js';
import { KeyStorePreparation } from './commands/key-store-preparation.js';
import { Machines } from './machines/machines.js';
import { MachinesController } from './machines/machines.controller.js';
import { CertificatesController } from './signatures/certificates.controller.js';
import { Signatures } from './signatures/signatures.js';
import { MediaController } from './media/media.controller.js';
import { UploadsController } from './media/uploads.controller.js';
import { Uploads } from './media/uploads.js';
import { LinkCaptures } from './captures/captures.js';
import { CapturesController } from './captures/captures.controller.js';
import { DraftsController } from './drafts/drafts.controller.js';
import { PresenceController } from './presence/presence.controller.js';
import { DeskWatch } from './presence/watch.js';
import { SignIn, SignInController } from './sign-in/index.js';

const END = Symbol('what ends with the process');

@Module({})
/** The editor-api's controllers, guards and command handler. */
export class EditorModule implements OnApplicationShutdown {
  constructor(
    private readonly processor: CommandProcessor,
    private readonly lifts: EmbargoScheduler,
    private readonly keys: KeyStorePreparation,
    @Inject(END) private readonly end: () => Promise<void>,
  ) {}

  async onApplicationShutdown(): Promise<void> {
    this.lifts.stop();
    this.keys.stop();
    await this.processor.close();
    await this.end();
  }

  /** `end` runs after the processor is closed; `signIn` signs people in at an issuer, `machines` knows the tokens of programs, `watch` what desks share, `uploads` keeps pictures, `captures` asks the fetcher. */
  static of(
    processor: CommandProcessor,
    lifts: EmbargoScheduler,
    verifier: TokenVerifier,
    end: () => Promise<void>,
    level: LogLevel,
    desk: DeskSettings,
    keys: Pick<KeyStorePreparation, 'ready' | 'stop'> = { ready: true, stop: () => undefined },
    signIn?: SignIn,
    machines?: Machines,
    signatures = new Signatures(),
    watch?: DeskWatch,
    uploads = new Uploads({ keyFor: () => Promise.reject(new KeyStoreError('keys-unreachable')) }),
    captures = new LinkCaptures(),
  ): DynamicModule {
    return {
      module: EditorModule,
      imports: [CqrsModule.forRoot(), logging('editor-api', level)],
      controllers: [
        ActsController,
        OpenProposalsController,
        CommandsController,
        MediaController,
        UploadsController,
        CapturesController,
        CertificatesController,
        ReadsController,
        FeedController,
        PreviewController,
        DeskController,
        HealthController,
        LivenessController,
        ...(signIn ? [SignInController] : []),
        ...(machines ? [MachinesController] : []),
        ...(watch ? [DraftsController, PresenceController] : []),
      ],
      providers: [
        PerformActHandler,
        AuthGuard,
        ConnectionDrain,
        { provide: CommandProcessor, useValue: processor },
        { provide: EmbargoScheduler, useValue: lifts },
        { provide: KeyStorePreparation, useValue: keys },
        { provide: END, useValue: end },
        {
          provide: DESK,
          useValue: {
            ...desk,
            issuer: signIn !== undefined,
            signs: signatures.certifies,
            captures: captures.configured,
          },
        },
        ...(signIn ? [{ provide: SignIn, useValue: signIn }] : []),
        ...(machines ? [{ provide: Machines, useValue: machines }] : []),
        { provide: Signatures, useValue: signatures },
        ...(watch ? [{ provide: DeskWatch, useValue: watch }] : []),
        { provide: Uploads, useValue: uploads },
        { provide: LinkCaptures, useValue: captures },
        { provide: TokenVerifier, useValue: verifier },
      ],
    };
  }
}
