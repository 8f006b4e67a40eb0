import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** What a run found of one row. */
export interface Result {
  readonly row: string;
  readonly fault: string;
  readonly invariant: string;
  readonly unit: string;
  readonly tries: number;
  readonly violations: readonly string[];
  readonly figures: Readonly<Record<string, number>>;
  readonly seconds: number;
  /** How many tries were due, if its time was over before. */
  readonly wanted?: number;
  /** Why it is not finished. Tries and violations are those before that. */
  readonly failed?: string;
}

/** A run of the matrix. */
export interface Run {
  readonly date: string;
  readonly commit: string;
  readonly machine: string;
  readonly scale: 'short' | 'long';
  readonly seed: number;
  readonly results: readonly Result[];
}

/** Where runs are written, each in a file of its own. */
export const runsFolder = join('.dateline', 'faults');

export function writeRun(file: string, run: Run): void {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, `${JSON.stringify(run, null, 2)}\n`);
}

/** The runs in the folder, oldest first. */
export const readRuns = (): Run[] =>
  readdirSync(runsFolder)
    .filter(name => name.endsWith('.json'))
    .sort()
    .map(name => JSON.parse(readFileSync(join(runsFolder, name), 'utf8')) as Run);

const number = (value: number) => value.toLocaleString('en-US');
const many = (unit: string, tries: number, wanted = tries) =>
  `${tries === wanted ? '' : `${number(tries)} of `}${number(wanted)} ${unit}${wanted === 1 ? '' : 's'}`;
/** The beginning of what a row throws that the machine lacks something for. Nothing failed then. */
const notPossible = 'Not possible here';

/**
 * What a result says of a row that made fewer tries than it should. Where its time was limited on purpose (`isLimited`), it may make fewer
 * if it makes one; otherwise something may hang. A row that ended before its time was over had no more to try.
 */
export function shortOf(
  tries: number,
  wanted: number,
  { isOver, isLimited }: { readonly isOver: boolean; readonly isLimited: boolean },
): Pick<Result, 'wanted' | 'failed'> {
  if (tries > 0 && (tries >= wanted || !isOver)) return {};
  return tries > 0 && isLimited ? { wanted } : { wanted, failed: `${tries} of ${wanted} tries in its time` };
}

/** One row of text for each result, aligned. */
export function table(results: readonly Result[]): string {
  const lines = [
    ['fault', 'tries', 'violations', 'minutes', 'invariant'],
    ...results.map(({ row, unit, tries, wanted, violations, seconds, invariant, failed }) => [
      row,
      many(unit, tries, wanted),
      failed && violations.length === 0 ? 'NOT FINISHED' : `${violations.length}${failed ? ', NOT FINISHED' : ''}`,
      (seconds / 60).toFixed(1),
      invariant,
    ]),
  ];
  const widths = lines[0]!.map((_, at) => Math.max(...lines.map(cells => cells[at]!.length)));
  return lines
    .map(cells =>
      cells
        .map((cell, at) => cell.padEnd(widths[at]!))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

/**
 * Several runs of one commit or of several as rows of one table in Markdown: tries and violations are added, and runs that did not finish are counted as such. `before` is the table that the
 * page has. Its rows stay where these runs have none, because each checkout keeps only its own runs.
 */
export function joined(runs: readonly Run[], order: readonly string[], before: string): string {
  const lines = before.split('\n');
  const all = runs.flatMap(({ results, commit, date }) =>
    results.filter(({ failed }) => !failed?.startsWith(notPossible)).map(result => ({ ...result, commit, date })),
  );
  const rows = order.flatMap(name => {
    const mine = all.filter(({ row }) => row === name);
    const [first] = mine;
    if (!first) return lines.filter(line => line.startsWith(`| \`${name}\` |`));
    const sum = (of: (result: Result) => number) => mine.reduce((total, result) => total + of(result), 0);
    const names = [...new Set(mine.flatMap(({ figures }) => Object.keys(figures)))];
    const figures = names.map(figure => {
      const of = (result: Result) => result.figures[figure] ?? 0;
      // A maximum of several runs is the greatest of theirs.
      return `${number(figure.includes(' at most') ? Math.max(...mine.map(of)) : sum(of))} ${figure}`;
    });
    const unfinished = mine.filter(({ failed, tries }) => failed || tries === 0).length;
    const commits = [...new Set(mine.map(({ commit }) => commit))];
    const cells = [
      `\`${name}\``,
      first.fault,
      first.invariant,
      many(
        first.unit,
        sum(({ tries }) => tries),
      ),
      number(sum(({ violations }) => violations.length)) +
        (unfinished > 0 ? `; ${unfinished} of ${mine.length} not finished` : ''),
      figures.join(', '),
      `${Math.ceil(sum(({ seconds }) => seconds) / 60)} min, ${commits.join(', ')}`,
    ];
    return [`| ${cells.join(' | ')} |`];
  });
  const headings = ['row', 'fault', 'what must hold', 'tries', 'violations', 'counted', 'took, at commit'];
  return [`| ${headings.join(' | ')} |`, `| ${headings.map(() => '---').join(' | ')} |`, ...rows].join('\n');
}

const [begin, end] = ['<!-- runs -->', '<!-- end of runs -->'];
/** Replaces the table of the page by what `write` makes of it. */
export function writePage(file: string, write: (before: string) => string): void {
  const page = readFileSync(file, 'utf8');
  const [before, rest] = page.split(begin);
  const [table, after] = rest?.split(end) ?? [];
  if (table === undefined || after === undefined)
    throw new Error(`${file} has no place for the table: ${begin} and ${end}.`);
  writeFileSync(file, `${before}${begin}\n\n${write(table)}\n\n${end}${after}`);
}
