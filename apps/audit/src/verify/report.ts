import { signatureLines, signaturesReport, uncheckedSignatures, type SignaturesReport } from '../signatures/report.js';
import type { WrongFile } from '../blobs/check.js';
import { faults, type Fault } from './faults.js';
import type { Findings } from './verify.js';

/** The report of a verification, also as JSON. */
export interface Report {
  readonly equal: boolean;
  readonly log: string;
  readonly records: number;
  readonly winners: number;
  readonly voids: number;
  readonly streams: number;
  /** Number of wrong winners in the log. */
  readonly faults: number;
  /** The first difference by position: in the log, or else in the tables. */
  readonly first: Fault | null;
  /** The reasons for checks that could not be made. */
  readonly unchecked: readonly string[];
  /** Developments without a takedown whose key is destroyed: the first twenty, and how many. */
  readonly lost: readonly string[];
  readonly lostCount: number;
  /** The position of the comparison, and the rows that differ. */
  readonly compared: {
    readonly build: string;
    readonly position: number;
    readonly nextOffset: number;
    readonly tables: Readonly<Record<string, { log: string; live: string; differing: number }>>;
  } | null;
  readonly signatures: SignaturesReport;
  /** How many files of pictures were read, the first twenty that are missing or damaged, and how many are. Null if they could not be read. */
  readonly files: {
    readonly checked: number;
    readonly wrong: readonly WrongFile[];
    readonly wrongCount: number;
  } | null;
  /** The result of the comparison with signed heads, if they were given. */
  readonly heads?: { readonly compared: number; readonly faults: number; readonly strange: readonly string[] };
  readonly seconds: number;
}

/** Builds the report of a verification. */
export function reportOf(
  { examined, compared, at, cut, spared, lost, files, incomparable }: Findings,
  log: string,
  seconds: number,
  certifiers?: readonly string[],
): Report {
  const { records, winners, arbitration, faults: wrong } = examined;
  // A fault in the log is reported first: differences in its stream's rows follow from it.
  const signatures = signaturesReport(examined.signatures, certifiers);
  const strangers = uncheckedSignatures(signatures);
  const first = examined.first ?? cut ?? spared ?? lostFault(lost) ?? compared?.first ?? fileFault(files) ?? null;
  const unchecked = [...uncheckedOf(examined.unchecked, incomparable), ...unreadFiles(files), ...strangers];
  return {
    equal: !first && unchecked.length === 0,
    log,
    records,
    winners,
    voids: records - winners,
    streams: arbitration.heads.size,
    faults: wrong,
    first,
    unchecked,
    lost: lost.slice(0, mostLostNamed).map(({ development }) => development),
    lostCount: lost.length,
    signatures,
    files:
      'unchecked' in files
        ? null
        : { ...files, wrong: files.wrong.slice(0, mostFilesPrinted), wrongCount: files.wrong.length },
    compared: at && compared ? { ...at, tables: tablesOf(compared) } : null,
    seconds,
  };
}

const mostLostNamed = 20;
/** Maximum number of files that are named in a report. */
export const mostFilesPrinted = 20;

function fileFault(files: Findings['files']): Fault | undefined {
  const [first, ...more] = 'wrong' in files ? files.wrong : [];
  if (!first) return undefined;
  const { code, name, development, ...place } = first;
  const others = more.length > 0 ? `, and ${more.length} more files` : '';
  return { code, ...place, detail: `The file ${name} of development ${development}${others}.`, row: null };
}

const unreadFiles = (files: Findings['files']): string[] => ('unchecked' in files ? [files.unchecked] : []);

function lostFault([first, ...more]: Findings['lost']): Fault | undefined {
  if (!first) return undefined;
  const { development, ...place } = first;
  const detail = `The key of ${development}${more.length > 0 ? `, and of ${more.length} more` : ''}.`;
  return { code: 'key-lost', ...place, detail, row: null };
}

/** 0: all is equal; 1: a difference was found; 2: a check could not be made. */
export const exitCodeOf = ({ equal, first }: Report): number => (first ? 1 : equal ? 0 : 2);

function uncheckedOf(winner: Findings['examined']['unchecked'], incomparable: string | undefined): string[] {
  const unread =
    winner && `Position ${winner.position} of ${winner.stream} cannot be read by this version: ${winner.why}`;
  return [unread, incomparable].filter(why => why !== undefined);
}

function tablesOf({ hashes: { log, live }, differing }: NonNullable<Findings['compared']>) {
  const one = (table: string) => ({ log: log[table]!, live: live[table]!, differing: differing[table] ?? 0 });
  return Object.fromEntries(Object.keys(log).map(table => [table, one(table)]));
}

const longest = 300;
const short = (value: unknown) => {
  const text = JSON.stringify(value) ?? 'nothing';
  return text.length > longest ? `${text.slice(0, longest).toWellFormed()} ...` : text;
};

/** The report as lines for a person. */
export function lines(report: Report): string[] {
  const { log, records, winners, voids, streams, first, faults: wrong, unchecked, compared, seconds } = report;
  const tables = Object.entries(compared?.tables ?? {});
  return [
    `${log}: ${records} records, ${winners} commits that won, ${voids} void, ${streams} streams, in ${seconds.toFixed(1)} s`,
    ...(compared ? [`compared with ${compared.build} at position ${compared.position}`] : []),
    ...tables.map(([table, { live, differing }]) => `  ${table.padEnd(16)} ${tableSays(live, differing)}`),
    ...(wrong > 1 ? [`${wrong} commits have faults; the first:`] : []),
    ...signatureLines(report.signatures),
    ...(report.heads ? headLines(report.heads) : []),
    ...(first ? faultLines(first) : []),
    ...report.lost.map(development => `LOST: the key of development ${development}.`),
    ...(report.lostCount > report.lost.length ? [`and ${report.lostCount - report.lost.length} more`] : []),
    ...fileLines(report.files),
    ...unchecked.map(why => `NOT CHECKED: ${why}`),
    ...(report.equal ? ['EQUAL: the log is whole, and the tables agree with it.'] : []),
  ];
}

function fileLines(files: Report['files']): string[] {
  if (!files || files.checked === 0) return [];
  const { checked, wrong, wrongCount } = files;
  return [
    `${checked} files of pictures read, ${wrongCount} missing or damaged`,
    ...wrong.map(
      ({ code, name, position }) => `${code === 'file-missing' ? 'MISSING' : 'DAMAGED'}: ${name}, position ${position}`,
    ),
    ...(wrongCount > wrong.length ? [`and ${wrongCount - wrong.length} more`] : []),
  ];
}

const tableSays = (hash: string, differing: number) => (differing ? `DIFFERS in ${differing} rows` : `equal  ${hash}`);

const headLines = ({ compared, faults: wrong, strange }: NonNullable<Report['heads']>) => [
  `${compared} signed heads compared, ${wrong} contradicted`,
  ...strange.map(line => `STRANGE: ${line}`),
];

const faultLines = (fault: Fault) => [`DIFFERENT: ${faults[fault.code]} ${fault.detail}`, ...differenceLines(fault)];

/** A fault's place, and the values in the log and in the table. */
export function differenceLines({ stream, seq, position, row }: Fault): string[] {
  return [
    `  stream    ${stream ?? 'unknown'}, commit ${seq ?? 'unknown'}`,
    `  position  ${position ?? 'unknown'}`,
    ...(row
      ? [
          `  row       ${row.table} ${JSON.stringify(row.key)}${row.column ? `, column ${row.column}` : ''}`,
          `  the log   ${short(row.log)}`,
          `  the table ${short(row.live)}`,
        ]
      : []),
  ];
}
