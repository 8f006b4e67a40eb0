import { LogError, type LogReader } from '#event-log';
import type { Pool } from '#postgres';
import { expect, test } from '@jest/globals';
import { encodeVisibility, type VisibilityEntry } from './entry.js';
import { readBackVisibility } from './topic.js';

const log = (next: number) => ({ bounds: async () => ({ first: 0, next }) });
const { signal } = new AbortController();

/** The entries that are copied into a table that holds `known`, from a topic that holds `topic`. */
async function readBack(topic: readonly (VisibilityEntry | string)[], end: number, known?: VisibilityEntry) {
  const values = topic.map(entry => (typeof entry === 'string' ? Buffer.from(entry) : encodeVisibility(entry).value));
  const records = values.map((value, offset) => ({ offset, value, headers: {} }));
  const held = known ? [known] : [];
  const query = async (text: string, [fresh]: string[] = []) => {
    if (text.startsWith('insert')) held.push(...JSON.parse(fresh!));
    return { rows: held.slice(-1) };
  };
  const reader: LogReader = {
    bounds: async () => ({ first: 0, next: records.length }),
    read: async (from, onBatch) => onBatch(records.slice(from)),
    close: async () => undefined,
  };
  await readBackVisibility({ query } as unknown as Pool, reader, log(end), signal);
  return held.slice(known ? 1 : 0);
}
const entry = (first: number, last: number, minute = 1) => ({ first, last, at: `2026-01-01T12:0${minute}:00.000Z` });

test('entries for positions that the log does not have, and records that are no entries, are ignored', async () => {
  const odd = [entry(3, 2_147_483_647), entry(3, 3_000_000_000), entry(9, 3), 'no entry'];
  expect(await readBack([entry(1, 2), ...odd, entry(3, 5, 2)], 5)).toEqual([entry(1, 2), entry(3, 5, 2)]);
});

test('the topic is read although its last record is no entry', async () => {
  expect(await readBack([entry(1, 2), entry(3, 5, 2), entry(6, 99), 'no entry'], 5, entry(1, 2))).toEqual([
    entry(3, 5, 2),
  ]);
});

test('the topic is read although its last entry is a repeated one', async () => {
  expect(await readBack([entry(1, 2), entry(3, 5, 2), entry(1, 2)], 5, entry(1, 2))).toEqual([entry(3, 5, 2)]);
  expect(await readBack([entry(1, 2), entry(3, 5, 2), entry(1, 2)], 5, entry(3, 5, 2))).toEqual([]);
});

test('an error of the topic says that it is not the log', async () => {
  const pool = { query: async () => ({ rows: [] }) } as unknown as Pool;
  const reader: LogReader = {
    bounds: async () => ({ first: 5, next: 9 }),
    read: () => Promise.reject(new LogError('log-truncated')),
    close: async () => undefined,
  };
  await expect(readBackVisibility(pool, reader, log(9), signal)).rejects.toMatchObject({
    code: 'log-truncated',
    message: expect.stringContaining('.visible'),
  });
});
