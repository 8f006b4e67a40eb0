import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { audit, lastLine, type Ran } from '../harness/audit.js';
import type { TestNewsroom } from '../harness/newsroom.js';
import { withRoles } from '../harness/roles.js';
import { tablesWith } from '../harness/tables.js';
import { foldedInPython, python } from '../independent/run-python.js';
import { canary, type Follower } from './follower.js';
import type { Slot } from './slot.js';
import { asReader, timelineOf } from './timelines.js';
import type { Writers } from './writers.js';

// What must hold after a storm, of what readers have and of the log. Each check returns what is wrong.

/** What readers see is back this long after the last fault. On a busy machine processes take longer to start than to read. */
export const backWithinMs = 120_000;

/** What `verify --json` prints, as far as it is compared. */
interface Verified {
  readonly compared: { readonly tables: { readonly timeline: { readonly log: string; readonly live: string } } };
  /** Of pictures: a missing or damaged one makes `verify` fail. */
  readonly files: { readonly checked: number } | null;
}
/** Where a process is, also after it was started again. */
type Place = Pick<Slot, 'url'>;
const tailOf = ({ out, err }: Ran) => (err + out).slice(-500);

/**
 * Waits until each reader-api shows the story, and the first page of its timeline, at this position. Returns which do not within the time.
 * Answers that no fault explains are added to `odd`.
 */
export async function wrongReaders(
  places: readonly Place[],
  story: string,
  position: number,
  odd: Set<string>,
  withinMs = backWithinMs,
): Promise<string[]> {
  const end = performance.now() + withinMs;
  const wrong: string[] = [];
  for (const place of places) {
    const positionOf = async (path: string) =>
      (await asReader<{ readonly position: number }>(place.url, path, odd))?.position ?? 0;
    const at = async () => {
      const shown = await positionOf(`/stories/${story}`);
      return shown < position ? shown : positionOf(timelineOf(story));
    };
    let seen = await at();
    for (; seen < position && performance.now() < end; seen = await at()) await sleep(100);
    if (seen < position) wrong.push(`readers see position ${seen} of ${position} in ${story}`);
  }
  return wrong;
}

/** Posts to each editor-api alone. Returns which of them acknowledge nothing within the time, and which posts readers then do not see within it. */
export async function wrongEditors(
  editors: readonly Place[],
  readers: readonly Place[],
  writers: Writers,
  odd: Set<string>,
  withinMs: number,
): Promise<string[]> {
  const wrong = editors.map(async (editor, at) => {
    const { story, position, said } = await writers.postTo(() => editor.url, AbortSignal.timeout(withinMs));
    return position === undefined
      ? [`editor-api ${at + 1} acknowledged no post within ${withinMs} ms: ${said ?? 'it did not run'}`]
      : wrongReaders(readers, story, position, odd, withinMs);
  });
  return (await Promise.all(wrong)).flat();
}

/** Waits until every follower has all changes, and returns what they missed or got twice. */
export async function wrongStreams(
  followers: readonly Follower[],
  changes: readonly number[],
  keys: ReadonlyMap<number, string>,
): Promise<string[]> {
  const end = performance.now() + backWithinMs;
  const last = changes.at(-1)!;
  // One that came late began after all changes.
  const isBack = () => followers.every(({ positions, from = 0 }) => (positions.at(-1) ?? from) >= last);
  while (!isBack() && performance.now() < end) await sleep(100);
  return followers.flatMap(follower => follower.wrongAgainst(changes, keys));
}

/** The apps of which a process wrote what is under embargo, or a draft, to its output. */
export const wrongOutputs = (slots: readonly Pick<Slot, 'name' | 'outputs'>[]): string[] =>
  slots.flatMap(({ name, outputs }) =>
    outputs.some(output => output.some(line => line.includes(canary)))
      ? [`the output of ${name} has what is under embargo, or a draft`]
      : [],
  );

/** A figure for a storm with so many posts under embargo, if the database has no roles, so that nobody knows what readers may read. */
export const unsearched = (secrets: number): Record<string, number> =>
  secrets > 0 && !withRoles() ? { 'storms whose tables were not searched': 1 } : {};

/** The tables in which readers can read what is under embargo, or drafts. What was posted must be found in some, so that this looks where it is. */
export async function wrongTables(newsroom: TestNewsroom): Promise<string[]> {
  const { DATABASE_URL } = newsroom.envOf('reader-api');
  const told = await tablesWith(canary, DATABASE_URL!);
  const found = await tablesWith('The wind turns', DATABASE_URL!);
  return [
    ...told.map(name => `readers can read what is under embargo, or a draft, in ${name}`),
    ...(found.length > 0 ? [] : ['no table of readers has what was posted']),
  ];
}

/**
 * The arbiter and the fold in another language, which were written from the docs alone, must find the same winners in the records, and
 * the same timeline as the projector and as a rebuild from the log. So many pictures must be there with their small copies.
 */
export async function wrongInPython(newsroom: TestNewsroom, pictures: number): Promise<string[]> {
  const verified = await audit(newsroom, 'verify', '--json').ended;
  if (verified.code !== 0) return [`audit verify ended with ${verified.code}: ${tailOf(verified)}`];
  const folder = mkdtempSync(join(tmpdir(), 'dateline-storm-'));
  try {
    const bundle = join(folder, 'bundle');
    const exported = await audit(newsroom, 'export', '--all', '--to', bundle).ended;
    if (exported.code !== 0) return [`audit export ended with ${exported.code}: ${tailOf(exported)}`];
    const checked = python(bundle);
    const folded = foldedInPython(bundle);
    const { compared, files } = lastLine(verified) as Verified;
    const { log, live } = compared.tables.timeline;
    return [
      ...(2 * pictures > (files?.checked ?? 0)
        ? [`audit verify read ${files?.checked ?? 0} files of ${pictures} pictures`]
        : []),
      ...(checked.code === 0 ? [] : [`the arbiter in Python: ${checked.out.slice(-500)}`]),
      ...(live === folded.hash && log === folded.hash
        ? []
        : [`the timeline has the hash ${live}, rebuilt ${log}, and in Python: ${folded.out.slice(-500)}`]),
    ];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
