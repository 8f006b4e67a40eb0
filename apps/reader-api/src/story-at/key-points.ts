import type { KeyPoint } from '#contract';
import { wordsFor } from '#pages';
import { isTakenDown, type KeyPointRow, type TimelineRow } from '#projections';
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
function strikes({ development, status, retraction, takedown }: TimelineRow): Struck | undefined {
  if (status === 'retracted') return { development, status, recorded: retraction?.recorded ?? null };
  if (status === 'taken-down') return { development, status, recorded: takedown?.recorded ?? null };
  return undefined;
}

/** Key points, as the API shows them. `entries`: those that readers may see of the developments that they cite. */
export function presentKeyPoints(
  rows: readonly KeyPointRow[],
  entries: readonly TimelineRow[],
  story: Entitled,
): KeyPoint[] {
  const shown = new Map(entries.map(entry => [entry.development, entry]));
  return rows.map(({ text, words, cites, position, recorded, first, takedown }) => {
    const cited = cites.flatMap(id => shown.get(id) ?? []);
    const struck = cited.flatMap(entry => strikes(entry) ?? [])[0] ?? null;
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
  return presentKeyPoints(rows, ids.length > 0 ? await view.entries(ids) : [], view.story);
}
