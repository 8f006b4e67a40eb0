import { ListedStory, mostHeaders, OneStory } from '#contract';
import { pageSafeJson } from '#pages';
import { cursorParameter, cursorsOf, nextOf, Whole } from '#platform';
import { storiesBefore, storiesPosition } from '#projections';
import { Query, Res } from '@nestjs/common';
import type { Response } from 'express';
import { z } from 'zod';
import { AcceptDatetime, TimeTravel } from '../memento/time-travel.js';
import { ReadModels } from '../read-models.js';
import { answerAbout, viewOf } from '../story-at/index.js';
import { AsOfQuery } from '../story-at/moment.js';
import { keyPointsIn } from '../story-at/key-points.js';
import { listedLeads, presentLead } from '../story-at/lead-picture.js';
import { presentHeader, presentStory } from '../story-at/render-story.js';
import { Answers } from '../answers/answers.js';
import { scopeOf } from '../answers/scope.js';
import { byBytes, json, type Answer } from './answer.js';
import { addressWith, fittingPage, limitParameter } from './paging.js';
import { Id, Read, Reads } from './reads.js';

/** A page of the list of stories. */
export const Stories = z
  .object({
    position: z.int(),
    stories: z.array(ListedStory).meta({
      description:
        'The most recently changed story first. A story that changes while you read the pages moves to the first page, so it may be on none of yours: read the first page again at the end.',
    }),
    next: nextOf('stories'),
  })
  .meta({ id: 'Stories' });
export type Stories = z.infer<typeof Stories>;

/** The end of a page of stories: the last change of its last story. */
export const storiesCursor = cursorsOf(z.tuple([z.literal('stories'), Whole]));

/** The query parameters of the list of stories. */
export const StoriesQuery = z.strictObject({ limit: limitParameter, cursor: cursorParameter(storiesCursor.read) });
type StoriesQuery = z.infer<typeof StoriesQuery>;

@Reads('stories', 'stories')
/** Serves the list of stories, and each story. */
export class StoriesController {
  constructor(
    private readonly models: ReadModels,
    private readonly times: TimeTravel,
    private readonly answers: Answers,
  ) {}

  @Read('', 'List every story', Stories)
  async list(@Query({ schema: StoriesQuery }) query: StoriesQuery, @Res() response: Response) {
    const make = () => listStories(this.models, query);
    await this.answers.send(response, ['stories', query], { everything: true }, make);
  }

  @AcceptDatetime()
  @Read(':story', 'A story', OneStory)
  async one(@Id('story') story: string, @Query({ schema: AsOfQuery }) moment: AsOfQuery, @Res() response: Response) {
    const make = () => oneStory(this.models, story, moment);
    await this.times.answer(response, story, 'story', [moment], scopeOf(story, moment), make);
  }
}

const listStories = (models: ReadModels, { limit, cursor }: StoriesQuery): Promise<Answer> =>
  models.read(async reading => {
    const position = await storiesPosition(reading.client);
    const rows = await storiesBefore(reading.client, cursor?.[1] ?? null, limit + 1);
    const leads = await listedLeads(reading.client, rows);
    const { shown, last } = fittingPage(rows, limit, row => ({
      ...presentStory(row),
      leadPicture: leads.get(row.story) ?? null,
    }));
    const on = last && { limit: String(limit), cursor: storiesCursor.write(['stories', last.position]) };
    const next = on ? addressWith('/stories', undefined, on) : null;
    const page: Stories = { position, stories: [...shown], next };
    // The position alone does not say whether a story that left quarantine changed the page.
    return byBytes(reading, json, pageSafeJson(page));
  });

const oneStory = (models: ReadModels, story: string, moment: AsOfQuery): Promise<Answer> =>
  models.read(async reading => {
    const view = await viewOf(reading, story, moment);
    const make = async () => {
      const lead = await view.lead();
      return {
        ...presentStory(view.story),
        headers: (await view.headers(mostHeaders)).map(presentHeader),
        keyPoints: await keyPointsIn(view),
        leadPicture: lead ? presentLead(lead) : null,
      };
    };
    return answerAbout<OneStory>(reading, view, view.rests, make);
  });
