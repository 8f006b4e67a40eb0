import { expect, test } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { walkApart } from './apart.js';
import { planted } from './mutant.js';
import type { Job, Line } from './walks/main.js';
import { mutants } from './walks/mutants.js';

async function lines(job: Job): Promise<Line[]> {
  const all: Line[] = [];
  await walkApart(job, line => all.push(line), new AbortController().signal);
  return all;
}

test('in a walk everything that must hold does, and the same seed gives the same walk', async () => {
  const [[first], [again]] = [await lines({ from: 1, count: 1 }), await lines({ from: 1, count: 1 })];
  expect(first?.wrong).toEqual([]);
  expect(again).toEqual(first);
}, 300_000);

test('a walk notices that a part of a dropped build stays', async () => {
  const [found] = await lines({ from: 1, count: 1, mutant: 'the past of a dropped build stays' });
  expect(found?.wrong.length).toBeGreaterThan(0);
}, 300_000);

test('every mutant finds its text in the compiled product', () => {
  for (const mutant of mutants) planted(mutant, readFileSync(`dist/${mutant.file}.js`, 'utf8'));
});
