import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { audit, lastLine, type Ran } from '../harness/audit.js';
import type { TestNewsroom } from '../harness/newsroom.js';
import { tablesWith } from '../harness/tables.js';
import { foldedInPython, python } from '../independent/run-python.js';
import { canary, type Follower } from './follower.js';
import { patienceMs } from './sender.js';
import type { Slot } from './slot.js';

// What must hold after a storm, of what readers have and of the log. Each check returns what is wrong.

/** What readers see is back this long after the last fault. On a busy machine processes take longer to start than to read. */
export const backWithinMs = 120_000;

/** What `verify --json` prints, as far as it is compared. */
interface Verified {
  readonly compared: { readonly tables: { readonly timeline: { readonly log: string; readonly live: string } } };
  /** Of pictures: a missing or damaged one makes `verify` fail. */
  readonly files: { readonly checked: number } | null;
}
const tailOf = ({ out, err }: Ran) => (err + out).slice(-500);

/** Waits until each reader-api shows the story at this position, and returns which do not within the time. */
export async function wrongReaders(
  slots: readonly Slot[],
  story: string,
  position: number,
  withinMs = backWithinMs,
): Promise<string[]> {
  const end = performance.now() + withinMs;
  const wrong: string[] = [];
  for (const { url } of slots) {
    const at = async () => {
      const response = await fetch(new URL(`/stories/${story}`, url), {
        signal: AbortSignal.timeout(patienceMs),
      }).catch(() => undefined);
      return response?.ok ? ((await response.json()) as { readonly position: number }).position : 0;
    };
    let seen = await at();
    for (; seen < position && performance.now() < end; seen = await at()) await sleep(100);
    if (seen < position) wrong.push(`readers see position ${seen} of ${position} in ${story}`);
  }
  return wrong;
}

/** Waits until every follower has all changes, and returns what they missed or got twice. */
export async function wrongStreams(followers: readonly Follower[], changes: readonly number[]): Promise<string[]> {
  const end = performance.now() + backWithinMs;
  const last = changes.at(-1)!;
  // One that came late began after all changes.
  const isBack = () => followers.every(({ positions, from = 0 }) => (positions.at(-1) ?? from) >= last);
  while (!isBack() && performance.now() < end) await sleep(100);
  return followers.flatMap(follower => follower.wrongAgainst(changes));
}

/** The tables in which readers can read what is under embargo. What was posted must be found in some, so that this looks where it is. */
export async function wrongTables(newsroom: TestNewsroom): Promise<string[]> {
  const { DATABASE_URL } = newsroom.envOf('reader-api');
  const told = await tablesWith(canary, DATABASE_URL!);
  const found = await tablesWith('The wind turns', DATABASE_URL!);
  return [
    ...told.map(name => `readers can read what is under embargo in ${name}`),
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
