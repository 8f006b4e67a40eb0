import { isInternal, type Commit, type OpenCommit, type OpenEvent } from '#domain';
import { open, developmentsWithPayload, type KeyStore, type Keys } from '#keys';
import { readableInSteps } from '../folds/fold-all.js';
import type { ShownCommit } from '../folds/fold.js';
import { finish, type Steps } from '../folds/steps.js';

/** As if every key were gone: an outline says enough to draw the curtain by. */
const noKeys: Pick<Keys, 'get'> = { get: () => ({ destroyed: new Date(0).toISOString() }) };

/**
 * All commits of some streams, from the first, as readers may learn of them. The curtain is drawn first, by what the log says in
 * the clear, and only what it shows is opened: nothing of an embargo is, nor is its key asked for. `run` takes the steps of what
 * computes, all at once where it is not given. Rejects with a KeyStoreError.
 */
export async function openReadable(
  store: Pick<KeyStore, 'keysOf'>,
  commits: readonly Commit[],
  run: <T>(steps: Steps<T>) => Promise<T> = async steps => finish(steps),
): Promise<ShownCommit[]> {
  const closed = await run(openedInSteps(commits, noKeys));
  const isShown = shownIn(await run(readableInSteps(closed)));
  const parts = commits.map((commit, at) => ({
    ...commit,
    events: commit.events.filter((_, i) => isShown(closed[at]!.events[i]!)),
  }));
  const keys = await store.keysOf(developmentsWithPayload(parts.flatMap(({ events }) => events)));
  const told = await run(openedInSteps(parts, keys));
  return run(readableInSteps(closed.map((commit, at) => merged(commit, told[at]!, isShown))));
}

function* openedInSteps(commits: readonly Commit[], keys: Pick<Keys, 'get'>): Steps<OpenCommit[]> {
  const all: OpenCommit[] = [];
  for (const commit of commits) {
    const opening = open(commit, keys);
    if (!('commit' in opening)) throw opening.because;
    all.push(opening.commit);
    yield;
  }
  return all;
}

/** What readers may learn of: the events themselves, and those that a lift shows the outcome of. */
function shownIn(shown: readonly ShownCommit[]): (event: OpenEvent) => boolean {
  const events = shown.flatMap(commit => commit.events);
  const seen = new Set<unknown>(events);
  const lifted = new Set(events.flatMap(({ type, data }) => (type === 'EmbargoLifted' ? [data.development] : [])));
  const isLifted = ({ data }: OpenEvent) => 'development' in data && lifted.has(data.development ?? '');
  const behind = shown.flatMap(({ withheld }) => withheld).filter(event => !isInternal(event) && isLifted(event));
  for (const event of behind) seen.add(event);
  return event => seen.has(event);
}

/** In the order of the commit: the opened ones in their places, the others as they were. */
function merged(commit: OpenCommit, told: OpenCommit, isShown: (event: OpenEvent) => boolean): OpenCommit {
  let next = 0;
  return { ...commit, events: commit.events.map(event => (isShown(event) ? told.events[next++]! : event)) };
}
