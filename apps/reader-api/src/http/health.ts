import { Controller, Get } from '@nestjs/common';
import { ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { problem, ReadProblem } from './problems.js';
import { ChangeListener } from '../live/change-listener.js';
import { LiveStreams } from '../live/streams.js';
import { ReadModels } from '../read-models.js';

const Ready = z
  .object({ status: z.literal('ready'), build: z.string(), position: z.int(), streams: z.int() })
  .meta({ id: 'Ready' });

@ApiTags('health')
@Controller('health')
/** Liveness and readiness of the process. */
export class HealthController {
  constructor(
    private readonly models: ReadModels,
    private readonly news: ChangeListener,
    private readonly streams: LiveStreams,
  ) {}

  /** Ready if a build is readable and change notifications arrive. */
  @Get('ready')
  @ApiOkResponse({ standardSchema: Ready })
  @ReadProblem(503, 'Not ready.')
  async ready() {
    const { build, position } = await this.models.live();
    if (!this.news.stands) throw problem('not-following');
    return { status: 'ready', build, position, streams: this.streams.size };
  }
}
