import type { ActorState, Cell } from '#contract';
import type { Modality } from '#domain';
import { printable } from '#platform';
import { cut, wrap } from './layout.js';
import type { Paper } from './print-change.js';
import { said, unlikeFact, type Names } from './words.js';

const facetWidth = 18;
const citedWidth = 22;

/** A development that a cell cites, with what its value says and how certain that is. */
export interface Citation extends Pick<Cell['citations'][number], 'development' | 'position' | 'value'> {
  readonly standing: string;
  readonly modality: Modality;
}
interface PrintedCell extends Pick<Cell, 'facet'> {
  readonly current: Citation | null;
  readonly citations: readonly Citation[];
}
/** The printed part of an actor's state. */
interface PrintedActor {
  readonly actor: Pick<ActorState['actor'], 'name' | 'kind'>;
  readonly cells: readonly PrintedCell[];
}

/** An actor's state, one or two lines a cell, with the positions of the supporting developments. */
export function actorLines({ actor, cells }: PrintedActor, names: Names, paper: Paper): string[] {
  const title = `${paper.colours.bold(printable(actor.name))} ${paper.colours.dim(printable(actor.kind))}`;
  const byFacet = [...Map.groupBy(cells, cell => cell.facet).values()].flat();
  return [title, ...byFacet.flatMap(cell => cellLines(cell, names, paper))];
}

function cellLines({ facet, current, citations }: PrintedCell, names: Names, { width, colours }: Paper): string[] {
  const room = width - facetWidth - citedWidth - 4;
  const value = current ? [...reservations(current), said(current.value, names)].join(': ') : 'nothing current';
  const [first = '', second] = wrap(value, room);
  const rest = second === undefined ? [] : [cut(wrap(value, room).slice(1).join(' '), room)];
  const cited = cut(
    citations
      .map(citation => `${current?.development === citation.development ? '' : '~'}#${citation.position}`)
      .join(' '),
    citedWidth,
  );
  const paint = current && unlikeFact(current.modality) ? colours.yellow : String;
  return [
    `  ${colours.cyan(printable(facet).padEnd(facetWidth))}${paint(first.padEnd(room))}  ${colours.dim(cited)}`.trimEnd(),
    ...rest.map(line => ' '.repeat(facetWidth + 2) + paint(line)),
  ];
}

/** The qualification of a cell. It comes first, so that it is never cut off. */
function reservations({ standing, modality }: Citation): string[] {
  const unlike = unlikeFact(modality);
  return [...(['confirmed', 'reported'].includes(standing) ? [] : [standing]), ...(unlike ? [unlike] : [])];
}
