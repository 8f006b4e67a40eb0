import {
  byCell,
  byPlace,
  cite,
  type CellAt,
  type CellId,
  type Citation,
  type CitedMark,
  type MarkPlace,
  type StoryRow,
  type Weighed,
} from '#projections';

/** What is known of one actor in a story, as a store of it can be asked. */
export interface Marks {
  /** Cells after a place, or one alone, in the order in which each was first told of; at most `limit`. */
  cells(after: MarkPlace | null, limit: number, one: CellId | null): Promise<readonly CellAt[]>;
  /** All marks of these cells, in no order. */
  weighed(cells: readonly CellId[]): Promise<readonly Weighed[]>;
  /** These marks whole, in no order. */
  whole(marks: readonly Weighed[]): Promise<readonly CitedMark[]>;
}

export interface CellsAsked {
  readonly after: MarkPlace | null;
  /** How many cells. */
  readonly limit: number;
  /** One cell alone; null for all. */
  readonly one: CellId | null;
  /** How many citations of each cell, newest first, and before which place. */
  readonly citations: number;
  readonly before: MarkPlace | null;
}

/** A cell with some of what it rests on. */
export interface ShownCell extends CellId {
  readonly current: Citation | null;
  readonly citations: readonly Citation[];
  /** How many developments it rests on in all. */
  readonly total: number;
  /** The place of the last citation that is shown, where there are older ones. */
  readonly last: MarkPlace | undefined;
}

/** The cells that are asked for, and the place of the last one where there are more. */
export async function cellPage(
  marks: Marks,
  conditions: StoryRow['conditions'],
  { after, limit, one, citations, before }: CellsAsked,
): Promise<{ readonly cells: readonly ShownCell[]; readonly last: MarkPlace | undefined }> {
  const found = await marks.cells(after, limit + 1, one);
  const page = found.slice(0, limit);
  const weighed = byCell(await marks.weighed(page)).map(cell => {
    const due = cell.citations.filter(mark => !before || byPlace(mark, before) < 0);
    return { ...cell, shown: due.slice(0, citations), older: due.length > citations };
  });
  const whole = new Map(
    (await marks.whole(weighed.flatMap(({ current, shown }) => (current ? [current, ...shown] : shown)))).map(
      mark => [idOf(mark), cite(mark, conditions)] as const,
    ),
  );
  const cells = weighed.map(({ facet, key, current, citations: all, shown, older }) => ({
    facet,
    key,
    current: current ? whole.get(idOf(current))! : null,
    citations: shown.map(mark => whole.get(idOf(mark))!),
    total: all.length,
    last: older ? shown.at(-1) : undefined,
  }));
  return { cells, last: found.length > limit ? page.at(-1) : undefined };
}

const idOf = ({ development, mark }: Weighed) => `${development} ${mark}`;

/** Marks that are all at hand. */
export function marksAtHand(all: readonly CitedMark[]): Marks {
  const groups = byCell(all);
  const isOne = (one: CellId) => (cell: CellId) => cell.facet === one.facet && cell.key === one.key;
  return {
    cells: async (after, limit, one) =>
      groups
        .filter(cell => !one || isOne(one)(cell))
        .map(({ facet, key, citations }) => ({ ...citations.at(-1)!, facet, key }))
        .filter(first => !after || byPlace(first, after) > 0)
        .slice(0, limit),
    weighed: async cells => groups.filter(group => cells.some(isOne(group))).flatMap(({ citations }) => citations),
    whole: async marks => marks as readonly CitedMark[],
  };
}
