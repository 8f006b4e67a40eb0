import { NewPresence, Presence, presenceBounds } from '#contract';
import { StoryId, tokenRolesFor } from '#domain';
import { Allow, AuthGuard, Problem, type Authenticated } from '#platform';
import { Body, Controller, HttpCode, Param, Post, Req, UseGuards } from '@nestjs/common';
import { ApiBearerAuth, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { CommandProcessor } from '../commands/processor.js';
import { allowedIn, entered, personIn } from '../http/read.js';
import { Needs, problem } from '../http/route.js';
import { DeskWatch } from './watch.js';

const InStory = z.object({ story: StoryId });

@Controller('stories/:story/presence')
@UseGuards(AuthGuard)
@Allow([...tokenRolesFor('say-presence')])
@ApiTags('desk')
@ApiBearerAuth()
@problem(401, 'The token is missing or invalid.')
@problem(403, 'The token’s roles do not allow this.')
@problem(404, 'The story does not exist.')
@problem(422, 'A field has an invalid value.')
@problem(503, 'The database does not answer. Nobody sees that you are there; nothing else is affected.')
/** Takes what open desks say of their person. It ends unless it is said again, locks nothing, and is never in the log. */
export class PresenceController {
  constructor(
    private readonly watch: DeskWatch,
    private readonly processor: CommandProcessor,
  ) {}

  @Post()
  @Needs('say-presence')
  @HttpCode(200)
  @ApiOperation({ summary: 'Say what you are doing in a story; the feeds of your colleagues show it' })
  @ApiOkResponse({ standardSchema: Presence })
  @problem(413, 'The body is larger than 256 KiB.')
  @problem(415, 'The body is not JSON.')
  async say(
    @Param({ schema: InStory }) { story }: z.infer<typeof InStory>,
    @Body({ schema: NewPresence }) said: NewPresence,
    @Req() { principal }: Authenticated,
  ): Promise<Presence> {
    const person = personIn(principal);
    allowedIn(entered(this.processor.view(), story, person), 'say-presence', person);
    const { id, name } = principal;
    const by = name === undefined ? { id } : { id, name };
    const { presence } = this.watch;
    try {
      await (said.does === 'gone' ? presence.leave(story, by, said.tab) : presence.say(story, by, said));
      const people = (await presence.of([story])).get(story)!;
      return { people, againS: presenceBounds.againS, lastsS: presenceBounds.lastsS };
    } catch {
      throw new Problem(503, 'presence-unavailable', 'The database does not answer. Nothing else is affected.');
    }
  }
}
