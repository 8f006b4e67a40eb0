import type { KeyPoint } from '#contract';
import { wordsFor } from '#pages';
import { isTakenDown, takedownOf, type KeyPointRow, type Takedowns, type TimelineRow } from '#projections';
import type { StoryView } from './index.js';
import { rowTitle } from './render.js';

type Entitled = Pick<StoryView['story'], 'conditions' | 'language'>;
type Cites = KeyPoint['cites'][number];
type Struck = NonNullable<KeyPoint['struck']>;

const citing = (row: TimelineRow, { conditions, language }: Entitled): Cites => ({
  development: row.development,
  title: isTakenDown(row)
    ? wordsFor(language).labels.removed
    : rowTitle(row, { conditions, language }, { fates: false }),
  status: row.status,
});

/** Why a key point that rests on this entry is struck; undefined if it is not. */
function strikes(row: TimelineRow, takedowns: Takedowns): Struck | undefined {
  const { development, status, retraction } = row;
  if (status === 'retracted') return { development, status, recorded: retraction?.recorded ?? null };
  if (status === 'taken-down') return { development, status, recorded: takedownOf(row, takedowns)?.recorded ?? null };
  return undefined;
}

/**
 * Key points, as the API shows them. `entries`: those that readers may see of the developments that they cite. `takedowns`: those that a
 * row of an earlier position does not hold.
 */
export function presentKeyPoints(
  rows: readonly KeyPointRow[],
  entries: readonly TimelineRow[],
  story: Entitled,
  takedowns: Takedowns,
): KeyPoint[] {
  const shown = new Map(entries.map(entry => [entry.development, entry]));
  return rows.map(({ text, words, cites, position, recorded, first, takedown }) => {
    const cited = cites.flatMap(id => shown.get(id) ?? []);
    const struck = cited.flatMap(entry => strikes(entry, takedowns) ?? [])[0] ?? null;
    return {
      text,
      words,
      cites: cited.map(entry => citing(entry, story)),
      position,
      recorded,
      first,
      struck,
      takedown,
    };
  });
}

/** The key points of a story at the view's moment. */
export async function keyPointsIn(view: StoryView): Promise<KeyPoint[]> {
  const rows = await view.keyPoints();
  const ids = [...new Set(rows.flatMap(({ cites }) => cites))];
  const entries = ids.length > 0 ? await view.entries(ids) : [];
  // A takedown reaches rows of earlier positions too, which do not hold when it was.
  const later = entries.some(row => isTakenDown(row) && !row.takedown);
  return presentKeyPoints(rows, entries, view.story, later ? await view.takedowns() : new Map());
}

const positionOf = ({ asOf, story }: StoryView): number => asOf?.position ?? story.position;

/**
 * The developments whose takedown came between two moments. A point that rests on one of them is struck at both, but who reads the first
 * one has not seen it so. `points`: those of the second moment.
 */
export async function takenDownBetween(
  then: StoryView | undefined,
  later: StoryView | undefined,
  points: readonly KeyPoint[],
): Promise<ReadonlySet<string>> {
  const struck = points.flatMap(({ struck }) => (struck?.status === 'taken-down' ? [struck.development] : []));
  if (!then || !later || struck.length === 0) return new Set();
  const [from, to] = [positionOf(then), positionOf(later)];
  const takedowns = await later.takedowns();
  return new Set(
    struck.filter(id => {
      const position = takedowns.get(id)?.position;
      return position !== undefined && from < position && position <= to;
    }),
  );
}
