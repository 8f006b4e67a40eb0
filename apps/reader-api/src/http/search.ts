import { SearchResults, type AsOf, type Found } from '#contract';
import { closed, StorableText, StoryId } from '#domain';
import { escapeHtml, longestSearch, pageSafeJson, wordsFor } from '#pages';
import { cursorParameter, cursorsOf, limitUpTo, Whole } from '#platform';
import {
  countWords,
  entriesById,
  foundWords,
  isTakenDown,
  markers,
  oneStory,
  readablePosition,
  type FoundWords,
  type ReadableRow,
  type Reading,
  type StoryRow,
} from '#projections';
import { Query, Res } from '@nestjs/common';
import type { Response } from 'express';
import { z } from 'zod';
import { Answers } from '../answers/answers.js';
import { ReadModels } from '../read-models.js';
import { asOfParameters, momentOf } from '../story-at/moment.js';
import { rowTitle } from '../story-at/render.js';
import { byBytes, json } from './answer.js';
import { addressWith } from './paging.js';
import { problem } from './problems.js';
import { Read, Reads } from './reads.js';

/** How far a search counts what it found, and how many developments its pages list in all. */
export const mostFound = 1_000;

/** The end of a page of results: how many came before the next one. */
export const searchCursor = cursorsOf(z.tuple([z.literal('search'), Whole.lt(mostFound)]));
const { position, knownAt, visibleAt } = asOfParameters;

/** The query parameters of a search. */
export const SearchQuery = z.strictObject({
  q: StorableText(longestSearch)
    .regex(/[\p{L}\p{N}]/u, 'must contain a word')
    .meta({
      description:
        'Words that a development must have; "a phrase" in quotation marks, `or` between words of which one is enough, `-` before a word that must not be there.',
    }),
  story: StoryId.optional().meta({ description: 'Only in this story. Default: in all.' }),
  position,
  knownAt,
  visibleAt,
  limit: limitUpTo(50, 20),
  cursor: cursorParameter(searchCursor.read),
});
/** A parsed search. */
export type SearchQuery = z.infer<typeof SearchQuery>;

/** Serves search in the words of developments. */
@Reads('search', 'search')
export class SearchController {
  constructor(
    private readonly models: ReadModels,
    private readonly answers: Answers,
  ) {}

  @Read('', 'Search the words of developments, in a story or in all', SearchResults)
  async search(@Query({ schema: SearchQuery }) query: SearchQuery, @Res() response: Response) {
    const make = () =>
      this.models.read(async reading => byBytes(reading, json, pageSafeJson(await readSearch(reading, query))));
    await this.answers.send(response, ['search', query], { everything: true }, make);
  }
}

/** Searches, now or as of a moment. */
export async function readSearch(reading: Reading, query: SearchQuery): Promise<SearchResults> {
  const { q: words, story = null, limit, cursor, ...moment } = query;
  const asOf = await momentOf(reading, moment);
  const client = asOf ? reading.asOf(asOf.position) : reading.client;
  if (story !== null && !(await oneStory(client, story))) throw problem('unknown-story');
  const position = asOf?.position ?? (await readablePosition(reading.client, reading.position));
  const from = cursor?.[1] ?? 0;
  const rows = await foundWords(client, { words, story }, from, Math.min(limit, mostFound - from));
  const total = await countWords(client, { words, story }, mostFound);
  const last = from + rows.length;
  const isLast = rows.length === 0 || last >= total;
  const next = isLast ? null : nextPage(query, { build: reading.made, position, ...asOf }, last);
  return { position, words, story, total, found: await presented(client, rows), next, ...(asOf && { asOf }) };
}

/** The address of the page after so many results. It searches at the same moment. */
function nextPage({ q, story, limit }: SearchQuery, asOf: AsOf, last: number): string {
  const only = story === undefined ? {} : { story };
  return addressWith('/search', asOf, {
    q,
    ...only,
    limit: String(limit),
    cursor: searchCursor.write(['search', last]),
  });
}

/** The rows with their stories and titles, in the same order. */
async function presented(client: Reading['client'], rows: readonly FoundWords[]): Promise<Found[]> {
  const found = new Map<string, Found>();
  for (const [story, ofStory] of Map.groupBy(rows, row => row.story)) {
    const about = (await oneStory(client, story))!;
    const words = new Map(ofStory.map(row => [row.development, row]));
    // The words of a taken-down development went together with its text, so none is among them.
    for (const row of await entriesById(client, story, [...words.keys()]))
      if (!isTakenDown(row)) found.set(row.development, presentFound(row, about, words.get(row.development)!));
  }
  return rows.flatMap(({ development }) => found.get(development) ?? []);
}

const presentFound = (row: ReadableRow, about: StoryRow, { headline, excerpt }: FoundWords): Found => ({
  story: about.story,
  storyTitle: closed(about.title ?? wordsFor(about.language).noHeadline),
  development: row.development,
  kind: row.kind,
  headline: row.headline,
  title: rowTitle(row, about),
  status: row.status,
  recorded: row.recorded,
  headlineHtml: markedHtml(headline),
  excerptHtml: excerpt === null ? null : markedHtml(excerpt.replace(/[*_`~#>|]+/g, '')),
});

const boundaries = new RegExp(`[${markers.join('')}]`, 'u');

/** Escapes a text, and marks what is between the markers. */
const markedHtml = (text: string): string =>
  closed(text)
    .split(boundaries)
    .map((part, n) => (n % 2 === 1 ? `<mark>${escapeHtml(part)}</mark>` : escapeHtml(part)))
    .join('');
