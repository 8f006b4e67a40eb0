import { expect, test } from '@jest/globals';
import { machineActs } from './acts.js';

test('each act that a token may be given has a short title of its own, for the list of choices', () => {
  const titles = [...machineActs.values()];
  expect(titles.filter(title => title.length > 30 || /[:;,]/.test(title))).toEqual([]);
  expect(new Set(titles).size).toBe(titles.length);
  expect(machineActs.get('classify-development')).toBe('Classify');
});
