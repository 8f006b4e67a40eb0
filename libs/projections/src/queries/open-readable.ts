import { isInternal, type Commit, type OpenCommit, type OpenEvent } from '#domain';
import { open, developmentsWithPayload, type KeyStore, type Keys } from '#keys';
import { finish, readableInSteps, type Steps } from '../folds/fold-all.js';
import type { ShownCommit } from '../folds/fold.js';

/** No keys at all: the embargo filter needs only outlines. */
const noKeys: Pick<Keys, 'get'> = { get: () => ({ destroyed: new Date(0).toISOString() }) };

/**
 * All commits of some streams, from the first, as readers may see them. Applies the embargo filter first, to the fields in the clear,
 * and opens only what it shows: payloads under embargo stay sealed, and their keys are not requested. `run` executes the steps of the
 * computation; by default all at once. Rejects with a KeyStoreError.
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
  const opened = await run(openedInSteps(parts, keys));
  return run(readableInSteps(closed.map((commit, at) => merged(commit, opened[at]!, isShown))));
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

/** The events that readers may see: shown ones, and those whose outcome a lift shows. */
function shownIn(shown: readonly ShownCommit[]): (event: OpenEvent) => boolean {
  const events = shown.flatMap(commit => commit.events);
  const seen = new Set<unknown>(events);
  const lifted = new Set(events.flatMap(({ type, data }) => (type === 'EmbargoLifted' ? [data.development] : [])));
  const isLifted = ({ data }: OpenEvent) => 'development' in data && lifted.has(data.development ?? '');
  const behind = shown.flatMap(({ withheld }) => withheld).filter(event => !isInternal(event) && isLifted(event));
  for (const event of behind) seen.add(event);
  return event => seen.has(event);
}

/** In the order of the commit: opened events in their places, the others unchanged. */
function merged(commit: OpenCommit, opened: OpenCommit, isShown: (event: OpenEvent) => boolean): OpenCommit {
  let next = 0;
  return { ...commit, events: commit.events.map(event => (isShown(event) ? opened.events[next++]! : event)) };
}
