import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { audit, lastLine, succeeds } from '../harness/audit.js';
import { TestNewsroom } from '../harness/newsroom.js';
import { loadStory } from '../stories/load.js';
import { ask, expectEvents } from './audits.js';
import { loadAudits, loadReads } from './expected.js';
import { Performance } from './perform.js';
import { bytesOf, expectRead, queryOf, saidIn, type Answers } from './reads.js';
import { loadRehearsal } from './rehearsal.js';

const folder = 'test/stories/alaska';
const story = loadStory(folder);
const rehearsal = loadRehearsal(folder);
const reads = loadReads(folder, 'reads.yaml');
const { gaps, diffs, trails, lates } = loadAudits(folder, 'audit.yaml');
const last = 75;
const { id } = story.story;

let it: Performance;
let answers: Answers[];
const readAll = async () => {
  const all: Answers[] = [];
  for (const { of } of reads) all.push(await it.read(queryOf(it, of)));
  return all;
};

beforeAll(async () => {
  const actors = new Set(reads.flatMap(({ states }) => states.map(({ actor }) => actor)));
  it = new Performance(await TestNewsroom.open(), story, rehearsal, [...actors]);
  await it.open();
  await it.play(rehearsal.steps);
  answers = await readAll();
});
afterAll(() => it?.newsroom.close());

describe('readers’ apps, asked about a moment, answer', () => {
  test.each(reads.map((asked, i) => ({ ...asked, i })))('$ask', ({ i }) => expectRead(it, answers[i]!, reads[i]!));

  test('as seen by readers at an instant what readers were answered just then', async () => {
    for (const [name, then] of it.answered)
      expect([name, saidIn(await it.read({ visibleAt: it.noted.get(name)! }))]).toEqual([name, saidIn(then)]);
  });

  test('the same by the position that they name', async () => {
    for (const [i, { of, position }] of reads.entries()) {
      const { happenedBy } = queryOf(it, of);
      const named = await it.read({ position: String(position), ...(happenedBy && { happenedBy }) });
      expect(saidIn(named)).toEqual(saidIn(answers[i]!));
    }
  });
});

describe('auditors ask', () => {
  test.each(gaps)('$ask', async ({ at, known, visible, entries }) => {
    const told = await ask(it, 'gap', id, '--at', it.noted.get(at)!);
    expect(told).toMatchObject({ known, visible });
    expectEvents(it, told.entries, entries);
  });

  test.each(diffs)('$ask', async ({ from, to, positions, entries }) => {
    const moment = (on: string | number) => it.noted.get(String(on)) ?? String(on);
    const told = await ask(it, 'diff', id, '--from', moment(from), '--to', moment(to));
    expect([told.from, told.to]).toEqual(positions);
    expectEvents(it, told.entries, entries);
  });

  test.each(trails)('$ask', async ({ of, rests, entries }) => {
    const about =
      'fact' in of
        ? [it.ids.get(of.fact)!]
        : ['--actor', of.actor, '--facet', of.facet, ...(of.key ? ['--key', of.key] : [])];
    const told = await ask(it, 'trail', id, ...about);
    if (rests) expect(told.developments.map((development: string) => it.facts.get(development)).sort()).toEqual(rests);
    expectEvents(it, told.entries, entries);
  });

  test.each(lates)('$ask', async ({ over, late }) => {
    const told: { late: { development: string; lateMs: number }[] } = await ask(it, 'late', '--over', over);
    expect(told.late.map(({ development }) => it.facts.get(development))).toEqual(late.map(({ of }) => of));
    told.late.forEach(({ lateMs }, i) => {
      const [least, most] = late[i]!.hours;
      expect(lateMs / 3_600_000).toBeGreaterThanOrEqual(least);
      expect(lateMs / 3_600_000).toBeLessThan(most);
    });
  });
});

test('the whole log is verified, and after a rebuild too, when each answer is the same, byte for byte', async () => {
  const before = answers.map(bytesOf);
  expect((await readAll()).map(bytesOf)).toEqual(before);
  const verify = async () => lastLine(await succeeds(audit(it.newsroom, 'verify', '--json')));
  expect(await verify()).toMatchObject({ equal: true, winners: last, first: null });
  await succeeds(audit(it.newsroom, 'rebuild', '--json'));
  expect((await readAll()).map(bytesOf)).toEqual(before);
  expect(await verify()).toMatchObject({ equal: true, winners: last, first: null });
});
