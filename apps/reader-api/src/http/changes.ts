import { pathTo } from '#client';
import { Changes, type Change } from '#contract';
import { pageSafeJson } from '#pages';
import { ProblemDetails } from '#platform';
import { nextChanges, readablePosition, retractedAmong, type Reading, type TimelineChangeRow } from '#projections';
import { Inject, Query, Res } from '@nestjs/common';
import { ApiResponse } from '@nestjs/swagger';
import type { Response } from 'express';
import { z } from 'zod';
import { Answers } from '../answers/answers.js';
import { ReadModels } from '../read-models.js';
import { SETTINGS, type ReaderSettings } from '../settings.js';
import { storyNow, type StoryView } from '../story-at/index.js';
import { presentChange } from '../story-at/render.js';
import { surroundingsOf } from '../story-at/surroundings.js';
import { byBytes, json, type Answer } from './answer.js';
import { bytesOf, listBytes } from './paging.js';
import { problem, wrongPosition } from './problems.js';
import { Id, Read, Reads } from './reads.js';

/** Maximum number of changes in a piece. */
export const pieceChanges = 50;
/** A piece ends at the latest where the log's position passes a multiple of this, so that readers who began apart meet. */
export const pieceSpan = 1_024;
/** A change of more bytes is not sent, as on the live stream. */
const changeBytes = 1_024 * 1_024;

const whole = (error: string) => z.coerce.number(error).int(error).nonnegative(error);

const ChangesQuery = z.strictObject({
  after: whole('must be a position: a whole number from 0').default(0).meta({
    description: 'The position up to which you have every change: the `position` of a timeline or of a piece.',
  }),
  rewrites: whole('must be the rewrites of a timeline: a whole number from 0').optional().meta({
    description: 'The `rewrites` of your timeline. If it is outdated, the answer is 410: load the timeline again.',
  }),
});
type ChangesQuery = z.infer<typeof ChangesQuery>;

/** Serves the changes of a story in pieces, for readers who missed some. */
@Reads('timeline', 'stories/:story/changes')
export class ChangesController {
  constructor(
    private readonly models: ReadModels,
    private readonly answers: Answers,
    @Inject(SETTINGS) private readonly settings: ReaderSettings,
  ) {}

  @ApiResponse({
    status: 410,
    description: 'Earlier positions of the story were rewritten since your copy.',
    standardSchema: ProblemDetails,
  })
  @Read('', 'List what changed after a position, in pieces', Changes)
  async list(
    @Id('story') story: string,
    @Query({ schema: ChangesQuery }) query: ChangesQuery,
    @Res() response: Response,
  ) {
    const seconds = this.settings.CACHE_PIECES_SECONDS;
    const make = () => this.models.read(reading => listChanges(reading, story, query, seconds));
    await this.answers.send(response, ['changes', story, query], { story }, make);
  }
}

async function listChanges(
  reading: Reading,
  story: string,
  { after, rewrites: held }: ChangesQuery,
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
  const changes: Change[] = [];
  let bytes = 0;
  for (const row of rows) {
    const change = presentChange(row, context);
    const size = bytesOf(change);
    if (size > changeBytes && changes.length === 0) throw problem('change-too-long');
    bytes += size;
    if (bytes > listBytes && changes.length > 0) break;
    changes.push(change);
  }
  return changes;
}
