import { pathTo } from '#client';
import type { Difference, DifferingEntry } from '#contract';
import { pageSafeJson } from '#pages';
import { cursorsOf, Whole } from '#platform';
import {
  actsCounted,
  actsOn,
  differingEntries,
  differingPlaces,
  readablePosition,
  type After,
  type Between,
  type Reading,
} from '#projections';
import { z } from 'zod';
import { ifOpen, type StoryView } from '../story-at/index.js';
import { momentOf } from '../story-at/moment.js';
import { differingPoints } from '../story-at/differing-points.js';
import { keyPointsIn, takenDownBetween } from '../story-at/key-points.js';
import { presentEntry } from '../story-at/render.js';
import { presentStory } from '../story-at/render-story.js';
import { storyAt } from '../story-at/story.js';
import { surroundingsOf } from '../story-at/surroundings.js';
import { byBytes, json, type Answer } from './answer.js';
import { fitting } from './paging.js';
import { wrongPosition } from './problems.js';

/** Maximum number of entries in one part of a difference. */
export const differenceEntries = 50;
/** The same where only ids are asked for. */
export const briefEntries = 200;

const cursors = cursorsOf(z.tuple([Whole, Whole]));
/** Decodes the end of a part of a difference. Undefined if this API did not issue it. */
export function readDifferenceCursor(cursor: string): After | undefined {
  const place = cursors.read(cursor);
  return place && { position: place[0], ordinal: place[1] };
}

/** The two positions, and the end of the previous part. */
export interface DifferenceAsked {
  readonly from: number;
  /** Default: the present. */
  readonly to?: number | undefined;
  readonly cursor?: After | undefined;
  /** Ids and acts without entries. */
  readonly brief: boolean;
}

/** The difference of a story between two positions: each entry and key point that readers see otherwise, as it is at the later one. */
export async function difference(
  reading: Reading,
  id: string,
  { from, to, cursor, brief }: DifferenceAsked,
): Promise<Answer> {
  const present = await readablePosition(reading.client, reading.position);
  if (from > present) throw wrongPosition('from', 0, present);
  if (to !== undefined && (to < from || to > present)) throw wrongPosition('to', from, present);
  const moment = await momentOf(reading, { position: to ?? Math.max(present, 1) });
  const view = await storyAt(reading, id, moment);
  const client = reading.asOf(moment!.position);
  const settled = Object.entries(view.story.conditions).flatMap(([condition, { position }]) =>
    position !== null && position > from ? [condition] : [],
  );
  const between = { story: id, from, settled };
  const [changed, last] = brief
    ? await placesOf(client, between, cursor ?? null)
    : await entriesOf(client, view, between, cursor ?? null);
  const range = { from, to: to ?? moment!.position };
  const answer: Difference = {
    story: id,
    ...range,
    counts: await actsCounted(client, between),
    header: presentStory(view.story),
    ...(await pointsOf(reading, view, from, brief)),
    changed,
    next: last ? nextPart(id, range, last, brief) : null,
  };
  return byBytes(reading, json, pageSafeJson(answer));
}

/** The key points of the later moment, and how they differ from those at `from`. */
async function pointsOf(reading: Reading, later: StoryView, from: number, brief: boolean) {
  const moment = { ...later.asOf!, position: from };
  const then = from > 0 ? await ifOpen(storyAt(reading, later.story.story, moment)) : undefined;
  const keyPoints = await keyPointsIn(later);
  const takenDown = await takenDownBetween(then, later, keyPoints);
  const differing = differingPoints(then ? await keyPointsIn(then) : [], keyPoints, takenDown);
  return {
    ...(!brief && { keyPoints }),
    differingPoints: differing.map(({ how, was, now }) => ({ text: (now ?? was)!.text, how })),
  };
}

type Client = Reading['client'];
/** Entries, and the place of the last one if there are more. */
type Part = readonly [changed: DifferingEntry[], last: After | undefined];

async function entriesOf(client: Client, view: StoryView, between: Between, after: After | null): Promise<Part> {
  const found = await differingEntries(client, between, after, differenceEntries + 1);
  const rows = found.slice(0, differenceEntries);
  const context = await surroundingsOf(view, rows);
  const described = await describing(client, between, rows);
  const all = rows.map(row => ({ ...described(row), entry: presentEntry(row, context) }));
  const changed = all.slice(0, fitting(all));
  return [changed, found.length > changed.length ? rows[changed.length - 1] : undefined];
}

async function placesOf(client: Client, between: Between, after: After | null): Promise<Part> {
  const found = await differingPlaces(client, between, after, briefEntries + 1);
  const rows = found.slice(0, briefEntries);
  const changed = rows.map(await describing(client, between, rows));
  return [changed, found.length > rows.length ? rows.at(-1) : undefined];
}

type Row = After & { readonly development: string };

/** Returns a function that describes what was done to a row. */
async function describing(client: Client, between: Between, rows: readonly Row[]) {
  const done = await actsOn(
    client,
    between,
    rows.map(({ development }) => development),
  );
  const acts = new Map(done.map(({ development, acts }) => [development, acts]));
  return ({ development, position }: Row): DifferingEntry => ({
    id: development,
    isNew: position > between.from,
    acts: [...(acts.get(development) ?? [])],
  });
}

interface Range {
  readonly from: number;
  readonly to: number;
}

function nextPart(story: string, { from, to }: Range, { position, ordinal }: After, brief: boolean): string {
  const range = { from: String(from), to: String(to), ...(brief && { brief: 'true' }) };
  const query = { ...range, cursor: cursors.write([position, ordinal]) };
  return `${pathTo('stories', story, 'changes')}?${new URLSearchParams(query)}`;
}
