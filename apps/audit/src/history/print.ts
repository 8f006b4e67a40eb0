import colours from 'picocolors';
import { printable } from '#platform';
import { isInternal } from '#domain';
import type { Difference, Entry } from './entries.js';

type Cell = string | number | null;
/** A line of a table, and the notes below it. */
export interface Line {
  readonly cells: readonly Cell[];
  readonly below?: readonly string[];
}

const separator = '  ';

/** Formats columns as wide as their contents, under their names. The last one is not padded. */
export function table(names: readonly string[], lines: readonly Line[]): string[] {
  const text = (cell: Cell | undefined) => printable(String(cell ?? '-'));
  const widths = names.map((name, i) => Math.max(name.length, ...lines.map(({ cells }) => text(cells[i]).length)));
  const row = (cells: readonly Cell[]) =>
    cells
      .map((cell, i) => (i === names.length - 1 ? text(cell) : text(cell).padEnd(widths[i]!)))
      .join(separator)
      .trimEnd();
  const indent = ' '.repeat(widths.slice(0, -1).reduce((sum, width) => sum + width + separator.length, 0));
  const below = (said: readonly string[] = []) => said.map(line => colours.dim(indent + printable(line)));
  return [colours.bold(row(names)), ...lines.flatMap(({ cells, below: said }) => [row(cells), ...below(said)])];
}

/** The headings of the columns that `entryLine` fills. */
export const entryColumns = ['position', 'recorded', 'visible', 'by', 'act', 'what'];

/** An event as a table line, with its details below. */
export function entryLine(entry: Entry): Line {
  const { position, recorded, visible, embargoed, by, act, headline, condition, fate, takenDown } = entry;
  const internal = isInternal({ type: act });
  const unseen = embargoed ? 'under embargo' : internal ? 'not for readers' : 'not recorded';
  const what = condition ? `${condition}: ${fate}` : takenDown ? '(taken down)' : headline;
  return { cells: [position, recorded, visible ?? unseen, by.name ?? by.id, act, what], below: below(entry) };
}

function below(entry: Entry): string[] {
  const { development, occurred, sourcing, changes, wrong, why, other, act, as, until } = entry;
  const hasContent = act === 'DevelopmentRecorded' || act === 'DevelopmentCorrected';
  return [
    ...(development ? [`development ${development}`] : []),
    ...(other ? [`${relation({ act, as })} ${other}`] : []),
    ...(until ? [`until ${until}`] : []),
    ...agreed(entry),
    ...(hasContent && occurred ? [`occurred ${occurredText(occurred)}`] : []),
    ...(hasContent && sourcing ? [`sourcing ${sourcingText(sourcing)}`] : []),
    ...changes.map(differenceText),
    ...(wrong ? [`wrong: ${wrong}`] : []),
    ...(why ? [`why: ${why}`] : []),
  ];
}

/** An approval refers to a proposal by the commit that proposed. */
function agreed({ act, commit, proposal, role, ground, acts }: Entry): string[] {
  const named = proposal ?? (act.endsWith('Proposed') ? commit : null);
  return [
    ...(role ? [`in the role ${role}`] : []),
    ...(named ? [`proposal ${named}`] : []),
    ...(ground ? [`ground ${ground}`] : []),
    ...(acts ? [`needs a second approval: ${['takedown', ...acts].join(', ')}`] : []),
  ];
}

function relation({ act, as }: Pick<Entry, 'act' | 'as'>): string {
  if (as) return as;
  return act === 'DevelopmentReinstated' ? 'retracted' : 'superseded by';
}

/** When something happened: its instants as recorded, and the precision in parentheses. */
export const occurredText = ({ from, to, precision }: NonNullable<Entry['occurred']>): string =>
  `${from ?? 'unknown'}${to ? ` to ${to}` : ''}${precision === 'unknown' ? '' : ` (${precision})`}`;

const sourcingText = ({ basis, standing, actor, group }: NonNullable<Entry['sourcing']>) =>
  [basis, standing, actor ?? group].filter(Boolean).join(', ');

const differenceText = ({ field, before, after }: Difference) => `${field}: ${shown(before)} → ${shown(after)}`;
const shown = (value: unknown) => (value === undefined ? 'nothing' : JSON.stringify(value));
