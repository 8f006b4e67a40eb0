import { CaptureError, type CaptureErrorCode } from '#captures/ask';
import { Capture, captureBounds, CapturedAgain, StoryId, tokenRolesFor } from '#domain';
import { Allow, AuthGuard, Problem, type Authenticated } from '#platform';
import { Body, Controller, HttpCode, Param, Post, Req, UseGuards } from '@nestjs/common';
import { ApiBearerAuth, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { CommandProcessor } from '../commands/processor.js';
import { allowedIn, caughtUp, entered, personIn } from '../http/read.js';
import { Needs, problem } from '../http/route.js';
import { LinkCaptures } from './captures.js';

const InStory = z.object({ story: StoryId });
/** The body of a request for a capture. */
export const CaptureLink = z
  .strictObject({ url: z.string().min(1).max(captureBounds.url) })
  .meta({ id: 'CaptureLink', description: 'The address of a page.' });

/** The status of each refusal that is not the address's fault. */
const statuses: Partial<Record<CaptureErrorCode, number>> = {
  'fetcher-unreachable': 503,
  'captures-busy': 503,
};

@Controller('stories/:story/captures')
@UseGuards(AuthGuard)
@Allow([...tokenRolesFor('capture-link')])
@ApiTags('desk')
@ApiBearerAuth()
@problem(401, 'The token is missing or invalid.')
@problem(403, 'The token’s roles do not allow this.')
@problem(404, 'No story has this id.')
@problem(503, 'The log or the fetcher does not answer, or the fetcher is busy.')
/** Captures pages that a development links to. The log knows a capture once a development holds it. */
export class CapturesController {
  constructor(
    private readonly captures: LinkCaptures,
    private readonly processor: CommandProcessor,
  ) {}

  @Post()
  @HttpCode(200)
  @Needs('capture-link')
  @ApiOperation({ summary: 'Capture a page, for the `captures` of a development' })
  @ApiOkResponse({ standardSchema: Capture })
  @problem(413, 'The body is larger than 256 KiB.')
  @problem(415, 'The body is not JSON.')
  @problem(422, 'The address cannot be captured, or the newsroom has no fetcher; the code and the detail say why.')
  capture(
    @Param({ schema: InStory }) { story }: z.infer<typeof InStory>,
    @Body({ schema: CaptureLink }) { url }: z.infer<typeof CaptureLink>,
    @Req() { principal }: Authenticated,
  ): Promise<Capture> {
    return this.made('capture-link', story, principal, now => this.captures.capture(url, now));
  }

  @Post('again')
  @HttpCode(200)
  @Needs('capture-link-again')
  @ApiOperation({
    summary: 'Capture a page again, for `again` of a capture',
    description:
      'What the page says now, or `gone` where its site answers 404 or 410. The log knows it once the act `recapture` holds it.',
  })
  @ApiOkResponse({ standardSchema: CapturedAgain })
  @problem(413, 'The body is larger than 256 KiB.')
  @problem(415, 'The body is not JSON.')
  @problem(422, 'The address cannot be captured, or the newsroom has no fetcher; the code and the detail say why.')
  captureAgain(
    @Param({ schema: InStory }) { story }: z.infer<typeof InStory>,
    @Body({ schema: CaptureLink }) { url }: z.infer<typeof CaptureLink>,
    @Req() { principal }: Authenticated,
  ): Promise<CapturedAgain> {
    return this.made('capture-link-again', story, principal, now => this.captures.captureAgain(url, now));
  }

  private async made<Made>(
    does: 'capture-link' | 'capture-link-again',
    story: string,
    principal: Authenticated['principal'],
    make: (now: Date) => Promise<Made>,
  ): Promise<Made> {
    const person = personIn(principal);
    allowedIn(entered(await caughtUp(this.processor), story, person), does, person);
    try {
      return await make(new Date());
    } catch (error) {
      if (!(error instanceof CaptureError)) throw error;
      throw new Problem(statuses[error.code] ?? 422, error.code, error.message);
    }
  }
}
