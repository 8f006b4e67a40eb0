import { expect, test } from '@jest/globals';
import { drill } from './drill.js';

test('after Kafka and Postgres are lost, the archive restores the same newsroom for auditors and readers', async () => {
  const drilled = await drill('apps/demo/stories/alaska', line => console.log(line));
  console.log(JSON.stringify(drilled));
  expect(drilled.position).toBeGreaterThan(0);
  expect(drilled).toMatchObject({
    equal: { before: true, after: true },
    tablesThatDiffer: [],
    readersThatDiffer: [],
    collected: { isDeleted: true, unnamed: 0, takenDown: 0 },
  });
}, 1_800_000);
