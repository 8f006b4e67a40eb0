import type { Facet } from '#domain';
import { allOf } from '#postgres';
import {
  byCell,
  cite,
  currentOf,
  currentOfNewest,
  type CellId,
  type CellsFound,
  type CellsOf,
  type CellSum,
  type Citation,
  type CitedMark,
  type MarkPlace,
  type StoryRow,
  type Weighed,
} from '#projections';
import { fitting } from '../http/paging.js';

/** The marks of one actor in a story. */
export interface Marks {
  /** The cells with the latest marks first, and how many there are. */
  cells(asked: CellsOf): Promise<CellsFound>;
  /** Only this cell; none if the actor has no such cell. */
  one(cell: CellId): Promise<CellsFound['cells']>;
  /** The sums of these cells, in any order. */
  sums(cells: readonly CellId[]): Promise<readonly CellSum[]>;
  /** The weights of at most `limit` of the newest marks of each of these cells, of those before a place; in any order. */
  newest(cells: readonly CellId[], before: MarkPlace | null, limit: number): Promise<readonly Weighed[]>;
  /** The complete marks, in any order. */
  whole(marks: readonly Weighed[]): Promise<readonly CitedMark[]>;
}

/** A request for cells and their citations. */
export interface CellsAsked {
  /** Only cells of this facet; null for all. */
  readonly facet: Facet | null;
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

/** A cell with its newest marks. */
interface WeighedCell extends CellId {
  readonly current: Weighed | undefined;
  /** The newest of the requested marks, newest first; at most as many as were requested. */
  readonly newest: readonly Weighed[];
  readonly total: number;
}

/** How many marks of a cell are read at first to find the current one, and how many times as many each next time. */
const fewMarks = 21;
const growth = 10;

/**
 * Reads the current marks of these cells, and at most `limit` of the newest of each, of those before a place; in the order of `cells`. Cells
 * that do not exist then are left out. Of a cell with many marks only the newest are read, unless none of them decides which one is current.
 */
export async function weighedCells(
  marks: Marks,
  cells: readonly CellId[],
  limit: number,
  before: MarkPlace | null = null,
): Promise<WeighedCell[]> {
  if (cells.length === 0) return [];
  const first = before ? fewMarks : Math.max(limit, fewMarks);
  const [sums, newest] = await allOf(marks.sums(cells), marks.newest(cells, null, first));
  const sumOf = new Map(sums.map(sum => [idOfCell(sum), sum]));
  const read = marksByCell(newest);
  const current = new Map<string, Weighed | undefined>();
  for (let due = cells, most = first; due.length > 0;) {
    due = due.filter(cell => {
      const id = idOfCell(cell);
      const { total, latest } = sumOf.get(id)!;
      const known = read.get(id) ?? [];
      const found = known.length >= total ? currentOf(known) : currentOfNewest(known, latest);
      if (found !== 'undecided') current.set(id, found);
      return found === 'undecided';
    });
    if (due.length === 0) break;
    most *= growth;
    for (const [id, known] of marksByCell(await marks.newest(due, null, most))) read.set(id, known);
  }
  const shown = before ? marksByCell(await marks.newest(cells, before, limit)) : read;
  return cells.flatMap(({ facet, key }) => {
    const id = idOfCell({ facet, key });
    const { total } = sumOf.get(id)!;
    const newest = (shown.get(id) ?? []).slice(0, limit);
    return total === 0 ? [] : [{ facet, key, current: current.get(id), newest, total }];
  });
}

const idOfCell = ({ facet, key }: CellId) => `${facet} ${key}`;
const marksByCell = (marks: readonly Weighed[]) => new Map(byCell(marks).map(cell => [idOfCell(cell), cell.marks]));

/** Some cells of an actor's state. */
export interface CellPage {
  readonly cells: readonly ShownCell[];
  /** How many cells there are of each facet; undefined if only one cell was requested. */
  readonly facets: CellsFound['facets'] | undefined;
  /** The place of the last cell, if there are more. */
  readonly last: MarkPlace | undefined;
}

/** How many citations of each cell are shown if more would not fit. */
const fewer = [10, 5, 2, 1];

/** Reads the requested cells, and the place of the last one if there are more. */
export async function cellPage(
  marks: Marks,
  conditions: StoryRow['conditions'],
  { facet, after, limit, one, citations, before, most = Infinity, shown: show = cell => cell }: CellsAsked,
): Promise<CellPage> {
  const { cells: found, facets } = one
    ? { cells: await marks.one(one), facets: undefined }
    : await marks.cells({ facet, after, limit: limit + 1 });
  const page = found.slice(0, limit);
  const weighed = (await weighedCells(marks, page, citations + 1, before)).map(cell => ({
    ...cell,
    shown: cell.newest.slice(0, citations),
    older: cell.newest.length > citations,
  }));
  const whole = new Map(
    (await marks.whole(weighed.flatMap(({ current, shown }) => (current ? [current, ...shown] : shown)))).map(
      mark => [idOf(mark), cite(mark, conditions)] as const,
    ),
  );
  const cellsWith = (each: number): ShownCell[] =>
    weighed.map(({ facet, key, current, total, shown, older }) => {
      const cited = shown.slice(0, each).map(mark => whole.get(idOf(mark))!);
      const count = fitting(cited, most / 2);
      return {
        facet,
        key,
        current: current ? whole.get(idOf(current))! : null,
        citations: cited.slice(0, count),
        total,
        last: older || count < shown.length ? shown[count - 1] : undefined,
      };
    });
  // Fewer citations of each cell come before fewer cells.
  const fits = [citations, ...fewer.filter(each => each < citations)].find(
    each => fitting(cellsWith(each).map(show), most) === weighed.length,
  );
  const cells = cellsWith(fits ?? Math.min(citations, fewer.at(-1)!));
  const count = fitting(cells.map(show), most);
  return { cells: cells.slice(0, count), facets, last: found.length > count ? page[count - 1] : undefined };
}

const idOf = ({ development, mark }: Pick<Weighed, 'development' | 'mark'>) => `${development} ${mark}`;
