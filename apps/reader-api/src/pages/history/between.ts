import type { Difference, Differing, DifferingWords, KeyPointView } from '#pages';
import { allOf } from '#postgres';
import {
  changedSincePosition,
  entriesBeyond,
  entriesDependingOn,
  relatedBegun,
  type Reading,
  type TimelineRow,
} from '#projections';
import { surroundingsOf } from '../../story-at/surroundings.js';
import { rowsOfView, type StoryView } from '../../story-at/index.js';
import { differingPoints, type DifferingPoint } from '../../story-at/differing-points.js';
import { keyPointsIn, takenDownBetween } from '../../story-at/key-points.js';
import { comparedOf, differencesOf, type Compared } from './differences.js';

/** The most differences that a page lists. */
export const listed = 50;
/** The most entries that existed at both moments, and are compared: those that changed last. */
export const compared = 200;

/** How a story differs between two moments. */
export interface Between {
  /** The differences that are listed, and how many more there are, at least. */
  readonly differences: readonly Differing[];
  readonly more: number;
  /** The differences of the entries that the page shows, by id. */
  readonly marks: ReadonlyMap<string, readonly Difference[]>;
}

type Maybe = StoryView | undefined;

/**
 * Compares two moments of a story: only entries that the index names as changed between them are read, and those that the page shows.
 * Undefined is a moment before the story existed.
 */
export async function differencesBetween(
  reading: Reading,
  then: Maybe,
  later: Maybe,
  shown: readonly string[],
): Promise<Between> {
  const [lower, upper] = isLower(later, then) ? [later, then] : [then, later];
  if (!upper) return { differences: [], more: 0, marks: new Map() };
  const beyond = await beyondOf(reading, lower, upper);
  const changed = lower ? await changedOf(reading, lower, upper) : [];
  // Each entry is read once for each moment, also one that the page shows.
  const ids = [...new Set([...beyond, ...changed, ...shown])];
  const [before, after] = await allOf(comparedIn(then, ids), comparedIn(later, ids));
  const of = (some: readonly string[]) => {
    const isAsked = new Set(some);
    const those = (entries: readonly Compared[]) => entries.filter(({ id }) => isAsked.has(id));
    return differencesOf(those(before), those(after));
  };
  const all = [...of(beyond), ...of(changed)];
  const differences = all.slice(0, listed);
  const more = (await upper.count()) - ((await lower?.count()) ?? 0) - beyond.length + all.length - differences.length;
  const marks = new Map(of(shown).map(({ id, how }) => [id, how]));
  return { differences, more, marks };
}

const instantOf = ({ asOf }: StoryView) => (asOf?.happenedBy === undefined ? Infinity : Date.parse(asOf.happenedBy));
const positionOf = ({ asOf }: StoryView) => asOf?.position ?? Infinity;

/** Whether all entries of one moment exist at the other too. */
function isLower(one: Maybe, other: Maybe): boolean {
  if (!one || !other) return !one;
  return (
    instantOf(one) < instantOf(other) || (instantOf(one) === instantOf(other) && positionOf(one) < positionOf(other))
  );
}

const lowerOf = (view: Maybe) => {
  if (!view) return { position: 0 };
  return view.asOf?.happenedBy === undefined ? { position: positionOf(view) } : { begun: instantOf(view) };
};

/** The newest entries of the upper moment that the lower one lacks. */
const beyondOf = (reading: Reading, lower: Maybe, upper: StoryView) =>
  lower && !lower.asOf
    ? Promise.resolve([])
    : entriesBeyond(rowsOfView(reading, upper), upper.story.story, lowerOf(lower), listed);

/** Entries of both moments that may differ. */
async function changedOf(reading: Reading, lower: StoryView, upper: StoryView): Promise<string[]> {
  const { story } = lower.story;
  if (!lower.asOf) return [];
  const { position } = lower.asOf;
  const client = rowsOfView(reading, upper);
  const changed =
    lower.asOf.happenedBy === undefined
      ? await changedSincePosition(client, story, position, compared)
      : await relatedBegun(reading.asOf(position), story, instantOf(lower), compared);
  const [before, after] = [lower.story.conditions, upper.story.conditions];
  const settled = Object.keys(before).filter(id => before[id]!.position !== after[id]?.position);
  const depending = await entriesDependingOn(rowsOfView(reading, lower), story, settled, compared);
  return [...new Set([...changed, ...depending])];
}

/** These entries as they were at the moment, newest first. */
async function comparedIn(view: Maybe, ids: readonly string[]): Promise<Compared[]> {
  if (!view || ids.length === 0) return [];
  const rows: TimelineRow[] = [...(await view.entries(ids))].sort(newestFirst);
  const context = await surroundingsOf(view, rows);
  return rows.map(row => comparedOf(row, context));
}

const newestFirst = (a: TimelineRow, b: TimelineRow) => b.position - a.position || b.ordinal - a.ordinal;

const inWords: Readonly<Record<DifferingPoint['how'], Difference | undefined>> = {
  new: 'added',
  changed: 'changed',
  struck: 'struck',
  'taken-down': 'removed',
  // The list has the update itself, with its headline.
  cited: undefined,
  gone: 'dropped',
};

/** The key points at the first moment, how each differs at the second one, and all that differ. */
export interface PointsBetween {
  readonly points: readonly KeyPointView[];
  readonly pointMarks: ReadonlyMap<string, Difference>;
  readonly differingPoints: readonly DifferingWords[];
}

/** Compares the key points at two moments. */
export async function pointsBetween(then: Maybe, later: Maybe): Promise<PointsBetween> {
  const [points, others] = [then ? await keyPointsIn(then) : [], later ? await keyPointsIn(later) : []];
  const takenDown = await takenDownBetween(then, later, others);
  const all = differingPoints(points, others, takenDown).flatMap(({ how, was, now }) => {
    const word = inWords[how];
    return word ? [{ how: word, was, now: now ?? was! }] : [];
  });
  return {
    points,
    pointMarks: new Map(all.flatMap(({ how, was }) => (was ? [[was.text, how] as const] : []))),
    differingPoints: all.map(({ how, now: { text, words } }) => ({ text, words, how })),
  };
}
