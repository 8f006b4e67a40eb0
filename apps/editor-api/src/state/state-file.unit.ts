import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { copyFileSync, mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { StateError } from './rows.js';
import { StateFile, type Change } from './state-file.js';

let folder: string;
let path: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'dateline-state-'));
  path = join(folder, 'state');
});
afterEach(() => rmSync(folder, { recursive: true }));

const open = (at = path) => new StateFile(at, ['thing', 'other'], ['thing']);
const put = (key: string, value: string, table = 'thing'): Change => ({ table, key, value });
const keys = Array.from({ length: 60 }, (_, number) => `key ${number}`);

/** A file with many keys, some of them written several times or gone, partly in the copy of the index. */
function written(at = path): Map<string, string> {
  const file = open(at);
  const held = new Map<string, string>();
  for (let round = 0; round < 6; round++) {
    const changed = keys.filter((_, number) => number % (round + 1) === 0);
    const changes = changed.map(key => put(key, `${key} in round ${round}, ${'padding '.repeat(20)}`));
    if (round === 4)
      changes.splice(0, 10, ...keys.slice(0, 10).map(key => ({ table: 'thing', key, value: undefined! })));
    const unique = [...new Map(changes.map(change => [change.key, change])).values()];
    for (const { key, value } of unique)
      if (value === undefined) held.delete(key);
      else held.set(key, value);
    file.flushNow(unique, `round ${round}`, round === 2 ? 0 : undefined);
  }
  file.close();
  return held;
}

test('a reopened file holds the last flush, and lists keys in order', () => {
  const held = written();
  const file = open();
  expect(file.checkpoint).toBe('round 5');
  for (const key of keys) expect([file.get('thing', key), file.has('other', key)]).toEqual([held.get(key), false]);
  expect(file.size).toBe(held.size);
  expect(file.keysAfter('thing', 'key 3', 4)).toEqual(
    [...held.keys()]
      .sort()
      .filter(key => key > 'key 3')
      .slice(0, 4),
  );
  expect(new Map(file.all('thing'))).toEqual(held);
  file.close();
});

test('after any flushes and reopenings, a file holds the same values as a map', () => {
  const change = fc.tuple(fc.integer({ min: 0, max: 30 }), fc.option(fc.string()), fc.constantFrom('thing', 'other'));
  const flush = fc.record({ changes: fc.array(change), index: fc.boolean(), reopens: fc.boolean() });
  fc.assert(
    fc.property(fc.array(flush, { maxLength: 12 }), flushes => {
      rmSync(path, { force: true });
      let file = open();
      const held = new Map<string, string | undefined>();
      for (const { changes, index, reopens } of flushes) {
        const named = changes.map(([key, value, table]) => ({ table, key: String(key), value: value ?? undefined }));
        const unique = [...new Map(named.map(one => [one.table + one.key, one])).values()];
        for (const { table, key, value } of unique) held.set(table + key, value);
        file.flushNow(unique, 'x', index ? 0 : undefined);
        if (reopens) {
          file.close();
          file = open();
        }
        for (let key = 0; key <= 30; key++)
          for (const table of ['thing', 'other']) {
            expect(file.get(table, String(key))).toBe(held.get(table + key));
            expect(file.has(table, String(key))).toBe(held.get(table + key) !== undefined);
          }
        const there = [...held.values()].filter(value => value !== undefined);
        expect(['thing', 'other'].flatMap(table => file.all(table))).toHaveLength(there.length);
      }
      file.close();
    }),
    { numRuns: 60 },
  );
});

describe('a damaged state file', () => {
  test('a file with one changed byte gives what was written or an error', () => {
    const held = written();
    const bytes = readFileSync(path);
    let refused = 0;
    const other = join(folder, 'flipped');
    for (let at = 0; at < bytes.length; at += 211) {
      const flipped = Buffer.from(bytes);
      flipped[at]! ^= 1 << (at % 8);
      writeFileSync(other, flipped);
      let file: StateFile | undefined;
      try {
        file = open(other);
        expect(file.checkpoint).toBe('round 5');
        for (const key of [...keys, 'unknown']) expect(file.get('thing', key)).toBe(held.get(key));
        expect(new Map(file.all('thing'))).toEqual(held);
      } catch (error) {
        if (!(error instanceof StateError)) throw error;
        refused++;
      } finally {
        file?.close();
      }
    }
    expect(refused).toBeGreaterThan(bytes.length / 211 / 10);
  });

  test('a cut file gives what was written or an error', () => {
    const held = written();
    let refused = 0;
    for (let length = readFileSync(path).length - 100; length > 0; length -= 4_000) {
      truncateSync(path, length);
      let file: StateFile | undefined;
      try {
        file = open();
        for (const key of keys) expect(file.get('thing', key)).toBe(held.get(key));
      } catch (error) {
        if (!(error instanceof StateError)) throw error;
        refused++;
      } finally {
        file?.close();
      }
    }
    expect(refused).toBeGreaterThan(1);
  });

  test('a file that lost rows or has another format is refused', () => {
    written();
    const change = (sql: string) => {
      const db = new DatabaseSync(path);
      db.exec(sql);
      db.close();
    };
    change('delete from thing where id = (select min(id) from thing)');
    const file = open();
    expect(() => file.all('thing')).toThrow('thing has 51 rows, not 52');
    file.close();
    change('delete from thing where id = (select max(id) from thing)');
    expect(open).toThrow('rows after the copy of its index');
    change('pragma user_version = 99');
    expect(open).toThrow('its format is 99');
  });
});

test('an interrupted flush leaves the file as it was before', async () => {
  const file = open();
  file.flushNow([put('a', 'one')], 'first');
  const flushing = file.flush(
    Array.from({ length: 5_000 }, (_, number) => put(String(number), 'x')),
    'second',
    () => undefined,
  );
  await new Promise(resolve => setImmediate(resolve));
  expect([file.get('thing', 'a'), file.get('thing', '7')]).toEqual(['one', undefined]);
  for (const end of ['', '-journal']) copyFileSync(path + end, join(folder, `killed${end}`));
  await flushing;
  expect(file.get('thing', '7')).toBe('x');
  file.close();
  const killed = open(join(folder, 'killed'));
  expect([killed.checkpoint, killed.get('thing', 'a'), killed.get('thing', '7')]).toEqual(['first', 'one', undefined]);
  killed.close();
});

test('a flush to a full disk leaves the file as it was, and succeeds once there is room', async () => {
  const file = open();
  file.flushNow([put('a', 'one')], 'first');
  file.limitPages(60);
  const many = Array.from({ length: 3_000 }, (_, number) => put(String(number), 'x'.repeat(200)));
  await expect(file.flush(many, 'second', () => undefined)).rejects.toThrow('full');
  expect(() => file.flushNow(many, 'second')).toThrow('full');
  expect([file.checkpoint, file.get('thing', 'a'), file.has('thing', '7')]).toEqual(['first', 'one', false]);
  file.limitPages(1_000_000);
  await file.flush(many, 'second', () => undefined);
  expect([file.checkpoint, file.has('thing', '7')]).toEqual(['second', true]);
  file.close();
});

test('a file that another process uses is refused as in use', () => {
  const file = open();
  const second = (() => {
    try {
      return open();
    } catch (error) {
      return error;
    }
  })();
  expect(second).toMatchObject({ isInUse: true });
  file.close();
});

test('a temporary file can be flushed, read and closed', () => {
  const file = new StateFile(undefined, ['thing'], []);
  file.flushNow([put('a', 'one')], 'first');
  expect(file.get('thing', 'a')).toBe('one');
  file.close();
});
