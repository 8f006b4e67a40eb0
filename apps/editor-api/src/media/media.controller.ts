import { BlobError } from '#blobs';
import { Uploaded } from '#contract';
import { StoryId, tokenRolesFor } from '#domain';
import { KeyStoreError } from '#keys';
import { largestPicture, PictureError, pictureTypes, type Named, type PictureErrorCode } from '#pictures';
import { Allow, AuthGuard, Problem, TakesBytes, type Authenticated } from '#platform';
import { Controller, Logger, Param, Post, Req, UseGuards } from '@nestjs/common';
import { ApiBearerAuth, ApiBody, ApiConsumes, ApiCreatedResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { CommandProcessor } from '../commands/processor.js';
import { allowedIn, caughtUp, entered, noKeys, personIn } from '../http/read.js';
import { Needs, problem } from '../http/route.js';
import { Uploads } from './uploads.js';

/** The most uploads at once: each takes up to 30 MB of memory. */
export const mostUploads = 6;

const InStory = z.object({ story: StoryId });

const statusOf: Readonly<Record<PictureErrorCode, number>> = {
  'picture-empty': 422,
  'picture-too-large': 413,
  'picture-type': 415,
  'picture-heic': 415,
  'picture-misnamed': 415,
  'picture-mixed': 422,
  'picture-broken': 422,
  'picture-animated': 422,
  'picture-too-many-pixels': 422,
  'picture-too-long': 422,
  'picture-too-slow': 422,
  'picture-too-hungry': 422,
  'pictures-busy': 503,
};
const refusedPicture = ({ code, message }: PictureError) => new Problem(statusOf[code], code, message);

@Controller('stories/:story/media')
@UseGuards(AuthGuard)
@Allow([...tokenRolesFor('keep-picture')])
@ApiTags('media')
@ApiBearerAuth()
@problem(401, 'The token is missing or invalid.')
@problem(403, 'The token’s roles do not allow this.')
@problem(404, 'The story does not exist, or this newsroom keeps no pictures.')
@problem(422, 'The picture cannot be taken; the answer says why.')
@problem(503, 'The log, the blob store or the key store does not answer, or too many pictures are waiting.')
/** Takes pictures for the posts of a story. The log knows nothing of them until an act shows one. */
export class MediaController {
  private readonly logger = new Logger('media');
  private open = 0;

  constructor(
    private readonly processor: CommandProcessor,
    private readonly uploads: Uploads,
  ) {}

  @Post()
  @Needs('keep-picture')
  @TakesBytes()
  @ApiOperation({ summary: 'Keep a picture: the body is the file. The answer’s ticket shows it in a post' })
  @ApiConsumes(...pictureTypes)
  @ApiBody({ schema: { type: 'string', format: 'binary' } })
  @ApiCreatedResponse({ standardSchema: Uploaded })
  @problem(413, 'The file is larger than 30 MB.')
  @problem(415, 'The file is no picture of a type that can be taken.')
  async upload(
    @Param({ schema: InStory }) { story }: z.infer<typeof InStory>,
    @Req() request: Authenticated,
  ): Promise<Uploaded> {
    const person = personIn(request.principal);
    allowedIn(entered(await caughtUp(this.processor), story, person), 'keep-picture', person);
    if (!this.uploads.isOpen) throw noPictures();
    if (this.open >= mostUploads) throw tooMany();
    this.open += 1;
    try {
      const bytes = await bytesOf(request);
      const uploaded = await this.uploads.keep(story, bytes, namedIn(request), Date.now());
      this.logger.log({ by: person.id, story, picture: uploaded.picture, bytes: bytes.length }, 'picture kept');
      return uploaded;
    } catch (error) {
      if (error instanceof PictureError) throw refusedPicture(error);
      if (error instanceof KeyStoreError) return noKeys(error);
      if (!(error instanceof BlobError)) throw error;
      this.logger.error({ why: error.message }, 'the blob store failed');
      throw new Problem(503, 'blobs-unavailable', 'The store of pictures does not answer. Try again in a minute.');
    } finally {
      this.open -= 1;
    }
  }
}

const tooMany = () =>
  new Problem(503, 'pictures-busy', `More than ${mostUploads} pictures are being sent. Send it again in a minute.`);
const noPictures = () =>
  new Problem(404, 'no-pictures', 'This newsroom keeps no pictures: its setting BLOB_STORE is missing.');

/** The name of the file, if the client gives one: a name and a type that contradict the content refuse the picture. */
function namedIn({ headers }: Authenticated): Named {
  const name = /filename="([^"]{1,255})"/.exec(headers['content-disposition'] ?? '')?.[1];
  return { name, type: headers['content-type'] };
}

/** The body; no more than the largest picture is read. Throws a PictureError. */
async function bytesOf(request: Authenticated): Promise<Buffer> {
  const { 'content-length': length, 'content-encoding': encoding } = request.headers;
  if (encoding !== undefined && encoding !== 'identity')
    throw new Problem(415, 'unsupported-encoding', 'Send the picture as it is, without Content-Encoding.');
  if (Number(length) > largestPicture) throw new PictureError('picture-too-large', `this one has ${length} bytes`);
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > largestPicture) throw new PictureError('picture-too-large');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
