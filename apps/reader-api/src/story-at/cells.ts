import type { Facet } from '#domain';
import { allOf } from '#postgres';
import {
  byCell,
  cite,
  currentOf,
  currentOfNewest,
  type ActorCell,
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

/** The marks of the actors of a story. */
export interface Marks {
  /** Of each actor, in any order: the cells with the latest marks first, and how many there are. */
  cells(actors: readonly string[], asked: CellsOf): Promise<readonly CellsFound[]>;
  /** Only this cell; none if the actor has no such cell. */
  one(cell: ActorCell): Promise<CellsFound['cells']>;
  /** The sums of these cells, in any order. */
  sums(cells: readonly ActorCell[]): Promise<readonly CellSum[]>;
  /** The weights of at most `limit` of the newest marks of each of these cells, of those before a place; in any order. */
  newest(cells: readonly ActorCell[], before: MarkPlace | null, limit: number): Promise<readonly Weighed[]>;
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
interface WeighedCell extends ActorCell {
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
  cells: readonly ActorCell[],
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
  return cells.flatMap(({ actor, facet, key }) => {
    const id = idOfCell({ actor, facet, key });
    const { total } = sumOf.get(id)!;
    const newest = (shown.get(id) ?? []).slice(0, limit);
    return total === 0 ? [] : [{ actor, facet, key, current: current.get(id), newest, total }];
  });
}

const idOfCell = ({ actor, facet, key }: ActorCell) => JSON.stringify([actor, facet, key]);
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

/** Reads the requested cells of each of these actors, in order, and the place of the last one if there are more. */
export async function cellPages(
  marks: Marks,
  conditions: StoryRow['conditions'],
  actors: readonly string[],
  asked: CellsAsked,
): Promise<CellPage[]> {
  const { limit, one, citations, before } = asked;
  const found = await cellsFound(marks, actors, asked);
  const pages = actors.map(
    actor =>
      found
        .get(actor)
        ?.cells.slice(0, limit)
        .map(cell => ({ ...cell, actor })) ?? [],
  );
  const weighed = (await weighedCells(marks, pages.flat(), citations + 1, before)).map(cell => ({
    ...cell,
    shown: cell.newest.slice(0, citations),
    older: cell.newest.length > citations,
  }));
  const cited = await marks.whole(weighed.flatMap(({ current, shown }) => (current ? [current, ...shown] : shown)));
  const whole = new Map(cited.map(mark => [idOf(mark), cite(mark, conditions)] as const));
  const byActor = Map.groupBy(weighed, ({ actor }) => actor);
  return actors.map((actor, n) => {
    const cells = fittingCells(byActor.get(actor) ?? [], whole, asked);
    const { cells: all = [], facets = {} } = found.get(actor) ?? {};
    const last = all.length > cells.length ? pages[n]![cells.length - 1] : undefined;
    return { cells, facets: one ? undefined : facets, last };
  });
}

/** The cells of each actor from which a page is made: one more than it shows, if there are more. */
async function cellsFound(
  marks: Marks,
  actors: readonly string[],
  { facet, after, limit, one }: CellsAsked,
): Promise<Map<string, Pick<CellsFound, 'cells' | 'facets'>>> {
  if (one) {
    const cells = await allOf(...actors.map(actor => marks.one({ actor, ...one })));
    return new Map(actors.map((actor, n) => [actor, { cells: cells[n]!, facets: {} }]));
  }
  const found = await marks.cells(actors, { facet, after, limit: limit + 1 });
  return new Map(found.map(each => [each.actor, each]));
}

type Cited = WeighedCell & { readonly shown: readonly Weighed[]; readonly older: boolean };

/** As many of these cells of an actor, with as many of their citations, as fit. */
function fittingCells(
  weighed: readonly Cited[],
  whole: ReadonlyMap<string, Citation>,
  { citations, most = Infinity, shown: show = cell => cell }: CellsAsked,
): ShownCell[] {
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
  return cells.slice(0, fitting(cells.map(show), most));
}

const idOf = ({ development, mark }: Pick<Weighed, 'development' | 'mark'>) => `${development} ${mark}`;
