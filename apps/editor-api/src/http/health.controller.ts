import { Problem } from '#platform';
import { Controller, Get } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Desk } from '../newsroom/desk.js';

@ApiTags('health')
@Controller('health')
export class HealthController {
  constructor(private readonly desk: Desk) {}

  /** The process answers; it ends by itself when it can no longer follow the log. */
  @Get('live')
  live() {
    return { status: 'live' };
  }

  /** All that stands in the log at the time of asking has been read. */
  @Get('ready')
  async ready() {
    if (!this.desk.ready || !(await this.desk.caughtUp(2_000)))
      throw new Problem(503, 'not-ready', 'The log does not answer, or is not read to its end yet.');
    const { arbitration, unreadable } = this.desk.view();
    return { status: 'ready', position: arbitration.position, quarantined: unreadable.toObject() };
  }
}
