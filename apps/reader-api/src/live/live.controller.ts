import { Change } from '#contract';
import { clientAddress, onceClosed, Problem, refuse } from '#platform';
import { Get, Headers, Inject, Query, Req, Res } from '@nestjs/common';
import { ApiHeader, ApiOkResponse, ApiOperation, ApiProduces } from '@nestjs/swagger';
import type { Request, Response } from 'express';
import { z } from 'zod';
import { problem } from '../http/problems.js';
import { Id, Reads } from '../http/reads.js';
import { ReadModels } from '../read-models.js';
import { SETTINGS, type ReaderSettings } from '../settings.js';
import { storyNow } from '../story-at/index.js';
import { positionParameter, wholeNumber } from '../http/paging.js';
import { Deliveries } from '../telemetry/deliveries.js';
import { LiveClient } from './client.js';
import { LiveStreams } from './streams.js';

const FollowQuery = z.strictObject({
  after: positionParameter.optional().meta({
    description:
      'Sends every change after this position. Without it, the stream gives the present position first, then every new change.',
  }),
  rewrites: wholeNumber('must be the rewrites of a timeline: a whole number from 0').optional().meta({
    description:
      'The `rewrites` of your timeline. Without it, the stream may not notice that earlier positions were rewritten just after you loaded the timeline.',
  }),
});
type FollowQuery = z.infer<typeof FollowQuery>;

const streamHeaders = {
  'Content-Type': 'text/event-stream; charset=utf-8',
  // A proxy that compresses would hold each event back until a block is full.
  'Cache-Control': 'no-cache, no-transform',
  'X-Accel-Buffering': 'no',
  // The connection serves only this stream, so it ends with it.
  Connection: 'close',
};

/** Reads a position from a Last-Event-ID. Any other id comes from another log, so it counts as beyond the end. */
const positionIn = (eventId: string) => (/^\d{1,15}$/.test(eventId) ? Number(eventId) : Infinity);

const beginning = (lastEventId: string | undefined, { after, rewrites }: FollowQuery) => ({
  ...(lastEventId ? { after: positionIn(lastEventId), resumes: true } : { after, resumes: false }),
  rewrites,
});

@Reads('live', 'stories/:story/live')
/** Serves a story's live stream. */
export class LiveController {
  constructor(
    private readonly models: ReadModels,
    private readonly streams: LiveStreams,
    private readonly deliveries: Deliveries,
    @Inject(SETTINGS) private readonly settings: ReaderSettings,
  ) {}

  @Get()
  @ApiOperation({
    summary: 'Follow a story’s changes, as Server-Sent Events',
    description:
      'The id of each `change` is its position. `hello` gives the position at which the stream begins. `resync` says that you missed changes which are not resent, or that earlier positions were rewritten: wait a random moment, as all readers get it at once, load the timeline, and connect again with its `position` and `rewrites`.',
  })
  @ApiHeader({
    name: 'Last-Event-ID',
    required: false,
    description:
      'The id of the last event that you received, as EventSource sends it. It takes precedence over `after`. Send the position of a timeline as `after` instead.',
  })
  @ApiProduces('text/event-stream')
  @ApiOkResponse({ description: 'The data of `change`.', standardSchema: Change })
  async follow(
    @Id('story') story: string,
    @Query({ schema: FollowQuery }) query: FollowQuery,
    @Headers('last-event-id') lastEventId: string | undefined,
    @Req() request: Request,
    @Res() response: Response,
  ): Promise<void> {
    if (!this.streams.open) throw problem('shutting-down');
    const leave = this.streams.places.take(clientAddress(request));
    if (!leave) throw this.tooMany(response);
    onceClosed(response, leave);
    // Rejects with a 404 if the story does not exist.
    await this.models.read(reading => storyNow(reading, story));
    if (!this.streams.open) throw problem('shutting-down');
    // The stream ends with its connection, so its frames need no lengths: each length would be one more write.
    response.useChunkedEncodingByDefault = false;
    response.writeHead(200, streamHeaders).flushHeaders();
    if (request.method === 'HEAD' || response.destroyed) return void response.end();
    const client: LiveClient = new LiveClient(response, story, beginning(lastEventId, query), {
      onRoom: () => this.streams.roomFor(client),
      onDrop: () => this.deliveries.drop(),
      patienceMs: this.settings.SLOW_READER_MS,
    });
    response.on('close', () => this.streams.leave(client));
    this.streams.join(client);
  }

  /** The address has too many streams, or the process has: only then can another process help. */
  private tooMany(response: Response): Problem {
    refuse(response, 'streams');
    if (this.streams.places.full) return problem('too-many-streams');
    const detail = 'Your address has too many streams open. Close those that you do not need, or try again later.';
    return new Problem(429, 'too-many-streams', detail);
  }
}
