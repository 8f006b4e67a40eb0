import { setTimeout as sleep } from 'node:timers/promises';
import { foreseen } from './follower.js';
import { patienceMs } from './sender.js';
import type { Slot } from './slot.js';

// What readers get of the stories of a storm, page by page.

const browseEveryMs = 1_000;
/** Statuses that faults explain, and that of a story which is not there yet. */
const passing: readonly number[] = [404, ...foreseen];
/** So many different wrong answers are kept. */
const mostOdd = 100;

/** A development, as readers get it, as far as it is compared. */
interface Entry {
  readonly id: string;
  readonly bodyHtml?: string | null | undefined;
}
interface Page {
  readonly position: number;
  readonly entries: readonly Entry[];
  readonly next: string | null;
}
/** A post of a writer, with its answer. */
interface Posted {
  readonly key: string;
  readonly story: string;
  readonly body: object;
  readonly answer?: { readonly position: number; readonly development: string };
}

export const timelineOf = (story: string) => `/stories/${story}/timeline`;

const bodyOf = (posted: object) => (posted as { readonly content?: { readonly body?: string } }).content?.body;

/** The body that readers must get of each development of a story. */
export function bodiesDue(posts: readonly Posted[], secret: ReadonlySet<string>, story: string): Map<string, string> {
  const due = new Map<string, string>();
  for (const { key, story: of, body: posted, answer } of posts) {
    const body = bodyOf(posted);
    if (of === story && answer && body !== undefined && !secret.has(key)) due.set(answer.development, body);
  }
  return due;
}

/** The keys of the posts whose body names its own key, by position. */
export const keysByPosition = (posts: readonly Posted[]): Map<number, string> =>
  new Map(
    posts.flatMap(({ key, body, answer }) => (answer && bodyOf(body)?.includes(key) ? [[answer.position, key]] : [])),
  );

/** A reader's request. Undefined if there is no good answer now. A status that no fault explains is added to `odd`. */
export async function asReader<Body>(
  url: string | undefined,
  path: string,
  odd: Set<string>,
  signal = AbortSignal.timeout(patienceMs),
): Promise<Body | undefined> {
  if (!url) return undefined;
  try {
    const response = await fetch(new URL(path, url), { signal });
    const text = await response.text();
    if (response.status === 200) return JSON.parse(text) as Body;
    if (!passing.includes(response.status) && odd.size < mostOdd)
      odd.add(`a reader was answered ${response.status}: ${response.url}`);
  } catch {
    // The connection or the process ended, or nothing came in time.
  }
  return undefined;
}

/** A reader who loads the first page of a story again and again, so that the reader-apis keep it, until `signal`. */
export async function browse(
  readerUrl: () => string | undefined,
  story: () => string,
  odd: Set<string>,
  signal: AbortSignal,
): Promise<void> {
  for (; !signal.aborted; await sleep(browseEveryMs, undefined, { signal }).catch(() => undefined))
    await asReader(readerUrl(), timelineOf(story()), odd);
}

/** What is wrong with the entries of a timeline: each development that is due must be there once, with its body. */
export function wrongEntries(entries: readonly Entry[], due: ReadonlyMap<string, string>): string[] {
  const shown = Map.groupBy(entries, ({ id }) => id);
  const wrong = {
    lacks: [...due.keys()].filter(id => !shown.has(id)),
    'has more than once': [...shown].filter(([, { length }]) => length > 1).map(([id]) => id),
    'must not have': [...shown.keys()].filter(id => !due.has(id)),
    'has with another body': entries
      .filter(({ id, bodyHtml }) => due.has(id) && !bodyHtml?.includes(due.get(id)!))
      .map(({ id }) => id),
  };
  return Object.entries(wrong).flatMap(([what, ids]) =>
    ids.length > 0 ? [`it ${what}: ${ids.length} of ${due.size} entries, first ${ids[0]}`] : [],
  );
}

/** Reads the whole timeline of a story from each reader-api, and returns what is wrong with it. */
export async function wrongTimelines(
  slots: readonly Slot[],
  story: string,
  due: ReadonlyMap<string, string>,
  odd: Set<string>,
  pageWithinMs: number,
): Promise<string[]> {
  const read = async (slot: Slot, number: number) => {
    const entries = await entriesOf(slot, story, 2 * due.size + 1_000, odd, pageWithinMs);
    const wrong = entries ? wrongEntries(entries, due) : [`a page did not come within ${pageWithinMs} ms`];
    return wrong.map(why => `the timeline of ${story} from reader-api ${number + 1}: ${why}`);
  };
  return (await Promise.all(slots.map(read))).flat();
}

/** The entries of all pages, in order, but not many more than `most`. Undefined if a page did not come in time. */
async function entriesOf(slot: Slot, story: string, most: number, odd: Set<string>, pageWithinMs: number) {
  const entries: Entry[] = [];
  for (let path: string | null = timelineOf(story); path && entries.length < most;) {
    const end = performance.now() + pageWithinMs;
    let page: Page | undefined;
    while (!(page = await asReader<Page>(slot.url, path, odd)) && performance.now() < end) await sleep(200);
    if (!page) return undefined;
    for (const { id, bodyHtml } of page.entries) entries.push({ id, bodyHtml });
    path = page.entries.length > 0 ? page.next : null;
  }
  return entries;
}
