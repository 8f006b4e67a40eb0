import { LogTree, readCommitLine } from '#bundle';
import { canonicalJson } from '#domain';
import type { LogReader } from '#event-log';
import type { Client, Pool } from '#postgres';
import { allBuilds, lastVisibility, onlyBeyond, readVisibility, type VisibilityEntry } from '#projections';
import { linesOf } from '../files.js';
import { winnersOf } from '../winners.js';

/** The target of a restore is not empty. Nothing was changed. */
export class RestoreRefused extends Error {}

/** The lock of commands that restore into a log, or delete files because it does not name them. */
export const restoreLock = (topic: string) => `dateline restore ${topic}`;

/** Rejects if the database's tables hold the projection of any log. `advice`: what to do then. */
export async function checkTables(
  pool: Pool | Client,
  advice = 'Name an empty database in DATABASE_URL.',
): Promise<void> {
  const [furthest] = (await allBuilds(pool)).sort((a, b) => b.position - a.position);
  if (furthest && furthest.position > 0)
    throw new RestoreRefused(
      `Postgres already holds the build ${furthest.name}, up to position ${furthest.position}. ${advice}`,
    );
  const shown = await lastVisibility(pool);
  if (shown)
    throw new RestoreRefused(`Postgres already holds the visibility of positions up to ${shown.last}. ${advice}`);
}

/** The current contents of a log. */
export interface LogState {
  readonly records: number;
  readonly tree: LogTree;
}

/** Reads the current contents of a log. */
export async function logStateOf(reader: LogReader, signal: AbortSignal): Promise<LogState> {
  const { next } = await reader.bounds();
  const tree = new LogTree();
  for await (const { winners } of winnersOf(reader, next, signal))
    for (const { position, record } of winners) tree.append({ ...record, position });
  return { records: next, tree };
}

/**
 * Rejects unless the log is empty or, for a continued restore, holds only the bundle's first commits. Void records are
 * ignored: a log with only void records is empty.
 */
export async function checkLog(
  folder: string,
  topic: string,
  { records, tree }: LogState,
  resume: boolean,
): Promise<void> {
  if (tree.size === 0) return;
  const holds = `${topic} holds ${records} records, ${tree.size} commits of the log ${tree.log}`;
  const first = await firstCommits(folder, tree.size);
  const ours = first.size === tree.size && first.root() === tree.root();
  if (!ours) throw new RestoreRefused(`${holds}, which differ from the bundle's. Name an empty topic in LOG_TOPIC.`);
  if (!resume)
    throw new RestoreRefused(
      `${holds}: the first ones of the bundle. If a restore was interrupted, continue it with --resume.`,
    );
}

async function firstCommits(folder: string, count: number): Promise<LogTree> {
  const tree = new LogTree();
  for await (const line of linesOf(folder, 'commits.jsonl')) {
    if (tree.size === count) break;
    tree.append(readCommitLine(line)!);
  }
  return tree;
}

/**
 * The bundle's entries that the visibility log's topic lacks. Rejects if the topic has others, or has any and the restore is
 * not a continued one.
 */
export async function missingEntries(
  folder: string,
  topic: string,
  reader: LogReader,
  resume: boolean,
  signal: AbortSignal,
): Promise<VisibilityEntry[]> {
  const due: VisibilityEntry[] = [];
  for await (const line of linesOf(folder, 'visibility.jsonl')) due.push(JSON.parse(line));
  const held = onlyBeyond(await readVisibility(reader, signal));
  if (held.some((entry, i) => canonicalJson(entry) !== canonicalJson(due[i] ?? null)))
    throw new RestoreRefused(`${topic} holds entries that differ from the bundle's. Name an empty topic in LOG_TOPIC.`);
  if (held.length > 0 && !resume)
    throw new RestoreRefused(
      `${topic} already holds ${held.length} entries. Continue with --resume, or name an empty topic.`,
    );
  return due.slice(held.length);
}
