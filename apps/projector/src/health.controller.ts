import type { LogReader } from '#event-log';
import { Problem, ProblemDetails } from '#platform';
import { Controller, Get, Inject } from '@nestjs/common';
import { ApiOkResponse, ApiResponse, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { Status } from './loop/status.js';

/** Injects the log's reader. */
export const READER = Symbol('the log');

const Role = z
  .enum(['starting', 'leader', 'standby'])
  .meta({ description: 'The `leader` applies the log; a `standby` takes over when the leader stops.' });
const Live = z.object({ status: z.literal('live'), role: Role }).meta({ id: 'Live' });
const Standby = z.object({ status: z.literal('ready'), role: z.literal('standby') });
const Leader = z.object({
  status: z.literal('ready'),
  role: z.literal('leader'),
  build: z.string(),
  live: z.boolean(),
  position: z.int(),
  lag: z.int().meta({ description: 'Records of the log that are not applied yet.' }),
  quarantined: z
    .int()
    .meta({ description: 'Number of streams that this version cannot read. The metrics’ port names them.' }),
});
const Ready = z.union([Leader, Standby]).meta({ id: 'Ready' });

@ApiTags('health')
@Controller('health')
/** Liveness and readiness of the projector. */
export class HealthController {
  constructor(
    private readonly status: Status,
    @Inject(READER) private readonly reader: Pick<LogReader, 'bounds'>,
  ) {}

  /** Live while the process answers. It exits when it can no longer read the log. */
  @Get('live')
  @ApiOkResponse({ standardSchema: Live })
  live() {
    return { status: 'live', role: this.status.role };
  }

  /**
   * The leader is ready once it has applied every record that the log held at the request, or soon will. A standby is ready to take over.
   */
  @Get('ready')
  @ApiOkResponse({ standardSchema: Ready })
  @ApiResponse({
    status: 503,
    description: 'The projector is stuck; the detail gives the reason.',
    standardSchema: ProblemDetails,
  })
  async ready() {
    const { role, progress, trouble } = this.status;
    if (trouble) throw new Problem(503, 'not-ready', trouble, { role });
    if (role === 'standby') return { status: 'ready', role };
    if (!progress) throw new Problem(503, 'not-ready', 'The projector is starting.', { role });
    const { next } = await this.bounds();
    const { name: build, position, next_offset, live } = progress.checkpoint;
    const quarantined = progress.quarantined.size;
    const state = { role, build, live, position, lag: next - next_offset, quarantined };
    if (!(await this.moves(next)))
      throw new Problem(503, 'not-ready', `${state.lag} records wait to be applied.`, state);
    return { status: 'ready', ...state };
  }

  private bounds() {
    return this.reader.bounds().catch((error: Error) => {
      throw new Problem(503, 'not-ready', error.message, { role: this.status.role });
    });
  }

  /** Whether the projector reaches the log's current end within a while, or at least comes nearer to it. */
  private async moves(end: number): Promise<boolean> {
    const offset = () => this.status.progress?.checkpoint.next_offset ?? 0;
    const before = offset();
    for (let waited = 0; waited < 2_000 && offset() < end; waited += 50)
      await new Promise(resolve => setTimeout(resolve, 50));
    return offset() >= end || offset() > before;
  }
}
