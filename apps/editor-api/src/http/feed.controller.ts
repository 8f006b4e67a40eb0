import { StoryId } from '#domain';
import { Get, Param, Res, type BeforeApplicationShutdown } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiProduces } from '@nestjs/swagger';
import type { Response } from 'express';
import { z } from 'zod';
import { DeskDevelopment, DeskStory, storyOf } from '../desk/developments.js';
import { newsBetween, type DeskNews } from '../desk/feed.js';
import { Desk } from '../newsroom/desk.js';
import type { Newsroom } from '../newsroom/newsroom.js';
import { Won, won } from './answer.js';
import { caughtUp, DeskReads, unknownStory } from './read.js';

const DeskCommit = z
  .object({
    commit: Won,
    story: DeskStory,
    developments: z.array(DeskDevelopment).meta({ description: 'Those that it is about, as they stand now.' }),
    settled: z.record(z.string(), z.string()),
  })
  .meta({ id: 'DeskCommit' });

const headers = {
  'Content-Type': 'text/event-stream; charset=utf-8',
  'Cache-Control': 'no-store',
  'X-Accel-Buffering': 'no',
};

/** How long a stream is silent at most, in milliseconds. */
const heartbeatMs = 10_000;

/** Bytes that may wait for a desk that does not take them. */
const slowest = 1 << 20;

const frame = (event: string, data: object) => `event: ${event}\ndata: ${JSON.stringify(data)}\n\n`;

function frameOf({ news, ...told }: DeskNews): string {
  if (!('commit' in told)) return frame(news, told);
  return frame(news, { ...told, commit: won(told.commit) });
}

@DeskReads('stories/:story/feed')
export class FeedController implements BeforeApplicationShutdown {
  private readonly open = new Set<Response>();

  constructor(private readonly desk: Desk) {}

  @Get()
  @ApiOperation({
    summary: 'What happens to a story in the log, as Server-Sent Events',
    description:
      '`hello` says where the log stands: load the developments after it. Each `commit` tells what it made of which. `position` is where the log stands, `actors` that the registry changed, `resync` that the developments must be loaded again.',
  })
  @ApiProduces('text/event-stream')
  @ApiOkResponse({ description: 'The data of `commit`.', standardSchema: DeskCommit })
  async follow(@Param('story', { schema: StoryId }) story: string, @Res() response: Response): Promise<void> {
    let seen = await caughtUp(this.desk);
    if (!storyOf(seen, story)) throw unknownStory();
    const gone = new AbortController();
    response.writeHead(200, headers).flushHeaders();
    this.open.add(response);
    response.on('close', () => {
      this.open.delete(response);
      gone.abort();
    });
    response.write(frame('hello', { position: seen.arbitration.position }));
    while (!gone.signal.aborted) {
      const { position } = seen.arbitration;
      const further = (room: Newsroom) => room.arbitration.position > position;
      const moved = await this.desk.until(further, heartbeatMs, gone.signal);
      if (response.destroyed || response.writableEnded) return;
      const now = this.desk.view();
      response.write(moved ? newsBetween(seen, now, story).map(frameOf).join('') : ': still here\n\n');
      seen = now;
      if (response.writableLength > slowest) response.destroy();
    }
  }

  beforeApplicationShutdown(): void {
    for (const response of this.open) response.end();
  }
}
