import type { Steps } from '#projections';
import { setImmediate as nextTurn } from 'node:timers/promises';

/** How long one slice of work may block the event loop, in milliseconds. */
const sliceMs = 2;

let last: Promise<unknown> = Promise.resolve();
/** Resolves in a turn of the event loop that no other computation uses, so that requests are answered between two slices. */
const ownTurn = () => (last = last.then(() => nextTurn()));

/** Runs a computation to its end; requests are answered between its slices. */
export async function inSlices<T>(steps: Steps<T>): Promise<T> {
  for (;;) {
    const end = performance.now() + sliceMs;
    do {
      const { done, value } = steps.next();
      if (done) return value;
    } while (performance.now() < end);
    await ownTurn();
  }
}

/** As `map`, in slices. */
export const mapInSlices = <Item, Result>(
  items: readonly Item[],
  each: (item: Item, index: number) => Result,
): Promise<Result[]> => inSlices(mapping(items, each));

function* mapping<Item, Result>(items: readonly Item[], each: (item: Item, index: number) => Result): Steps<Result[]> {
  const results: Result[] = [];
  for (const [index, item] of items.entries()) {
    results.push(each(item, index));
    yield;
  }
  return results;
}
