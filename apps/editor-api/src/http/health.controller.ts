import { Problem } from '#platform';
import { Controller, Get } from '@nestjs/common';
import { ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { CommandProcessor } from '../commands/processor.js';
import { EmbargoScheduler } from '../commands/embargo-scheduler.js';
import { KeyStorePreparation } from '../commands/key-store-preparation.js';
import { problem } from './route.js';

// Anybody may ask, so the answer holds only a count: names could reveal stories under embargo. The metrics' port names the streams.
const Quarantined = z.int().meta({ description: 'Number of streams that this version cannot read.' });
const LateLifts = z.int().meta({
  description: 'Number of embargoes that are due and that this process could not lift yet.',
});
const Ready = z
  .object({ status: z.literal('ready'), position: z.int(), quarantined: Quarantined, lateLifts: LateLifts })
  .meta({ id: 'Ready' });

const noKeys = 'The key store (KEY_STORE or DATABASE_URL) has not answered yet. The process keeps trying.';

@ApiTags('health')
@Controller('health')
/** Liveness and readiness of the process. */
export class HealthController {
  constructor(
    private readonly processor: CommandProcessor,
    private readonly lifts: EmbargoScheduler,
    private readonly keys: KeyStorePreparation,
  ) {}

  /** Ready once every record that the log held at the request was read, and the key store has answered since the start. */
  @Get('ready')
  @ApiOkResponse({ standardSchema: Ready })
  @problem(503, 'The log does not answer, is not read to its end yet, or the key store has not answered yet.')
  async ready() {
    if (!this.processor.ready || !(await this.processor.caughtUp(2_000)))
      throw new Problem(503, 'not-ready', 'The log does not answer, or is not read to its end yet.');
    if (!this.keys.ready) throw new Problem(503, 'not-ready', noKeys);
    const { arbitration, unreadable } = this.processor.view();
    return {
      status: 'ready',
      position: arbitration.position,
      quarantined: unreadable.size,
      lateLifts: this.lifts.late().length,
    };
  }
}
