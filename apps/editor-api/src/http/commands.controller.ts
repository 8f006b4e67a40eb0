import { Allow, Problem, roles } from '#platform';
import { Get, Param } from '@nestjs/common';
import { ApiOkResponse, ApiOperation } from '@nestjs/swagger';
import { z } from 'zod';
import { commandsKept } from '../newsroom/remembered.js';
import { Desk } from '../newsroom/desk.js';
import { Pending, Won, won } from './answer.js';
import { Commands } from './route.js';

@Commands('commands')
export class CommandsController {
  constructor(private readonly desk: Desk) {}

  @Get(':command')
  @Allow([...roles])
  @ApiOperation({ summary: 'What became of a command, by its Idempotency-Key' })
  @ApiOkResponse({ standardSchema: z.union([Won, Pending]) })
  async status(@Param('command') command: string) {
    const all = await this.desk.caughtUp(this.desk.settleTimeoutMs);
    const commit = this.desk.view().commands.get(command);
    if (commit) return won(commit);
    if (this.desk.isPending(command))
      return { status: 'pending', command, href: `/commands/${encodeURIComponent(command)}` };
    if (!all) throw new Problem(503, 'log-unavailable', 'The log does not answer, so nobody knows; ask again.');
    const detail = `None of the last ${commandsKept} commands has this key. If its sending had begun it may still arrive; sending it again is safe.`;
    throw new Problem(404, 'unknown-command', detail);
  }
}
