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
import { fitting } from '../http/paging.js';

/** The marks of one actor in a story. */
export interface Marks {
  /** Cells after a place, or one cell, in the order of their first marks; at most `limit`. */
  cells(after: MarkPlace | null, limit: number, one: CellId | null): Promise<readonly CellAt[]>;
  /** The weights of all marks of these cells, in any order. */
  weighed(cells: readonly CellId[]): Promise<readonly Weighed[]>;
  /** The complete marks, in any order. */
  whole(marks: readonly Weighed[]): Promise<readonly CitedMark[]>;
}

/** A request for cells and their citations. */
export interface CellsAsked {
  readonly after: MarkPlace | null;
  /** Maximum number of cells. */
  readonly limit: number;
  /** The only requested cell; null for all. */
  readonly one: CellId | null;
  /** Maximum number of citations of each cell, newest first, and the place before which they begin. */
  readonly citations: number;
  readonly before: MarkPlace | null;
  /** Maximum number of bytes of all cells, as `shown` shows them. A first cell may be longer. */
  readonly most?: number;
  readonly shown?: (cell: ShownCell) => unknown;
}

/** A cell with some of its citations. */
export interface ShownCell extends CellId {
  readonly current: Citation | null;
  readonly citations: readonly Citation[];
  /** The total number of developments that support it. */
  readonly total: number;
  /** The place of the last citation shown, if older ones exist. */
  readonly last: MarkPlace | undefined;
}

/** How many citations of each cell are shown if more would not fit. */
const fewer = [10, 5, 2, 1];

/** Reads the requested cells, and the place of the last one if there are more. */
export async function cellPage(
  marks: Marks,
  conditions: StoryRow['conditions'],
  { after, limit, one, citations, before, most = Infinity, shown: show = cell => cell }: CellsAsked,
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
  const cellsWith = (each: number): ShownCell[] =>
    weighed.map(({ facet, key, current, citations: all, shown, older }) => {
      const cited = shown.slice(0, each).map(mark => whole.get(idOf(mark))!);
      const count = fitting(cited, most / 2);
      return {
        facet,
        key,
        current: current ? whole.get(idOf(current))! : null,
        citations: cited.slice(0, count),
        total: all.length,
        last: older || count < shown.length ? shown[count - 1] : undefined,
      };
    });
  // Fewer citations of each cell come before fewer cells.
  const fits = [citations, ...fewer.filter(each => each < citations)].find(
    each => fitting(cellsWith(each).map(show), most) === weighed.length,
  );
  const cells = cellsWith(fits ?? Math.min(citations, fewer.at(-1)!));
  const count = fitting(cells.map(show), most);
  return { cells: cells.slice(0, count), last: found.length > count ? page[count - 1] : undefined };
}

const idOf = ({ development, mark }: Weighed) => `${development} ${mark}`;
