import type { Capture } from '#domain';
import { buildTables, projections, type Projection } from '#projections';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { RawRecord } from './raw-record.js';

const here = join('test', 'frozen');

/** A log written by an earlier version, with that version's results. */
export interface Frozen {
  readonly name: string;
  readonly folder: string;
  readonly records: readonly RawRecord[];
  /** Each development with its secret as base64url; null if it was destroyed. */
  readonly keys: readonly { readonly development: string; readonly secret: string | null }[];
  /** The output of `verify` without hashes and names of builds. */
  readonly verdict: object;
  /** The winners, by position: one line each. */
  readonly winners: readonly string[];
  /** Heads signed while the log grew, if any. */
  readonly heads: readonly string[];
  /** The public key that certified its authors, as the text of a JWK; undefined if nobody signed in it. */
  readonly certifyingKey: string | undefined;
  /** The files in the sealed part of the blob store, if any: the bytes as base64url. */
  readonly blobs: readonly { readonly name: string; readonly bytes: string }[];
}

export function frozenLogs(): Frozen[] {
  const foldersIn = (path: string) =>
    readdirSync(path, { withFileTypes: true }).flatMap(entry => (entry.isDirectory() ? [join(path, entry.name)] : []));
  const logs = foldersIn(here).flatMap(foldersIn);
  return logs.map(folder => ({
    name: folder.slice(here.length + 1),
    folder,
    records: linesOf(join(folder, 'records.jsonl')).map(line => JSON.parse(line)),
    keys: linesOf(join(folder, 'keys.jsonl')).map(line => JSON.parse(line)),
    verdict: JSON.parse(readFileSync(join(folder, 'verify.json'), 'utf8')),
    winners: linesOf(join(folder, 'winners.jsonl')),
    heads: linesIfAny(join(folder, 'heads.jsonl')),
    certifyingKey: linesIfAny(join(folder, 'certifying-key.pub.json'))[0],
    blobs: linesIfAny(join(folder, 'blobs.jsonl')).map(line => JSON.parse(line)),
  }));
}

export function linesOf(file: string): string[] {
  const text = readFileSync(file, 'utf8');
  return text === '' ? [] : text.replace(/\n$/, '').split('\n');
}

const linesIfAny = (file: string) => (existsSync(file) ? linesOf(file) : []);

export const linesFile = (lines: readonly string[]) => lines.map(line => `${line}\n`).join('');

/** The projection versions of the stored rows, and the reason if they are not those of the freeze. */
interface Made {
  readonly versions: Readonly<Record<string, number>>;
  readonly changes: readonly string[];
}

export const versionsNow = (): Made['versions'] =>
  Object.fromEntries(projections.map(({ name, version }) => [name, version]));
const tablesOf = ({ tables }: Projection) => Object.keys(tables);

/** Tables whose projection still has the version of the stored rows, and tables with another version. */
export function tablesBy({ folder }: Frozen): { kept: string[]; changed: string[] } {
  const { versions } = madeOf(folder);
  const same = projections.filter(({ name, version }) => versions[name] === version).flatMap(tablesOf);
  const changed = projections.filter(({ name, version }) => versions[name] !== version).flatMap(tablesOf);
  return { kept: [...same, ...Object.keys(buildTables)], changed };
}

const madeOf = (folder: string): Made => JSON.parse(readFileSync(join(folder, 'rows', 'made.json'), 'utf8'));
export const rowsKept = ({ folder }: Pick<Frozen, 'folder'>, table: string) =>
  linesOf(join(folder, 'rows', `${table}.jsonl`));

/** What a post can show. */
const shown: Readonly<Record<string, (kept: string, captures: readonly Capture[]) => boolean>> = {
  'a picture': kept => kept.includes('"original":'),
  'a video': kept => kept.includes('"type":"video/'),
  'a sound': kept => kept.includes('"type":"audio/'),
  captions: kept => kept.includes('"type":"text/vtt"'),
  'a linked page': (_, captures) => captures.length > 0,
  'the picture of a linked page': (_, captures) => captures.some(({ picture }) => picture !== undefined),
};

/** What no post of this log shows. */
export function lacking(frozen: Pick<Frozen, 'folder'>): string[] {
  const kept = rowsKept(frozen, 'picture').join();
  const captures = rowsKept(frozen, 'timeline').flatMap(row => (JSON.parse(row).captures ?? []) as Capture[]);
  return Object.keys(shown).filter(what => !shown[what]!(kept, captures));
}

/** Stores new rows of these tables, with the reason. */
export function keepRows({ folder }: Pick<Frozen, 'folder'>, rows: Record<string, readonly string[]>, why?: string) {
  for (const [table, held] of Object.entries(rows))
    writeFileSync(join(folder, 'rows', `${table}.jsonl`), linesFile(held));
  const made = join(folder, 'rows', 'made.json');
  const changes = existsSync(made) ? madeOf(folder).changes : [];
  const text = { versions: versionsNow(), changes: why ? [...changes, why] : changes };
  writeFileSync(made, `${JSON.stringify(text, null, 2)}\n`);
}
