import { expect, test } from '@jest/globals';
import { setTimeout as sleep } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { within } from './row.js';

const never = new AbortController().signal;

test('the time of a row ends, although garbage was collected and nobody listens', async () => {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  const signal = within(300, never);
  for (let waited = 0; !signal.aborted && waited < 2_000; waited += 100) {
    await sleep(100);
    collect();
  }
  expect(signal.aborted).toBe(true);
});

test('it ends at once when the run is interrupted, also before it began', () => {
  const interrupted = new AbortController();
  const signal = within(60_000, interrupted.signal);
  expect(signal.aborted).toBe(false);
  interrupted.abort();
  expect([signal.aborted, within(60_000, interrupted.signal).aborted]).toEqual([true, true]);
});
