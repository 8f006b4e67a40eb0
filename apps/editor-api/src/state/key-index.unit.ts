import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { KeyIndex } from './key-index.js';

test('the index finds what was put, after any puts and removals, and after it is read from its pieces', () => {
  const step = fc.record({ key: fc.integer({ min: 0, max: 400 }).map(String), isPut: fc.boolean() });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 2_000, size: 'max' }), steps => {
      const index = new KeyIndex(undefined, 16);
      const rows: (string | undefined)[] = [undefined];
      const held = new Map<string, number>();
      for (const { key, isPut } of steps) {
        const before = held.get(key) ?? 0;
        if (isPut) {
          index.put('t', key, rows.length, before);
          held.set(key, rows.length);
          rows.push(key);
        } else {
          index.remove('t', key, before);
          held.delete(key);
        }
      }
      const pieces = [...index.pieces(1_000)];
      const [first, ...rest] = pieces;
      for (const each of [index, KeyIndex.from([first!, ...rest])!]) {
        expect(each.size).toBe(held.size);
        for (let key = 0; key <= 400; key++) {
          const found = each.find('t', String(key), row => rows[row] === String(key));
          expect(found).toBe(held.get(String(key)) ?? 0);
        }
      }
      expect(KeyIndex.from(rest)).toBeUndefined();
      expect(KeyIndex.from(pieces.slice(0, -1))).toBeUndefined();
    }),
    { numRuns: 50 },
  );
});

test('the index distinguishes keys with equal hashes', () => {
  // Without seeds that differ, and with a table that is longer, a key is not another one.
  const index = new KeyIndex(Uint32Array.of(0, 0));
  const rows = ['', 'a', 'b'];
  index.put('t', 'a', 1, 0);
  expect(index.find('t', 'a', row => rows[row] === 'b')).toBe(0);
  expect(index.find('t', 'a', row => rows[row] === 'a')).toBe(1);
});
