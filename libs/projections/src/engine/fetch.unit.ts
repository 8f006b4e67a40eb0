import type { LogReader, LogRecord } from '#event-log';
import { describe, expect, test } from '@jest/globals';
import { setTimeout as sleep } from 'node:timers/promises';
import { batchBytes } from './batches.js';
import { fetchFrom } from './fetch.js';
import { unbegun } from '../folds/given.fixture.js';

const record = (offset: number, bytes = 1): LogRecord => ({ offset, headers: {}, value: new Uint8Array(bytes) });
const records = (count: number, bytes?: number) => Array.from({ length: count }, (_, offset) => record(offset, bytes));

/** A log that hands over its records `chunk` at a time and ends as `end` does. */
const logOf = (held: readonly LogRecord[], chunk: number, end = async (_stop: AbortSignal) => {}): LogReader => ({
  bounds: async () => ({ first: 0, next: held.length }),
  close: async () => {},
  read: async (from, onBatch, signal) => {
    for (let at = from; at < held.length && !signal.aborted; at += chunk) await onBatch(held.slice(at, at + chunk));
    await end(signal);
  },
});

const quiet = new AbortController().signal;
const fetch = (
  reader: LogReader,
  size: number,
  onBatch: (found: readonly LogRecord[]) => Promise<void>,
  stop = quiet,
) => fetchFrom(reader, unbegun.checkpoint, size, onBatch, stop);

async function batchesOf(reader: LogReader, size: number): Promise<LogRecord[][]> {
  const batches: LogRecord[][] = [];
  await fetch(reader, size, async found => {
    batches.push([...found]);
    await sleep(2);
  });
  return batches;
}

describe('fetchFrom', () => {
  test.each([499, 500, 501, 1_000, 2_500])(
    'batches have up to %i records when records come 500 at a time',
    async size => {
      const held = records(2_600);
      const batches = await batchesOf(logOf(held, 500), size);
      expect(batches.flat()).toEqual(held);
      expect(Math.max(...batches.map(({ length }) => length))).toBe(size);
    },
  );

  test('batches have one record when the size is 1', async () =>
    expect((await batchesOf(logOf(records(7), 5), 1)).map(({ length }) => length)).toEqual([1, 1, 1, 1, 1, 1, 1]));

  test('a record is applied at once, without waiting for a full batch', async () => {
    const stop = new AbortController();
    const reader = logOf(records(3), 1, signal => new Promise(done => signal.addEventListener('abort', () => done())));
    const applied: number[] = [];
    const ended = fetch(reader, 1_000, async found => void applied.push(...found.map(r => r.offset)), stop.signal);
    await sleep(20);
    expect(applied).toEqual([0, 1, 2]);
    stop.abort();
    await ended;
  });

  test('a batch ends before its values exceed the byte limit, unless a single value exceeds it', async () => {
    const sizes = async (bytes: number) =>
      (await batchesOf(logOf(records(4, bytes), 4), 4)).map(({ length }) => length);
    expect(await sizes(batchBytes / 2)).toEqual([2, 2]);
    expect(await sizes(batchBytes / 2 + 1)).toEqual([1, 1, 1, 1]);
    expect(await sizes(batchBytes + 1)).toEqual([1, 1, 1, 1]);
  });

  test('reading stays at most one batch ahead of the batch that is being applied', async () => {
    let [read, applied] = [0, 0];
    const source = logOf(records(1_000), 10);
    const reader: LogReader = {
      ...source,
      read: (from, onBatch, signal) =>
        source.read(from, found => ((read = found.at(-1)!.offset + 1), onBatch(found)), signal),
    };
    await fetch(reader, 50, async found => {
      await sleep(1);
      expect(read - applied).toBeLessThanOrEqual(50 + 50 + 10);
      applied += found.length;
    });
    expect(applied).toBe(1_000);
  });

  test('a failed batch ends fetchFrom with its error, and nothing after it is applied', async () => {
    const applied: number[] = [];
    const failing = fetch(logOf(records(100), 3), 10, async found => {
      if (found.some(({ offset }) => offset === 20)) throw new Error('no');
      applied.push(...found.map(({ offset }) => offset));
    });
    await expect(failing).rejects.toThrow('no');
    await sleep(20);
    expect(applied).toEqual(records(applied.length).map(({ offset }) => offset));
    expect(applied.length).toBeLessThanOrEqual(20);
  });

  test('records that came before a failed read are applied, and then fetchFrom fails with its error', async () => {
    const applied: number[] = [];
    const failing = fetch(
      logOf(records(5), 5, async () => Promise.reject(new Error('a gap'))),
      2,
      async found => {
        await sleep(2);
        applied.push(...found.map(({ offset }) => offset));
      },
    );
    await expect(failing).rejects.toThrow('a gap');
    expect(applied).toEqual([0, 1, 2, 3, 4]);
  });

  test('a stop during a batch waits for that batch and starts no other', async () => {
    const stop = new AbortController();
    const applied: number[] = [];
    await fetch(
      logOf(records(10), 2),
      2,
      async found => {
        stop.abort();
        await sleep(10);
        applied.push(...found.map(({ offset }) => offset));
      },
      stop.signal,
    );
    expect(applied).toEqual([0, 1]);
  });
});
