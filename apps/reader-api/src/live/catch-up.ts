import { allOf } from '#postgres';
import { missedMore, nextChanges, retractedAmong, type Reading } from '#projections';
import { mostHeaders } from '#contract';
import { presentChange } from '../story-at/render.js';
import { keyPointsIn } from '../story-at/key-points.js';
import { changesHeader } from '../story-at/render-story.js';
import { storyNow } from '../story-at/index.js';
import { surroundingsOf } from '../story-at/surroundings.js';
import type { Sent } from './deliver.js';
import { change, resync } from './frames.js';

/** How many changes are read and serialised at a time for the clients at one position. */
export const pageChanges = 50;
/** A page gets no further change once it has this many bytes. */
export const pageBytes = 256 * 1_024;
/** A change of more bytes is not sent: clients must load the timeline instead. */
export const frameBytes = 1_024 * 1_024;

/** The changes of a story that follow a position, in order. */
export interface ChangesPage {
  readonly changes: readonly Sent[];
  /** Whether further changes exist. */
  readonly more: boolean;
  /** Whether the client has missed more than `backlog` changes, this page included. */
  readonly tooMany: boolean;
}

const none: ChangesPage = { changes: [], more: false, tooMany: false };

/** A page of changes, each serialised once for all its readers. */
export async function pageAfter(
  reading: Reading,
  story: string,
  after: number,
  rewritten: Promise<{ readonly rewrites: number }>,
  backlog: number,
): Promise<ChangesPage> {
  const { client } = reading;
  // The story may be missing in another build, which matters only if it has changes.
  const [read, view] = await allOf(
    nextChanges(client, story, after, pageChanges + 1),
    storyNow(reading, story).catch((error: unknown) => error as Error),
  );
  const rows = read.slice(0, pageChanges);
  if (rows.length === 0) return none;
  if (read.length > backlog || (read.length > rows.length && (await missedMore(client, story, after, backlog))))
    return { ...none, tooMany: true };
  const changed = rows.flatMap(({ entries }) => entries);
  const ids = [...new Set(changed.map(({ development }) => development))];
  if (view instanceof Error) throw view;
  const [around, retracted, points, { rewrites }] = await allOf(
    surroundingsOf(view, changed),
    retractedAmong(client, story, ids),
    keyPointsIn(view),
    rewritten,
  );
  const context = { ...around, retracted: new Set(retracted) };
  const headers = rows.some(changesHeader) ? await view.headers(mostHeaders) : [];
  const changes: Sent[] = [];
  let bytes = 0;
  for (const row of rows) {
    if (bytes >= pageBytes) break;
    const frame = within(change(presentChange(row, context, headers, points)), row.position, rewrites);
    bytes += frame.length;
    changes.push({ position: row.position, recorded: row.recorded, frame });
  }
  return { changes, more: read.length > changes.length, tooMany: false };
}

/** The frame, or a `resync` that asks the client to load the timeline if the frame is too long. */
export const within = (frame: Buffer, position: number, rewrites: number): Buffer =>
  frame.length <= frameBytes ? frame : resync(position, rewrites, 'too-long');
