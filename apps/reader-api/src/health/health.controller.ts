import { Controller, Get } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { problem } from '../http/problems.js';
import { News } from '../live/news.js';
import { LiveStreams } from '../live/streams.js';
import { ReadModels } from '../read-models.js';

@ApiTags('health')
@Controller('health')
export class HealthController {
  constructor(
    private readonly models: ReadModels,
    private readonly news: News,
    private readonly streams: LiveStreams,
  ) {}

  /** The process answers. */
  @Get('live')
  live() {
    return { status: 'live' };
  }

  /** Something can be read, and news arrives. */
  @Get('ready')
  async ready() {
    const { build, position } = await this.models.read(async ({ build, position }) => ({ build, position }));
    if (!this.news.stands) throw problem('not-following');
    return { status: 'ready', build, position, streams: this.streams.size };
  }
}
