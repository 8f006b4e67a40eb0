import { AnyUploaded } from '#contract';
import { captionsType, recordingTypes, StoryId, tokenRolesFor } from '#domain';
import { pictureTypes } from '#pictures';
import { Allow, AuthGuard, ForMachines, TakesBytes, type Authenticated } from '#platform';
import { Controller, Logger, Param, Post, Req, UseGuards } from '@nestjs/common';
import { ApiBearerAuth, ApiBody, ApiConsumes, ApiCreatedResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { CommandProcessor } from '../commands/processor.js';
import { allowedIn, caughtUp, entered, personIn } from '../http/read.js';
import { Needs, problem } from '../http/route.js';
import { showsPictures } from '../machines/acts.js';
import { fileIn, namedIn, nameIn, noPictures, refusedFile } from './request.js';
import { spooled } from './spool.js';
import { Uploads } from './uploads.js';

const InStory = z.object({ story: StoryId });

@Controller('stories/:story/media')
@UseGuards(AuthGuard)
@Allow([...tokenRolesFor('keep-picture')])
@ForMachines(showsPictures)
@ApiTags('media')
@ApiBearerAuth()
@problem(401, 'The token is missing or invalid.')
@problem(403, 'The token’s roles do not allow this.')
@problem(404, 'The story does not exist, or this newsroom keeps no pictures.')
@problem(422, 'The file cannot be taken; the answer says why.')
@problem(503, 'The log, the blob store or the key store does not answer, or too many pictures are waiting.')
/** Takes pictures and recordings for the posts of a story. The log knows nothing of them until an act shows one. */
export class MediaController {
  private readonly logger = new Logger('media');

  constructor(
    private readonly processor: CommandProcessor,
    private readonly uploads: Uploads,
  ) {}

  @Post()
  @Needs('keep-picture')
  @TakesBytes()
  @ApiOperation({
    summary:
      'Keep a picture, a video, a sound or captions: the body is the file. The answer’s ticket shows it in a post',
  })
  @ApiConsumes(...pictureTypes, ...recordingTypes, captionsType)
  @ApiBody({ schema: { type: 'string', format: 'binary' } })
  @ApiCreatedResponse({ standardSchema: AnyUploaded })
  @problem(413, 'The file is too large: a picture has at most 30 MB, a recording 200 MB.')
  @problem(415, 'The file is of no type that can be taken.')
  async upload(
    @Param({ schema: InStory }) { story }: z.infer<typeof InStory>,
    @Req() request: Authenticated,
  ): Promise<AnyUploaded> {
    const person = personIn(request.principal);
    allowedIn(entered(await caughtUp(this.processor), story, person), 'keep-picture', person);
    if (!this.uploads.isOpen) throw noPictures();
    return this.uploads.places
      .within(async () => {
        const uploaded = await spooled(await this.uploads.blobs(), fileIn(request), file =>
          this.uploads.keepFile(story, file, namedIn(request), Date.now()),
        );
        this.logger.log({ by: person.id, story, file: nameIn(uploaded), type: uploaded.type }, 'file kept');
        return uploaded;
      })
      .catch(refusedFile);
  }
}
