import type { NewRecord } from '#event-log';
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { inBatches } from './restore.js';

const record = (size: number, number: number): NewRecord => ({
  key: 'story:a',
  headers: { ce_id: String(number) },
  value: Buffer.alloc(size),
});
const bytesOf = (batch: readonly NewRecord[]) => batch.reduce((sum, { value }) => sum + value.length, 0);

test('batches hold all records in order and respect the size limit, unless one record alone exceeds it', async () => {
  const sizes = fc.array(fc.oneof(fc.nat(2_000), fc.nat(900_000)), { maxLength: 60 });
  const property = fc.asyncProperty(sizes, async sizes => {
    const records = sizes.map(record);
    const batches: (readonly NewRecord[])[] = [];
    for await (const batch of inBatches(records)) batches.push(batch);
    expect(batches.flat()).toEqual(records);
    for (const batch of batches) {
      expect(batch.length).toBeGreaterThan(0);
      if (batch.length > 1) expect(bytesOf(batch)).toBeLessThanOrEqual(256 * 1_024);
    }
    // Without their keys and headers, two neighbouring batches would have fitted together.
    batches.slice(1).forEach((batch, i) => {
      const both = bytesOf(batches[i]!) + bytesOf(batch.slice(0, 1));
      expect(both + 100 * (batches[i]!.length + 1)).toBeGreaterThan(256 * 1_024);
    });
  });
  await fc.assert(property, { numRuns: 50 });
});
