import { CaptureError, type CaptureErrorCode } from '#captures/ask';
import { captureBounds, mediaBounds, SentCapture, SentCapturedAgain, StoryId, tokenRolesFor } from '#domain';
import { Allow, AuthGuard, Problem, type Authenticated } from '#platform';
import { Body, Controller, HttpCode, Param, Post, Req, StreamableFile, UseGuards } from '@nestjs/common';
import { ApiBearerAuth, ApiOkResponse, ApiOperation, ApiProduces, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { CommandProcessor } from '../commands/processor.js';
import { allowedIn, caughtUp, entered, personIn } from '../http/read.js';
import { Needs, problem } from '../http/route.js';
import { refusedFile } from '../media/request.js';
import { Uploads } from '../media/uploads.js';
import { LinkCaptures, type KeepPicture } from './captures.js';

/** The body of a request for a small copy. */
export const SmallCopy = z
  .strictObject({ ticket: z.string().min(1).max(mediaBounds.ticket) })
  .meta({ id: 'SmallCopy', description: 'The ticket of a picture.' });

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
    private readonly uploads: Uploads,
  ) {}

  @Post()
  @HttpCode(200)
  @Needs('capture-link')
  @ApiOperation({ summary: 'Capture a page, for the `captures` of a development' })
  @ApiOkResponse({ standardSchema: SentCapture })
  @problem(413, 'The body is larger than 256 KiB.')
  @problem(415, 'The body is not JSON.')
  @problem(422, 'The address cannot be captured, or the newsroom has no fetcher; the code and the detail say why.')
  capture(
    @Param({ schema: InStory }) { story }: z.infer<typeof InStory>,
    @Body({ schema: CaptureLink }) { url }: z.infer<typeof CaptureLink>,
    @Req() { principal }: Authenticated,
  ): Promise<SentCapture> {
    return this.made('capture-link', story, principal, (now, keep) => this.captures.capture(url, now, keep));
  }

  @Post('again')
  @HttpCode(200)
  @Needs('capture-link-again')
  @ApiOperation({
    summary: 'Capture a page again, for `again` of a capture',
    description:
      'What the page says now, or `gone` where its site answers 404 or 410. The log knows it once the act `recapture` holds it.',
  })
  @ApiOkResponse({ standardSchema: SentCapturedAgain })
  @problem(413, 'The body is larger than 256 KiB.')
  @problem(415, 'The body is not JSON.')
  @problem(422, 'The address cannot be captured, or the newsroom has no fetcher; the code and the detail say why.')
  captureAgain(
    @Param({ schema: InStory }) { story }: z.infer<typeof InStory>,
    @Body({ schema: CaptureLink }) { url }: z.infer<typeof CaptureLink>,
    @Req() { principal }: Authenticated,
  ): Promise<SentCapturedAgain> {
    return this.made('capture-link-again', story, principal, (now, keep) => this.captures.captureAgain(url, now, keep));
  }

  @Post('picture')
  @HttpCode(200)
  @Needs('see-captured-picture')
  @ApiOperation({ summary: 'A small copy of the picture of a captured page, for who has its ticket' })
  @ApiProduces('image/webp')
  @ApiOkResponse({ schema: { type: 'string', format: 'binary' } })
  @problem(413, 'The body is larger than 256 KiB.')
  @problem(415, 'The body is not JSON.')
  @problem(422, 'The ticket is not one of this story, or it is over.')
  async picture(
    @Param({ schema: InStory }) { story }: z.infer<typeof InStory>,
    @Body({ schema: SmallCopy }) { ticket }: z.infer<typeof SmallCopy>,
    @Req() { principal }: Authenticated,
  ): Promise<StreamableFile> {
    const person = personIn(principal);
    allowedIn(entered(await caughtUp(this.processor), story, person), 'see-captured-picture', person);
    const bytes = await this.uploads.smallOf(story, ticket, new Date().toISOString()).catch(refusedFile);
    if (!bytes) throw new Problem(422, 'no-picture', 'The ticket shows no picture now. Capture the page again.');
    return new StreamableFile(bytes, { type: 'image/webp' });
  }

  private async made<Made>(
    does: 'capture-link' | 'capture-link-again',
    story: string,
    principal: Authenticated['principal'],
    make: (now: Date, keep: KeepPicture | undefined) => Promise<Made>,
  ): Promise<Made> {
    const person = personIn(principal);
    allowedIn(entered(await caughtUp(this.processor), story, person), does, person);
    try {
      const keep: KeepPicture = bytes => this.uploads.keepOfPage(story, bytes, Date.now());
      return await make(new Date(), this.uploads.isOpen ? keep : undefined);
    } catch (error) {
      if (!(error instanceof CaptureError)) throw error;
      throw new Problem(statuses[error.code] ?? 422, error.code, error.message);
    }
  }
}
