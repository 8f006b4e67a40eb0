import { LogError, type LogReader } from '#event-log';
import type { Pool } from '#postgres';
import { expect, test } from '@jest/globals';
import { encodeVisibility, type VisibilityEntry } from './entry.js';
import { readBackVisibility, readVisibility } from './topic.js';

const log = (next: number) => ({ bounds: async () => ({ first: 0, next }) });
const { signal } = new AbortController();

/** The entries that are copied into a table that holds `known`, from a topic that holds `topic`. */
async function readBack(topic: readonly (VisibilityEntry | string)[], end: number, known?: VisibilityEntry) {
  const values = topic.map(entry => (typeof entry === 'string' ? Buffer.from(entry) : encodeVisibility(entry).value));
  const records = values.map((value, offset) => ({ offset, value, headers: {} }));
  const held = known ? [known] : [];
  const query = async (text: string, [fresh]: string[] = []) => {
    if (text.includes('as now')) return { rows: [{ now: new Date('2026-01-01T13:00:00Z') }] };
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

test('an entry with a time in the future is ignored, but not one of a clock that is less than an hour ahead', async () => {
  const future = { first: 3, last: 3, at: '9999-12-31T23:59:59.999Z' };
  expect(await readBack([entry(1, 2), future, entry(3, 5, 2)], 5)).toEqual([entry(1, 2), entry(3, 5, 2)]);
  expect(await readBack([entry(1, 2), entry(3, 5, 2), future], 5, entry(1, 2))).toEqual([entry(3, 5, 2)]);
  const at = (time: string) => ({ first: 1, last: 5, at: `2026-01-01T${time}Z` });
  expect(await readBack([at('14:00:00.000')], 5)).toEqual([at('14:00:00.000')]);
  expect(await readBack([at('14:00:00.001')], 5)).toEqual([]);
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
  const pool = { query: async () => ({ rows: [{ now: new Date(), last: 0 }] }) } as unknown as Pool;
  const reader: LogReader = {
    bounds: async () => ({ first: 5, next: 9 }),
    read: () => Promise.reject(new LogError('log-truncated')),
    close: async () => undefined,
  };
  const fault = { code: 'log-truncated', message: expect.stringContaining('.visible') };
  await expect(readBackVisibility(pool, reader, log(9), signal)).rejects.toMatchObject(fault);
  await expect(readVisibility(reader, signal)).rejects.toMatchObject(fault);
});

test('reading all entries of the topic ends with the signal’s reason, and not with some of them', async () => {
  const stopping = new AbortController();
  const reader: LogReader = {
    bounds: async () => ({ first: 0, next: 9 }),
    read: async () => stopping.abort(new Error('Stopped.')),
    close: async () => undefined,
  };
  await expect(readVisibility(reader, stopping.signal)).rejects.toThrow('Stopped.');
});
