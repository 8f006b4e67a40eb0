import { Condition } from '#domain';
import { expect, test } from '@jest/globals';
import { newConditionId } from './condition-id.js';

test('ids that the desk makes for conditions are valid, random and different', () => {
  const ids = Array.from({ length: 100 }, newConditionId);
  for (const id of ids) {
    expect(id).toMatch(/^c-[0-9a-f]{16}$/);
    expect(Condition.parse({ id, text: 'the talks fail' }).id).toBe(id);
  }
  expect(new Set(ids).size).toBe(ids.length);
});
