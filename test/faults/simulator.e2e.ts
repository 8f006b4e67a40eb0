import { expect, test } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { simulateApart } from './apart.js';
import { planted } from './mutant.js';
import type { Job, Line } from './simulator/main.js';
import { mutants } from './simulator/mutants.js';

async function lines(job: Job): Promise<Line[]> {
  const all: Line[] = [];
  await simulateApart(job, line => all.push(line), new AbortController().signal);
  return all;
}
const failures = (all: readonly Line[]) => all.flatMap(line => ('seed' in line ? [line] : []));

test('of 60 simulated newsrooms, everything that must hold does', async () => {
  const all = await lines({ from: 1, count: 60 });
  expect(failures(all)).toEqual([]);
  const last = all.at(-1)!;
  const answers = 'answers' in last ? last.answers : {};
  // A simulation in which nothing goes wrong would prove nothing.
  for (const outcome of ['won', 'refused', 'already-so', 'pending', 'conflict', 'unavailable', 'none'])
    expect(answers[outcome]).toBeGreaterThan(0);
}, 300_000);

test('a command that names an old head is pending while the same command with the new head is in flight, also in calm', async () => {
  expect(failures(await lines({ from: 6_725, count: 1 }))).toEqual([]);
});

test('a command that is refused while it comes again, and can be recorded by then, is answered as the later one', async () => {
  expect(failures(await lines({ from: 140_896, count: 1 }))).toEqual([]);
});

test('commands behind a record that the broker lost get their answers', async () => {
  expect(failures(await lines({ from: 18_794, count: 1 }))).toEqual([]);
});

test.each(['the parent does not matter', 'a zombie projector writes', 'one key stands for every body'])(
  'the simulator notices the mutant “%s”',
  async mutant => {
    const [failure] = failures(await lines({ from: 1, count: 400, mutant, untilFailure: true }));
    expect(failure?.wrong.length).toBeGreaterThan(0);
  },
  300_000,
);

test('every mutant finds its text in the compiled product', () => {
  for (const mutant of mutants) planted(mutant, readFileSync(`dist/${mutant.file}.js`, 'utf8'));
});

test('a mutant whose text the product no longer holds is an error', () => {
  expect(() => planted(mutants[0]!, 'if (other) {}')).toThrow('finds its text 0 times');
  expect(planted({ ...mutants[0]!, from: 'a b', to: 'c' }, 'x a\n  b y')).toBe('x c y');
});
