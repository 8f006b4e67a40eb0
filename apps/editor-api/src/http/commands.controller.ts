import { Won } from '#contract';
import { pathTo } from '#client';
import { Author } from '#domain';
import { Allow, ForMachines, Problem, RefusalLog, Refused, roles, type Authenticated } from '#platform';
import { Get, Logger, Param, Query, Req } from '@nestjs/common';
import { ApiOkResponse, ApiOperation } from '@nestjs/swagger';
import { z } from 'zod';
import { commandsKept, ownKey } from '../commands/write-model.js';
import { CommandProcessor } from '../commands/processor.js';
import { CommandKey } from './envelope.js';
import { Pending, won } from './answer.js';
import { Commands } from './route.js';

const Whose = z.strictObject({
  by: Author.shape.id.optional().meta({
    description: 'Subject of the person who sent the command; default: your own. Only for the role `auditor`.',
  }),
});

@Commands('commands')
/** Reports the outcome of a command by its idempotency key. */
export class CommandsController {
  private readonly log = new RefusalLog(new Logger('auth'));

  constructor(private readonly processor: CommandProcessor) {}

  @Get(':command')
  @Allow([...roles])
  @ForMachines('any')
  @ApiOperation({
    summary: 'Look up a command’s outcome by its Idempotency-Key: your own commands, or anybody’s for an auditor',
  })
  @ApiOkResponse({ standardSchema: z.union([Won, Pending]) })
  async status(
    @Param('command', { schema: CommandKey }) command: string,
    @Query({ schema: Whose }) { by }: z.infer<typeof Whose>,
    @Req() request: Authenticated,
  ) {
    const person = this.whose(by, request);
    const all = await this.processor.caughtUp(this.processor.settleTimeoutMs);
    const commit = this.processor.view().commands.get(ownKey(person, command));
    if (commit) return won(commit);
    if (this.processor.isPending(person, command))
      return { status: 'pending', command, href: pathTo('commands', command) };
    if (!all) throw new Problem(503, 'log-unavailable', 'The log is unavailable, so the outcome is unknown; retry.');
    const detail = `None of the last ${commandsKept} commands has this key and this person. If it was in flight it may still arrive; retrying is safe.`;
    throw new Problem(404, 'unknown-command', detail);
  }

  private whose(by: string | undefined, request: Authenticated): string {
    const { id, roles } = request.principal;
    if (by === undefined || by === id || roles.includes('auditor')) return by ?? id;
    const detail = 'To look up another person’s command you need the role auditor.';
    const refused = new Refused(403, 'wrong-role', detail, 'not auditor', { allowed: ['auditor'] });
    this.log.log(request, refused, id);
    throw refused;
  }
}
