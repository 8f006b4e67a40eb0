import { pathTo } from '#client';
import { Changes, Difference, type Change, mostHeaders } from '#contract';
import { pageSafeJson } from '#pages';
import { cursorParameter } from '#platform';
import { nextChanges, readablePosition, retractedAmong, type Reading, type TimelineChangeRow } from '#projections';
import { Inject, Query, Res } from '@nestjs/common';
import type { Response } from 'express';
import { z } from 'zod';
import { Answers } from '../answers/answers.js';
import { ReadModels } from '../read-models.js';
import { SETTINGS, type ReaderSettings } from '../settings.js';
import { storyNow, type StoryView } from '../story-at/index.js';
import { presentChange } from '../story-at/render.js';
import { keyPointsIn } from '../story-at/key-points.js';
import { changesHeader } from '../story-at/render-story.js';
import { surroundingsOf } from '../story-at/surroundings.js';
import { byBytes, json, type Answer } from './answer.js';
import { difference, readDifferenceCursor } from './difference.js';
import { bytesOf, listBytes, positionParameter, wholeNumber } from './paging.js';
import { problem, ReadProblem, wrongPosition } from './problems.js';
import { Id, Read, Reads } from './reads.js';

/** Maximum number of changes in a piece. */
export const pieceChanges = 50;
/** A piece ends at the latest where the log's position passes a multiple of this, so that readers who began apart meet. */
export const pieceSpan = 1_024;
/** A change of more bytes is not sent, as on the live stream. */
const changeBytes = 1_024 * 1_024;

const ChangesQuery = z
  .strictObject({
    after: positionParameter.optional().meta({
      description: 'The position up to which you have every change: the `position` of a timeline or of a piece.',
      default: 0,
    }),
    rewrites: wholeNumber('must be the rewrites of a timeline: a whole number from 0').optional().meta({
      description: 'The `rewrites` of your timeline. If it is outdated, the answer is 410: load the timeline again.',
    }),
    from: positionParameter.optional().meta({
      description: 'With `to`, the answer is the difference between two positions, each changed entry once.',
    }),
    to: positionParameter
      .optional()
      .meta({ description: 'The later position; default: the present. Only with `from`.' }),
    brief: z
      .enum(['true', 'false'])
      .optional()
      .meta({ description: 'Ids and acts without entries. Only with `from`.' }),
    cursor: cursorParameter(readDifferenceCursor),
  })
  .check(({ value, issues }) => {
    const { from } = value;
    const wrong = from === undefined ? (['to', 'brief', 'cursor'] as const) : (['after', 'rewrites'] as const);
    const message = from === undefined ? 'needs from' : 'must be left out when from is given';
    for (const field of wrong)
      if (value[field] !== undefined) issues.push({ code: 'custom', path: [field], message, input: value[field] });
  });
type ChangesQuery = z.infer<typeof ChangesQuery>;

const ChangesOrDifference = z.union([Changes, Difference]).meta({
  id: 'ChangesOrDifference',
  description: 'A piece of the changes after a position, or, with `from`, the difference between two positions.',
});

/** Serves the changes of a story: in pieces after a position, or the difference between two. */
@Reads('timeline', 'stories/:story/changes')
export class ChangesController {
  constructor(
    private readonly models: ReadModels,
    private readonly answers: Answers,
    @Inject(SETTINGS) private readonly settings: ReaderSettings,
  ) {}

  @ReadProblem(410, 'Earlier positions of the story were rewritten since your copy.')
  @Read('', 'List what changed after a position in pieces, or between two positions', ChangesOrDifference)
  async list(
    @Id('story') story: string,
    @Query({ schema: ChangesQuery }) query: ChangesQuery,
    @Res() response: Response,
  ) {
    const seconds = this.settings.CACHE_PIECES_SECONDS;
    const { from, to, cursor } = query;
    const brief = query.brief === 'true';
    const make = () =>
      this.models.read(reading =>
        from === undefined
          ? listChanges(reading, story, query, seconds)
          : difference(reading, story, { from, to, cursor, brief }),
      );
    await this.answers.send(
      response,
      ['changes', story, query],
      from === undefined || to !== undefined ? { story } : { everything: true },
      make,
    );
  }
}

async function listChanges(
  reading: Reading,
  story: string,
  { after = 0, rewrites: held }: ChangesQuery,
  seconds: number,
): Promise<Answer> {
  const view = await storyNow(reading, story);
  const rewrites = (await view.rewrites())!;
  if (held !== undefined && held !== rewrites) throw problem('rewritten');
  const present = await readablePosition(reading.client, reading.position);
  if (after > present) throw wrongPosition('after', 0, present);
  const { changes, complete } = await pieceAfter(reading, view, after, present);
  const last = changes.at(-1)?.position ?? after;
  const query = new URLSearchParams({ after: String(last), rewrites: String(rewrites) });
  const next = complete ? `${pathTo('stories', story, 'changes')}?${query}` : null;
  const position = complete ? last : Math.max(after, view.story.position);
  const piece: Changes = { position, rewrites, story, changes, next };
  const answer = byBytes(reading, json, pageSafeJson(piece));
  if (!complete || held === undefined || seconds === 0) return answer;
  return { ...answer, headers: { 'Cache-Control': `public, max-age=${seconds}, immutable` } };
}

/** The last position of the part of the log that a piece may cover. */
export const endOfPiece = (first: number): number => Math.ceil(first / pieceSpan) * pieceSpan;

/** The changes of one piece, in order. It is complete if no later commit can add to it. */
async function pieceAfter(
  reading: Reading,
  view: StoryView,
  after: number,
  present: number,
): Promise<{ changes: Change[]; complete: boolean }> {
  const { client } = reading;
  const found = await nextChanges(client, view.story.story, after, pieceChanges);
  const end = endOfPiece(found[0]?.position ?? Infinity);
  const rows = found.filter(({ position }) => position <= end);
  const changes = await presented(reading, view, rows);
  const isCut = changes.length < rows.length || rows.length === pieceChanges;
  return { changes, complete: isCut || present >= end };
}

/** The changes as readers see them now, as many as fit into an answer. */
async function presented({ client }: Reading, view: StoryView, rows: readonly TimelineChangeRow[]): Promise<Change[]> {
  const changed = rows.flatMap(({ entries }) => entries);
  const ids = [...new Set(changed.map(({ development }) => development))];
  const retracted = new Set(await retractedAmong(client, view.story.story, ids));
  const context = await surroundingsOf(view, changed, retracted);
  const headers = rows.some(changesHeader) ? await view.headers(mostHeaders) : [];
  const points = await keyPointsIn(view);
  const changes: Change[] = [];
  let bytes = 0;
  for (const row of rows) {
    const change = presentChange(row, context, headers, points);
    const size = bytesOf(change);
    if (size > changeBytes && changes.length === 0) throw problem('change-too-long');
    bytes += size;
    if (bytes > listBytes && changes.length > 0) break;
    changes.push(change);
  }
  return changes;
}
