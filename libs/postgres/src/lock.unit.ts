import { describe, expect, test } from '@jest/globals';
import { setTimeout as sleep } from 'node:timers/promises';
import { whileHeld } from './lock.js';

const broken = new Error('The connection broke. Run it again.');

/** A lock that can be lost, and that counts how often it was released. */
function stub() {
  const { promise: lost, resolve: lose } = Promise.withResolvers<void>();
  const lock = { lost, lose, released: 0, release: async () => void lock.released++ };
  return lock;
}

/** Waits until the signal ends it, as most work does: with an error that does not say why. */
const waiting = (signal: AbortSignal) => sleep(10_000, undefined, { signal });

describe('work that needs locks', () => {
  test('its result is given once all locks are released', async () => {
    const locks = [stub(), stub()];
    expect(await whileHeld(locks, broken, new AbortController().signal, async () => 'done')).toBe('done');
    expect(locks.map(({ released }) => released)).toEqual([1, 1]);
  });

  test('it ends when any of the locks is lost, and says what to do', async () => {
    const locks = [stub(), stub()];
    const ended = whileHeld(locks, broken, new AbortController().signal, waiting);
    locks[1]!.lose();
    await expect(ended).rejects.toBe(broken);
    expect(locks.map(({ released }) => released)).toEqual([1, 1]);
  });

  test('its own error stays, as does an interruption, even if a lock is lost afterwards', async () => {
    const lock = stub();
    const failed = new Error('The disk is full.');
    await expect(whileHeld([lock], broken, new AbortController().signal, () => Promise.reject(failed))).rejects.toBe(
      failed,
    );
    const stop = new AbortController();
    const ended = whileHeld([lock], broken, stop.signal, async signal => {
      await waiting(signal).catch(() => lock.lose());
      signal.throwIfAborted();
    });
    stop.abort();
    await expect(ended).rejects.toBe(stop.signal.reason);
  });
});
