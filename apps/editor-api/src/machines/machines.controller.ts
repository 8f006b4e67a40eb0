import { machineBounds, Machine, Machines as MachineList, MadeMachine, NewMachine } from '#contract';
import { mayIn, StoryId, tokenRolesFor, type Does, type StoryState } from '#domain';
import { Allow, AuthGuard, Problem, type Authenticated, type Principal } from '#platform';
import { Body, Controller, Get, HttpCode, Logger, Param, Post, Req, UseGuards } from '@nestjs/common';
import { ApiBearerAuth, ApiCreatedResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { CommandProcessor } from '../commands/processor.js';
import { allowedIn, caughtUp, entered, personIn } from '../http/read.js';
import { Needs, problem } from '../http/route.js';
import { machineActs } from './acts.js';
import { Machines } from './machines.js';

const InStory = z.object({ story: StoryId });
const OfStory = z.object({ story: StoryId, machine: z.uuid() });
const dayMs = 86_400_000;

const wrong = (field: string, message: string, more = {}) =>
  new Problem(422, 'invalid-field', `${field}: ${message}`, { errors: [{ field, message, ...more }] });

@Controller('stories/:story/machines')
@UseGuards(AuthGuard)
@Allow([...tokenRolesFor('make-machine')])
@ApiTags('machines')
@ApiBearerAuth()
@problem(401, 'The token is missing or invalid.')
@problem(403, 'The token’s roles do not allow this.')
@problem(404, 'The story, or the token in it, does not exist.')
@problem(503, 'The log or the database of tokens does not answer.')
/** Makes, lists and revokes the tokens with which programs act in a story. */
export class MachinesController {
  private readonly logger = new Logger('auth');

  constructor(
    private readonly machines: Machines,
    private readonly processor: CommandProcessor,
  ) {}

  @Get()
  @ApiOperation({ summary: 'List the tokens of programs in a story, newest first, and the acts that you may give one' })
  @ApiOkResponse({ standardSchema: MachineList })
  async list(
    @Param({ schema: InStory }) { story }: z.infer<typeof InStory>,
    @Req() { principal }: Authenticated,
  ): Promise<MachineList> {
    const { may } = mayIn(await this.allowed(story, 'list-machines', principal), personIn(principal));
    const machines = await this.machines.stored(this.machines.store.list(story));
    return {
      machines,
      acts: [...machineActs].filter(([act]) => may.includes(act)).map(([act, title]) => ({ act, title })),
    };
  }

  @Post()
  @Needs('make-machine')
  @ApiOperation({ summary: 'Make a token for a program in a story; the answer shows the token this once' })
  @ApiCreatedResponse({ standardSchema: MadeMachine })
  @problem(409, 'The story has as many tokens as it may have.')
  @problem(413, 'The body is larger than 256 KiB.')
  @problem(415, 'The body is not JSON.')
  async make(
    @Param({ schema: InStory }) { story }: z.infer<typeof InStory>,
    @Body({ schema: NewMachine }) wanted: NewMachine,
    @Req() { principal }: Authenticated,
  ): Promise<MadeMachine> {
    const { id, name } = principal;
    const { may } = mayIn(await this.allowed(story, 'make-machine', principal), personIn(principal));
    wanted.acts.forEach((act, at) => {
      const allowed = [...machineActs.keys()].filter(does => may.includes(does));
      if (!allowed.some(does => does === act))
        throw wrong(`acts.${at}`, 'is no act for programs, or none of yours in this story', { allowed });
    });
    const left = Date.parse(wanted.expires) - Date.now();
    if (left <= 0 || left > machineBounds.days * dayMs)
      throw wrong('expires', `must be in the future, at most ${machineBounds.days} days from now`);
    const made = await this.machines.make(story, name === undefined ? { id } : { id, name }, wanted);
    const detail = `A story may have ${machineBounds.tokens} tokens. Those that have ended leave the list after 30 days; use fewer, longer-lived ones.`;
    if (!made) throw new Problem(409, 'too-many', detail);
    this.logger.log({ by: id, story, machine: made.id, acts: made.acts, expires: made.expires }, 'machine token made');
    return made;
  }

  @Post(':machine/revoke')
  @Needs('revoke-machine')
  @HttpCode(200)
  @ApiOperation({ summary: 'Revoke a program’s token: every process refuses it within a second' })
  @ApiOkResponse({ standardSchema: Machine })
  async revoke(
    @Param({ schema: OfStory }) { story, machine }: z.infer<typeof OfStory>,
    @Req() { principal }: Authenticated,
  ): Promise<Machine> {
    await this.allowed(story, 'revoke-machine', principal);
    const revoked = await this.machines.revoke(machine, story);
    if (!revoked) throw new Problem(404, 'unknown-machine', 'This story has no such token.');
    this.logger.log({ by: principal.id, story, machine }, 'machine token revoked');
    return revoked;
  }

  /** The story, for somebody who may do this in it. */
  private async allowed(story: string, does: Does, principal: Principal): Promise<StoryState> {
    const person = personIn(principal);
    const state = entered(await caughtUp(this.processor), story, person);
    allowedIn(state, does, person);
    return state;
  }
}
