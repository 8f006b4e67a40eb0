import { DevelopmentId, noStory, Slug, StoryId, StoryProfile, storyStream } from '#domain';
import { headOf } from '#event-log';
import { Allow, Problem } from '#platform';
import { Body, Get, HttpStatus, Param, Res } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { ApiOkResponse, ApiOperation } from '@nestjs/swagger';
import type { Response } from 'express';
import { z } from 'zod';
import { CloseStory, CloseStoryBody } from '../commands/close-story.js';
import type { EditorCommand, Envelope } from '../commands/command.js';
import { OpenStory, OpenStoryBody } from '../commands/open-story.js';
import { RecordDevelopment, RecordDevelopmentBody } from '../commands/record-development.js';
import { ReopenStory, ReopenStoryBody } from '../commands/reopen-story.js';
import { SettleCondition, SettleConditionBody } from '../commands/settle-condition.js';
import { Desk } from '../newsroom/desk.js';
import { answer } from './answer.js';
import { Enveloped } from './envelope.js';
import { Commands, PostCommand } from './route.js';

const DeskStory = z
  .object({
    id: StoryId,
    ...StoryProfile.shape,
    status: z.enum(['open', 'closed']),
    pinned: DevelopmentId.nullable(),
    developments: z.int(),
    head: z.string(),
    seq: z.int(),
  })
  .meta({ id: 'DeskStory' });

@Commands('stories')
export class StoriesController {
  constructor(
    private readonly bus: CommandBus,
    private readonly desk: Desk,
  ) {}

  @PostCommand('', 'Open a story')
  open(
    @Enveloped() envelope: Envelope,
    @Body({ schema: OpenStoryBody }) body: z.infer<typeof OpenStoryBody>,
    @Res({ passthrough: true }) response: Response,
  ) {
    const { id: story, ...profile } = body;
    return this.answer(new OpenStory(envelope, { story }, profile), response);
  }

  @PostCommand(':story/close', 'Close a story')
  close(
    @Enveloped() envelope: Envelope,
    @Param('story', { schema: StoryId }) story: string,
    @Body({ schema: CloseStoryBody }) body: z.infer<typeof CloseStoryBody>,
    @Res({ passthrough: true }) response: Response,
  ) {
    return this.answer(new CloseStory(envelope, { story }, body), response);
  }

  @PostCommand(':story/reopen', 'Reopen a closed story')
  reopen(
    @Enveloped() envelope: Envelope,
    @Param('story', { schema: StoryId }) story: string,
    @Body({ schema: ReopenStoryBody }) body: z.infer<typeof ReopenStoryBody>,
    @Res({ passthrough: true }) response: Response,
  ) {
    return this.answer(new ReopenStory(envelope, { story }, body), response);
  }

  @PostCommand(':story/developments', 'Record a development', ['reporter', 'editor'])
  record(
    @Enveloped() envelope: Envelope,
    @Param('story', { schema: StoryId }) story: string,
    @Body({ schema: RecordDevelopmentBody }) body: z.infer<typeof RecordDevelopmentBody>,
    @Res({ passthrough: true }) response: Response,
  ) {
    return this.answer(new RecordDevelopment(envelope, { story }, body), response);
  }

  @PostCommand(':story/conditions/:condition/settle', 'Say that a condition was met or has lapsed')
  settle(
    @Enveloped() envelope: Envelope,
    @Param('story', { schema: StoryId }) story: string,
    @Param('condition', { schema: Slug }) condition: string,
    @Body({ schema: SettleConditionBody }) body: z.infer<typeof SettleConditionBody>,
    @Res({ passthrough: true }) response: Response,
  ) {
    return this.answer(new SettleCondition(envelope, { story, condition }, body), response);
  }

  @Get(':story')
  @Allow(['reporter', 'editor', 'auditor'])
  @ApiOperation({ summary: 'A story as the desk knows it; its ETag is the head for If-Match' })
  @ApiOkResponse({ standardSchema: DeskStory })
  async show(@Param('story', { schema: StoryId }) story: string, @Res({ passthrough: true }) response: Response) {
    if (!(await this.desk.caughtUp(this.desk.settleTimeoutMs)))
      throw new Problem(HttpStatus.SERVICE_UNAVAILABLE, 'log-unavailable', 'The log does not answer; try again.');
    const newsroom = this.desk.view();
    const { status, profile, pinned, developments } = newsroom.stories.get(story, noStory);
    if (status === 'none') throw new Problem(404, 'unknown-story', 'No story has this id. Open it first.');
    const { id: head, seq } = headOf(newsroom.arbitration, storyStream(story));
    response.setHeader('ETag', `"${head}"`);
    return { id: story, ...profile, status, pinned: pinned ?? null, developments: developments.size, head, seq };
  }

  private async answer(command: EditorCommand, response: Response) {
    return answer(await this.bus.execute(command), command, response);
  }
}
