import { kindShapes, renderHistory, shownEntry, type Asked, type EntryView, type HistoryPageProps } from '#pages';
import { Problem } from '#platform';
import type { Reading } from '#projections';
import { Query, QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import { z } from 'zod';
import type { Answer, Held } from '../../http/answer.js';
import { presentEntry, presentStory } from '../../present/present.js';
import { ReadModels } from '../../read-models.js';
import { storyNow, viewOf, type StoryView } from '../../story-view/index.js';
import { surroundingsOf } from '../../surroundings.js';
import { askedIn, askedShape, asOfQuery } from '../asked.js';
import { everything } from '../filter.js';
import { pageAnswer } from '../page-answer.js';
import { peopleOf } from '../people.js';
import { pageParameters } from '../query.js';
import { cellsOf, toldIn } from '../state.js';
import { differencesOf, differingCells } from './differences.js';
import { momentsOf, stepAt } from './moments.js';

/** `step` is the slider's, where no script turns it into a time; `with` is the moment to compare with, or now. */
export const HistoryQuery = pageParameters({
  ...askedShape,
  step: z.coerce.number().int().nonnegative().optional(),
  with: askedShape.at,
});
export type HistoryQuery = z.infer<typeof HistoryQuery>;

export class ReadHistoryPage extends Query<Answer<string>> {
  constructor(
    readonly story: string,
    readonly query: HistoryQuery,
    readonly held: Held,
  ) {
    super();
  }
}

@QueryHandler(ReadHistoryPage)
export class ReadHistoryPageHandler implements IQueryHandler<ReadHistoryPage> {
  constructor(private readonly models: ReadModels) {}

  execute({ story, query, held }: ReadHistoryPage): Promise<Answer<string>> {
    return this.models.read(async reading => {
      const now = await storyNow(reading, story);
      const props = await propsOf(reading, now, query);
      return pageAnswer(reading, held, renderHistory({ ...props, kinds: kindShapes }));
    });
  }
}

async function propsOf(reading: Reading, now: StoryView, query: HistoryQuery): Promise<HistoryPageProps> {
  const { zone, story } = now.story;
  const { clock = 'visible' } = query;
  const moments = await momentsOf(reading, now, clock);
  const at = query.step === undefined ? query.at : moments.at(Math.min(query.step, moments.length - 1));
  const asked = askedIn({ clock, at }, zone) ?? { clock, at: moments.at(-1) ?? now.story.recorded };
  const other = askedIn({ clock, at: query.with }, zone);
  const then = await viewAt(reading, story, asked);
  const later = other ? await viewAt(reading, story, other) : now;
  const entries = then && (await entriesOf(then));
  return {
    story: presentStory(now.story),
    clock,
    moments,
    step: stepAt(moments, asked.at),
    asked,
    other: other?.at,
    entries,
    differences: differencesOf(entries ?? [], later ? await entriesOf(later) : []),
    states: then ? await statesOf(then, later) : [],
    actors: then ? (await toldIn(then)).actors : [],
  };
}

/** The story then; undefined where it had not been opened yet. */
async function viewAt(reading: Reading, story: string, asked: Asked): Promise<StoryView | undefined> {
  try {
    return await viewOf(reading, story, asOfQuery(asked));
  } catch (error) {
    if (error instanceof Problem && error.details.code === 'not-yet') return undefined;
    throw error;
  }
}

async function entriesOf(view: StoryView): Promise<EntryView[]> {
  const rows = await view.page('newest', everything, null, Number.MAX_SAFE_INTEGER);
  const around = await surroundingsOf(view, rows);
  return rows.map(row => shownEntry(presentEntry(row, around)));
}

async function statesOf(then: StoryView, later: StoryView | undefined): Promise<HistoryPageProps['states']> {
  const told = await toldIn(then);
  const states = [];
  for (const { id, name } of await peopleOf(then)) {
    const cells = await cellsOf(then, told, id);
    const after = later ? await cellsOf(later, told, id) : [];
    states.push({ id, name, cells, differing: differingCells(cells, after) });
  }
  return states;
}
