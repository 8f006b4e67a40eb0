import { pathTo, patienceMs } from '#client';
import { links } from '../links.js';
import { recordedText, type Times } from '../occurred.js';

// What changed since this browser last showed the story. Only the browser knows: nothing of it is sent or kept elsewhere.

const name = 'dateline.seen';
/** The most stories of which the browser keeps where the reader was. */
export const mostKept = 50;

/** Where a reader was: the position that the page showed, and when. */
interface Seen {
  readonly position: number;
  readonly at: string;
}

/** A changed update, as the API's brief difference gives it. */
export interface Changed {
  readonly id: string;
  readonly isNew: boolean;
  readonly acts: readonly string[];
}

/** A key point that differs, as the API's difference gives it. */
export interface ChangedPoint {
  readonly how: string;
}

type Kept = Readonly<Record<string, Seen>>;

/** The storage of this browser; undefined where it is denied. */
export function storage(): Storage | undefined {
  try {
    return globalThis.localStorage;
  } catch {
    return undefined;
  }
}

function keptIn(stored: Pick<Storage, 'getItem'> | undefined): Kept {
  try {
    const kept = JSON.parse(stored?.getItem(name) ?? '') as Kept | null;
    return typeof kept === 'object' && kept ? kept : {};
  } catch {
    return {};
  }
}

/** Where the reader was in a story; undefined at the first visit. */
export const seenIn = (stored: Pick<Storage, 'getItem'> | undefined, story: string): Seen | undefined => {
  const kept = keptIn(stored);
  return Object.hasOwn(kept, story) ? kept[story] : undefined;
};

/** Keeps where the reader is, for the stories that were read last. A browser that stores nothing keeps nothing. */
export function keepSeen(stored: Pick<Storage, 'getItem' | 'setItem'> | undefined, story: string, seen: Seen): void {
  const { [story]: _, ...others } = keptIn(stored);
  const latest = Object.entries(others).slice(1 - mostKept);
  try {
    stored?.setItem(name, JSON.stringify(Object.fromEntries([...latest, [story, seen]])));
  } catch {
    // The storage is full or denied: the next visit is like a first one.
  }
}

const changes = {
  new: ({ isNew }: Changed) => isNew,
  corrected: ({ isNew, acts }: Changed) => !isNew && acts.includes('DevelopmentCorrected'),
  retracted: ({ isNew, acts }: Changed) => !isNew && acts.includes('DevelopmentRetracted'),
  removed: ({ isNew, acts }: Changed) => !isNew && acts.includes('ContentShredded'),
};

/** The ids of what is new, corrected, retracted or taken down, in story order; groups without any are left out. */
export const grouped = (changed: readonly Changed[]): [keyof typeof changes, string[]][] =>
  (Object.keys(changes) as (keyof typeof changes)[])
    .map((group): [keyof typeof changes, string[]] => [group, changed.filter(changes[group]).map(({ id }) => id)])
    .filter(([, ids]) => ids.length > 0);

/** How many key points of the list changed in what they say, or were struck or taken down. */
export const pointsChanged = (points: readonly ChangedPoint[]): number =>
  points.filter(({ how }) => how !== 'cited' && how !== 'gone').length;

interface Answer {
  readonly changed: readonly Changed[];
  readonly differingPoints: readonly ChangedPoint[];
  readonly next: string | null;
}

function button(text: string, onclick: () => void): HTMLButtonElement {
  return Object.assign(document.createElement('button'), {
    type: 'button',
    className: 'button-quiet',
    textContent: text,
    onclick,
  });
}

/** Shows what changed since the reader was here. `goTo` moves to an update that the page shows, and returns whether it does. */
export async function showSince(
  story: string,
  seen: Seen | undefined,
  times: Times,
  goTo: (anchor: string) => boolean,
): Promise<void> {
  if (!seen) return;
  const signal = AbortSignal.timeout(patienceMs);
  const answer = await fetch(`${pathTo('stories', story, 'changes')}?from=${seen.position}&brief=true`, { signal });
  if (!answer.ok) return;
  const { changed, differingPoints, next } = (await answer.json()) as Answer;
  const { words } = times;
  const buttons = grouped(changed).map(([group, ids]) => {
    let turn = 0;
    return button(words.since[group](`${ids.length}${next ? '+' : ''}`), () => {
      const id = ids[turn++ % ids.length]!;
      if (!goTo(links.anchor(id))) location.assign(links.development(story, id));
    });
  });
  const points = pointsChanged(differingPoints);
  if (points > 0) buttons.push(button(words.since.points(`${points}`), () => goTo('points')));
  if (buttons.length === 0) return;
  const when = words.since.when(recordedText(seen.at, times, new Date().toISOString()));
  document.getElementById('since')!.replaceChildren(when, ...buttons.flatMap(button => [' ', button]));
}
