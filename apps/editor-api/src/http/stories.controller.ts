import { Slug, StoryId } from '#domain';
import { Body, Param, Res } from '@nestjs/common';
import type { Response } from 'express';
import type { z } from 'zod';
import { CloseStory, CloseStoryBody } from '../commands/close-story.js';
import type { Envelope } from '../commands/command.js';
import { OpenStory, OpenStoryBody } from '../commands/open-story.js';
import { RecordDevelopment, RecordDevelopmentBody } from '../commands/record-development.js';
import { ReopenStory, ReopenStoryBody } from '../commands/reopen-story.js';
import { SettleCondition, SettleConditionBody } from '../commands/settle-condition.js';
import { Commanding } from './commanding.js';
import { Enveloped } from './envelope.js';
import { Commands, PostCommand } from './route.js';

@Commands('stories')
export class StoriesController extends Commanding {
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
}
