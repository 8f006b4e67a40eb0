import { SearchResults, type Found } from '#contract';
import { closed, StoryId } from '#domain';
import { escapeHtml, longestSearch, pageSafeJson } from '#pages';
import { cursorParameter, cursorsOf, limitUpTo, Whole } from '#platform';
import {
  countWords,
  entriesById,
  foundWords,
  isTakenDown,
  markers,
  oneStory,
  readablePosition,
  type Reading,
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

const cursors = cursorsOf(z.tuple([z.literal('search'), Whole]));
const { position, knownAt, visibleAt } = asOfParameters;

/** The query parameters of a search. */
export const SearchQuery = z.strictObject({
  q: z
    .string()
    .max(longestSearch)
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
  cursor: cursorParameter(cursors.read),
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
export async function readSearch(
  reading: Reading,
  { q: words, story: only, limit, cursor, ...moment }: SearchQuery,
): Promise<SearchResults> {
  const asOf = await momentOf(reading, moment);
  const client = asOf ? reading.asOf(asOf.position) : reading.client;
  const story = only ?? null;
  if (story !== null && !(await oneStory(client, story))) throw problem('unknown-story');
  const asked = { words, story };
  const from = cursor?.[1] ?? 0;
  const rows = await foundWords(client, asked, from, Math.min(limit, mostFound - from));
  const total = await countWords(client, asked, mostFound);
  const found: Found[] = [];
  for (const [story, ofStory] of Map.groupBy(rows, row => row.story)) {
    const about = (await oneStory(client, story))!;
    const entries = await entriesById(
      client,
      story,
      ofStory.map(({ development }) => development),
    );
    for (const row of entries) {
      const words = ofStory.find(({ development }) => development === row.development)!;
      // Its words go in the same transaction as its text, so none is here.
      if (isTakenDown(row)) continue;
      found.push({
        story,
        storyTitle: closed(about.title),
        development: row.development,
        kind: row.kind,
        headline: row.headline,
        title: rowTitle(row, about),
        status: row.status,
        recorded: row.recorded,
        headlineHtml: markedHtml(words.headline),
        excerptHtml: words.excerpt === null ? null : markedHtml(words.excerpt.replace(/[*_`~#>|]+/g, '')),
      });
    }
  }
  const place = new Map(rows.map(({ development }, n) => [development, n]));
  found.sort((a, b) => place.get(a.development)! - place.get(b.development)!);
  const last = from + rows.length;
  const at = asOf?.position ?? (await readablePosition(client, reading.position));
  const on = [
    ['q', words],
    ...(story === null ? [] : [['story', story]]),
    ...(asOf ? [] : [['position', String(at)]]),
    ['limit', String(limit)],
    ['cursor', cursors.write(['search', last])],
  ];
  const next = last < total && rows.length > 0 ? addressWith('/search', asOf, on) : null;
  return { position: at, words, story, total, found, next, ...(asOf && { asOf }) };
}

const boundaries = new RegExp(`[${markers.join('')}]`, 'u');

/** Escapes a text, and marks what is between the markers. */
const markedHtml = (text: string): string =>
  closed(text)
    .split(boundaries)
    .map((part, n) => (n % 2 === 1 ? `<mark>${escapeHtml(part)}</mark>` : escapeHtml(part)))
    .join('');
