import { pathTo } from '#client';
import { Edits, History, OneEntry, Page, type AsOf, type Entry, type Former, type FormerText } from '#contract';
import { wordsIn } from '#pages';
import { isTakenDown, oneEntry, type Reading, type TimelineFilter, type TimelineRow } from '#projections';
import { Query, Res } from '@nestjs/common';
import type { Response } from 'express';
import { z } from 'zod';
import { actorsMeant } from '../story-at/actors-meant.js';
import { AcceptDatetime, TimeTravel } from '../memento/time-travel.js';
import { ReadModels } from '../read-models.js';
import { answerAbout, viewOf, withNames, type StoryView } from '../story-at/index.js';
import { AsOfQuery } from '../story-at/moment.js';
import { presentEntry, presentFormer, presentFormerTexts } from '../story-at/render.js';
import { surroundingsOf } from '../story-at/surroundings.js';
import { Answers } from '../answers/answers.js';
import { scopeOf } from '../answers/scope.js';
import type { Answer } from './answer.js';
import { notYet, problem, unknownValue } from './problems.js';
import { Id, Read, Reads } from './reads.js';
import { bytesOf, fitting, listBytes, wholeNumber } from './paging.js';
import { nextPage, orderOf, PageQuery, type Place } from './timeline-query.js';

/** Number of corrections on a page of a history. */
export const historyPage = 10;

const before = 'must be a whole number from 0, as in a `next`';
const HistoryPageQuery = AsOfQuery.extend({
  before: wholeNumber(before).optional().meta({
    description: 'Only corrections or edits before this one, counted from 0. Follow `next` instead of building it.',
  }),
});
type HistoryPageQuery = z.infer<typeof HistoryPageQuery>;

@Reads('timeline', 'stories/:story/timeline')
/** Serves a story's timeline, its entries and their histories. */
export class TimelineController {
  constructor(
    private readonly models: ReadModels,
    private readonly times: TimeTravel,
    private readonly answers: Answers,
  ) {}

  @AcceptDatetime()
  @Read('', 'Show a page of a story’s timeline', Page)
  async list(@Id('story') story: string, @Query({ schema: PageQuery }) query: PageQuery, @Res() response: Response) {
    const make = () => listTimeline(this.models, story, query);
    await this.times.answer(response, story, 'timeline', [query], scopeOf(story, query), make);
  }

  @Read(':development', 'One development', OneEntry)
  async one(
    @Id('story') story: string,
    @Id('development') development: string,
    @Query({ schema: AsOfQuery }) moment: AsOfQuery,
    @Res() response: Response,
  ) {
    const make = () => getDevelopment(this.models, story, development, moment);
    await this.answers.send(response, ['development', story, development, moment], scopeOf(story, moment), make);
  }

  @Read(':development/history', 'Show the former contents of a corrected development', History)
  async history(
    @Id('story') story: string,
    @Id('development') development: string,
    @Query({ schema: HistoryPageQuery }) query: HistoryPageQuery,
    @Res() response: Response,
  ) {
    const make = () => listHistory(this.models, story, development, query);
    await this.answers.send(response, ['history', story, development, query], scopeOf(story, query), make);
  }

  @Read(':development/edits', 'Show the texts of a development before its minor edits', Edits)
  async edits(
    @Id('story') story: string,
    @Id('development') development: string,
    @Query({ schema: HistoryPageQuery }) query: HistoryPageQuery,
    @Res() response: Response,
  ) {
    const make = () => listEdits(this.models, story, development, query);
    await this.answers.send(response, ['edits', story, development, query], scopeOf(story, query), make);
  }
}

function listEdits(models: ReadModels, story: string, development: string, query: HistoryPageQuery): Promise<Answer> {
  return models.read(async reading => {
    const view = await viewOf(reading, story, query);
    const row = await entryOr404(reading, view, development);
    return answerAbout<Edits>(reading, view, await withNames(view), async () => {
      const { edits, earlier } = formerTextsOf(row, Math.min(query.before ?? row.edits.length, row.edits.length));
      const next = earlier > 0 ? nextAddress(story, development, 'edits', earlier, view.asOf) : null;
      return { position: view.story.position, story, development, edits, next };
    });
  });
}

/** The texts of a development before its latest edits among the first `from`, and how many still earlier ones exist. */
export function formerTextsOf(
  row: TimelineRow,
  from = row.edits.length,
  most = listBytes,
): { edits: FormerText[]; earlier: number } {
  if (isTakenDown(row)) return { edits: [], earlier: 0 };
  const presented = presentFormerTexts(row, row.edits.slice(Math.max(0, from - historyPage), from).toReversed());
  const edits = presented.slice(0, fitting(presented, most));
  return { edits, earlier: from - edits.length };
}

function listTimeline(models: ReadModels, story: string, query: PageQuery): Promise<Answer> {
  return models.read(async reading => {
    const view = await viewOf(reading, story, query);
    const filter = await filterOf(view, query);
    const rewrites = await view.rewrites();
    const rests = [...(await withNames(view)), ...(rewrites === undefined ? [] : [rewrites])];
    return answerAbout<Page>(reading, view, rests, () => pageOf(view, query, filter));
  });
}

/** How many entries are read at a time. One may have a body of 50,000 characters. */
const rowsAtOnce = 50;

/** Reads one page of the timeline, with its context. It ends early where its entries would exceed `most` bytes. */
export async function pageOf(
  view: StoryView,
  query: PageQuery,
  filter: TimelineFilter,
  most = listBytes,
): Promise<Page> {
  const { story, position } = view.story;
  const { entries, last } = await entriesOf(view, query, filter, most);
  const rewrites = await view.rewrites();
  return {
    position,
    ...(rewrites === undefined ? {} : { rewrites }),
    story,
    entries,
    next: last ? nextPage(story, query, view.asOf, last) : null,
  };
}

/** The entries of a page, and the place of the last one if there are more. */
async function entriesOf(view: StoryView, query: PageQuery, filter: TimelineFilter, most: number) {
  const entries: Entry[] = [];
  let after: Place | null = query.cursor ?? null;
  for (let bytes = 0; ;) {
    const due = Math.min(query.limit - entries.length, rowsAtOnce);
    const rows: readonly TimelineRow[] = await view.page(orderOf(query), filter, after, due + 1);
    const context = await surroundingsOf(view, rows.slice(0, due));
    for (const row of rows.slice(0, due)) {
      const entry = presentEntry(row, context);
      bytes += bytesOf(entry);
      if (bytes > most && entries.length > 0) return { entries, last: after ?? undefined };
      entries.push(entry);
      after = row;
    }
    if (rows.length <= due) return { entries, last: undefined };
    if (entries.length === query.limit) return { entries, last: after ?? undefined };
  }
}

/**
 * Reads the filter of a query. Rejects with a 422 for an unknown condition or actor, because an empty answer would hide the
 * mistake.
 */
export async function filterOf(
  view: StoryView,
  { type, actor, condition, status, key, words }: PageQuery,
): Promise<TimelineFilter> {
  const { conditions } = view.story;
  if (condition && !Object.hasOwn(conditions, condition))
    throw unknownValue('condition', 'unknown-condition', condition, Object.keys(conditions));
  return {
    kinds: type ?? null,
    actors: actor ? await actorsMeant(view, actor) : null,
    condition: condition ?? null,
    status: status ?? null,
    key: key === 'true',
    words: words ? wordsIn(words) : null,
  };
}

function getDevelopment(models: ReadModels, story: string, development: string, moment: AsOfQuery): Promise<Answer> {
  return models.read(async reading => {
    const view = await viewOf(reading, story, moment);
    const entry = await entryOr404(reading, view, development);
    return answerAbout<OneEntry>(reading, view, await withNames(view), async () => {
      const context = await surroundingsOf(view, [entry]);
      const shown = presentEntry(entry, context);
      return {
        position: view.story.position,
        story,
        entry: shown,
        body: shown.bodyHtml === null ? null : entry.body,
      };
    });
  });
}

async function entryOr404({ client }: Reading, view: StoryView, development: string): Promise<TimelineRow> {
  const entry = await view.entry(development);
  if (entry) return entry;
  if (view.asOf && (await oneEntry(client, view.story.story, development)))
    throw notYet(`The story has this development now, but did not have it at position ${view.asOf.position}.`);
  throw problem('unknown-development');
}

function listHistory(models: ReadModels, story: string, development: string, query: HistoryPageQuery): Promise<Answer> {
  return models.read(async reading => {
    const view = await viewOf(reading, story, query);
    const row = await entryOr404(reading, view, development);
    return answerAbout<History>(reading, view, await withNames(view), async () => {
      const from = Math.min(query.before ?? row.corrections.length, row.corrections.length);
      const { corrections, earlier } = await formerOf(view, row, from);
      const next = earlier > 0 ? nextAddress(story, development, 'history', earlier, view.asOf) : null;
      return { position: view.story.position, story, development, corrections, next };
    });
  });
}

/**
 * The earlier versions of a development before its latest corrections among the first `from`, and how many still earlier
 * ones exist.
 */
export async function formerOf(
  view: StoryView,
  row: TimelineRow,
  from = row.corrections.length,
  most = listBytes,
): Promise<{ corrections: Former[]; earlier: number }> {
  const earlier = Math.max(0, from - historyPage);
  if (isTakenDown(row)) return { corrections: [], earlier: 0 };
  const some = row.corrections.slice(earlier, from).toReversed();
  const presented = presentFormer(row, some, await surroundingsOf(view, [row]));
  const corrections = presented.slice(0, fitting(presented, most));
  return { corrections, earlier: from - corrections.length };
}

function nextAddress(
  story: string,
  development: string,
  list: 'history' | 'edits',
  before: number,
  asOf: AsOf | undefined,
): string {
  const moment = asOf && { position: String(asOf.position), ...(asOf.happenedBy && { happenedBy: asOf.happenedBy }) };
  const path = pathTo('stories', story, 'timeline', development, list);
  return `${path}?${new URLSearchParams({ before: String(before), ...moment })}`;
}
