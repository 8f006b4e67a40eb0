import { AnyUploaded, NewUpload, OpenUpload, partBytes } from '#contract';
import { largestRecording, StoryId, tokenRolesFor, type Does } from '#domain';
import { largestPicture, PictureError } from '#pictures';
import { Allow, AuthGuard, ForMachines, Problem, TakesBytes, type Authenticated } from '#platform';
import { Body, Controller, HttpCode, Logger, Param, Post, Put, Req, UseGuards } from '@nestjs/common';
import {
  ApiBearerAuth,
  ApiBody,
  ApiConsumes,
  ApiCreatedResponse,
  ApiOkResponse,
  ApiOperation,
  ApiTags,
} from '@nestjs/swagger';
import { RecordingError } from '#recordings';
import { z } from 'zod';
import { CommandProcessor } from '../commands/processor.js';
import { allowedIn, caughtUp, entered, personIn } from '../http/read.js';
import { Needs, problem } from '../http/route.js';
import { showsPictures } from '../machines/acts.js';
import type { LargeUploads } from './large-uploads.js';
import { bytesOf, nameIn, noPictures, Places, refusedFile } from './request.js';
import { Uploads } from './uploads.js';

/** The most parts that a process takes at once: each takes half a MiB of memory, and as much again while it is sealed. */
export const mostParts = 50;

const bytesType = 'application/octet-stream';

const InStory = z.object({ story: StoryId });
const OfUpload = z.object({ story: StoryId, upload: z.uuid() });
const OfPart = z.object({
  story: StoryId,
  upload: z.uuid(),
  part: z.string().regex(/^(0|[1-9][0-9]{0,3})$/, 'must be the number of a part, from 0'),
});

@Controller('stories/:story/uploads')
@UseGuards(AuthGuard)
@Allow([...tokenRolesFor('begin-upload')])
@ForMachines(showsPictures)
@ApiTags('media')
@ApiBearerAuth()
@problem(401, 'The token is missing or invalid.')
@problem(403, 'The token’s roles do not allow this.')
@problem(404, 'The story or the upload does not exist, or this newsroom keeps no pictures.')
@problem(413, 'The body or the file is too large.')
@problem(415, 'The body or the file is of no type that can be taken.')
@problem(422, 'The file cannot be taken, or a part is not the one that is due; the answer says why.')
@problem(503, 'The log, the database, the blob store or the key store does not answer, or too much is being sent.')
/** Takes large files in parts. A client that lost the connection sends the parts that are missing, to any editor-api. */
export class UploadsController {
  private readonly logger = new Logger('media');
  private readonly places = new Places(mostParts, 'parts');

  constructor(
    private readonly processor: CommandProcessor,
    private readonly uploads: Uploads,
  ) {}

  @Post()
  @HttpCode(200)
  @Needs('begin-upload')
  @ApiOperation({
    summary:
      'Begin to send a large picture or recording in parts, or continue: the same file again has the parts that came',
  })
  @ApiOkResponse({ standardSchema: OpenUpload })
  @problem(429, 'You have too many unfinished uploads.')
  async begin(
    @Param({ schema: InStory }) { story }: z.infer<typeof InStory>,
    @Body({ schema: NewUpload }) wanted: NewUpload,
    @Req() request: Authenticated,
  ): Promise<OpenUpload> {
    const { large, person } = await this.admitted(story, 'begin-upload', request);
    return this.stored(async () => {
      const detail = `this one has ${wanted.size} bytes`;
      if (wanted.size > largestPicture && wanted.type?.startsWith('image/'))
        throw new PictureError('picture-too-large', detail);
      if (wanted.size > largestRecording) throw new RecordingError('recording-too-large', detail);
      return large.begin(person, story, wanted);
    });
  }

  @Put(':upload/parts/:part')
  @Needs('send-part')
  @TakesBytes()
  @ApiOperation({ summary: 'Send a part of a file: the body is its bytes. A part that is there already stays' })
  @ApiConsumes(bytesType)
  @ApiBody({ schema: { type: 'string', format: 'binary' } })
  @ApiOkResponse({ standardSchema: OpenUpload })
  async part(
    @Param({ schema: OfPart }) { story, upload, part }: z.infer<typeof OfPart>,
    @Req() request: Authenticated,
  ): Promise<OpenUpload> {
    const { large, person } = await this.admitted(story, 'send-part', request);
    const { 'content-type': type = bytesType } = request.headers;
    if (type !== bytesType) throw new Problem(415, 'wrong-part', `Send the part’s bytes as ${bytesType}.`);
    return this.stored(() =>
      this.places.within(async () =>
        large.put({ id: upload, person, story }, Number(part), await bytesOf(request, partBytes, tooLarge)),
      ),
    );
  }

  @Post(':upload/finish')
  @Needs('finish-upload')
  @ApiOperation({ summary: 'Keep the file whose parts have all come. The answer’s ticket shows it in a post' })
  @ApiCreatedResponse({ standardSchema: AnyUploaded })
  @problem(409, 'Parts are missing; the answer says which.')
  async finish(
    @Param({ schema: OfUpload }) { story, upload }: z.infer<typeof OfUpload>,
    @Req() request: Authenticated,
  ): Promise<AnyUploaded> {
    const { large, person } = await this.admitted(story, 'finish-upload', request);
    return this.stored(async () => {
      const uploaded = await this.uploads.places.within(() => large.finish({ id: upload, person, story }));
      this.logger.log({ by: person, story, file: nameIn(uploaded), type: uploaded.type, upload }, 'file kept');
      return uploaded;
    });
  }

  private async admitted(
    story: string,
    does: Does,
    { principal }: Authenticated,
  ): Promise<{ readonly large: LargeUploads; readonly person: string }> {
    const person = personIn(principal);
    allowedIn(entered(await caughtUp(this.processor), story, person), does, person);
    if (!this.uploads.large) throw noPictures();
    return { large: this.uploads.large, person: person.id };
  }

  /** The answer, or a problem. */
  private async stored<Answer>(ask: () => Promise<Answer>): Promise<Answer> {
    try {
      return await ask().catch(refusedFile);
    } catch (error) {
      if (error instanceof Problem) throw error;
      this.logger.warn({ why: (error as Error).message }, 'uploads are unavailable');
      const detail = 'The upload could not be taken now. What came before is kept: send the rest in a moment.';
      throw new Problem(503, 'uploads-unavailable', detail);
    }
  }
}

const tooLarge = () => new Problem(413, 'wrong-part', `A part has at most ${partBytes} bytes.`);
