import { expect, test } from '@jest/globals';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Chains } from './chains.js';
import { Resending } from './resending.js';

/** Resends records that are in doubt until so many copies were sent. */
function resending(enough: number, isReadable = () => true) {
  const seen: string[] = [];
  const chains = {
    get isInDoubt() {
      return seen.filter(what => what === 'copies').length < enough;
    },
    doubtCopies: () => void seen.push('doubt'),
  } as unknown as Chains;
  const sender = {
    caughtUp: async () => (seen.push('read'), isReadable()),
    chainsNow: () => chains,
    sendCopies: () => void seen.push('copies'),
  };
  return { seen, resending: new Resending(sender, 1) };
}

test('copies are sent once the log was read, then doubted and sent again until no record is in doubt', async () => {
  const { seen, resending: one } = resending(3);
  const first = one.begin('s');
  expect([one.begin('s') === first, one.isBusy]).toEqual([true, true]);
  await first;
  expect(seen).toEqual(['read', 'copies']);
  while (one.isBusy) await sleep(1);
  expect(seen).toEqual(['read', 'copies', 'doubt', 'read', 'copies', 'doubt', 'read', 'copies']);
});

test('nothing is sent while the log cannot be read', async () => {
  let reads = 0;
  const { seen, resending: one } = resending(1, () => ++reads > 2);
  await one.begin('s');
  while (one.isBusy) await sleep(1);
  expect(seen).toEqual(['read', 'doubt', 'read', 'doubt', 'read', 'copies']);
});

test('it stops when told that no record is in doubt, starts again for the next one, and never after it was closed', async () => {
  const { seen, resending: one } = resending(Infinity);
  await one.begin('s');
  one.end('s');
  const { length } = seen;
  await sleep(20);
  expect([one.isBusy, seen.length]).toEqual([false, length]);
  await one.begin('s');
  expect(seen.at(-1)).toBe('copies');
  one.close();
  await one.begin('s');
  expect(one.isBusy).toBe(false);
});
