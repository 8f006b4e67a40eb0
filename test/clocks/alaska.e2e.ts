import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { audit, lastLine, succeeds } from '../harness/audit.js';
import { TestNewsroom } from '../harness/newsroom.js';
import { loadStory } from '../../apps/demo/stories/load.js';
import { auditorsAsk } from './audits.js';
import { loadAudits, loadReads, type ReadAsked } from './expected.js';
import { Performance } from './perform.js';
import { bytesOf, expectRead, queryOf, saidIn, type Answers } from './reads.js';
import { loadRehearsal } from './rehearsal.js';

const folder = 'apps/demo/stories/alaska';
const story = loadStory(folder);
const rehearsal = loadRehearsal(folder);
const reads = loadReads(folder, 'reads.yaml');
const readsAfterwards = loadReads(folder, 'reads-afterwards.yaml');
const [last, veryLast] = [75, 80];
/** Words that occur only in taken-down developments. */
const gone = ['Recognition of Russian influence', 'A claim to influence', 'eastern-europe', 'The wording gives away'];

let it: Performance;
let answers: Answers[];
async function readAll(asked: readonly ReadAsked[]): Promise<Answers[]> {
  const all: Answers[] = [];
  for (const { of } of asked) all.push(await it.read(queryOf(it, of)));
  return all;
}
const verify = async () => lastLine(await succeeds(audit(it.newsroom, 'verify', '--json')));

/** The whole story is played in it, beside other tests. */
const playLimitMs = 300_000;

beforeAll(async () => {
  const actors = [...reads, ...readsAfterwards].flatMap(({ states }) => states.map(({ actor }) => actor));
  it = new Performance(await TestNewsroom.open(), story, rehearsal, [...new Set(actors)]);
  await it.open();
  await it.play(rehearsal.steps);
  answers = await readAll(reads);
}, playLimitMs);
afterAll(() => it?.newsroom.close());

describe('readers’ apps ask about a moment:', () => {
  test.each(reads.map((asked, i) => ({ ...asked, i })))('$ask', ({ i }) => expectRead(it, answers[i]!, reads[i]!));

  test('visibleAt gives what readers were answered at that instant', async () => {
    for (const [name, then] of it.answered)
      expect([name, saidIn(await it.read({ visibleAt: it.noted.get(name)! }))]).toEqual([name, saidIn(then)]);
  });

  test('the position that an answer names gives the same answer', async () => {
    for (const [i, { of, position }] of reads.entries()) {
      const { happenedBy } = queryOf(it, of);
      const named = await it.read({ position: String(position), ...(happenedBy && { happenedBy }) });
      expect(saidIn(named)).toEqual(saidIn(answers[i]!));
    }
  });
});

describe('auditors ask:', () => auditorsAsk(() => it, loadAudits(folder, 'audit.yaml')));

test('verify finds no difference, before and after a rebuild, and all answers keep their bytes', async () => {
  const before = answers.map(bytesOf);
  expect((await readAll(reads)).map(bytesOf)).toEqual(before);
  expect(await verify()).toMatchObject({ equal: true, winners: last, first: null });
  await succeeds(audit(it.newsroom, 'rebuild', '--json'));
  expect((await readAll(reads)).map(bytesOf)).toEqual(before);
  expect(await verify()).toMatchObject({ equal: true, winners: last, first: null });
});

describe('after a retraction by two people and a takedown', () => {
  let afterwards: Answers[];
  beforeAll(async () => {
    await it.play(rehearsal.afterwards);
    afterwards = await readAll(readsAfterwards);
  });

  test.each(readsAfterwards.map((asked, i) => ({ ...asked, i })))('$ask', ({ i }) =>
    expectRead(it, afterwards[i]!, readsAfterwards[i]!),
  );

  test('answers about moments before the taken-down development keep their bytes', async () => {
    const isOfBefore = ({ of, timeline }: ReadAsked) =>
      Object.keys(of).some(clock => clock !== 'happenedBy') && timeline.every(([fact]) => fact !== 'F22');
    const untouched = reads.filter(isOfBefore);
    expect(untouched.length).toBeGreaterThan(10);
    expect((await readAll(untouched)).map(bytesOf)).toEqual(
      answers.filter((_, i) => isOfBefore(reads[i]!)).map(bytesOf),
    );
  });

  test('no answer about any moment has its words', async () => {
    const moments = [...it.noted.values()].flatMap(at => [{ visibleAt: at }, { knownAt: at }]);
    for (const moment of moments)
      for (const { text } of (await it.read(moment)).values())
        for (const word of gone) expect(text).not.toContain(word);
  });

  test('no row in the database has its words, and retired builds have no such row either', async () => {
    const held = await it.newsroom.everything();
    expect(held).toContain('The world deserves it');
    for (const word of gone) expect(held).not.toContain(word);
  });

  test('visibleAt still gives what readers were answered at that instant', async () => {
    const then = it.answered.get('taken-down')!;
    expect(saidIn(await it.read({ visibleAt: it.noted.get('taken-down')! }))).toEqual(saidIn(then));
  });

  test('the TimeMap lists no position that readers never saw', async () => {
    const { text } = await it.newsroom.readers.get(`${it.base}/timemap`);
    const positions = [...text.matchAll(/\?position=(\d+)>/g)].map(([, position]) => Number(position));
    expect(positions).toEqual(expect.arrayContaining([78, 80]));
    for (const hidden of [45, 46, 76, 77, 79]) expect(positions).not.toContain(hidden);
  });

  describe('auditors ask:', () => auditorsAsk(() => it, loadAudits(folder, 'audit-afterwards.yaml')));

  test('verify finds no difference, before and after a rebuild, and all answers keep their bytes', async () => {
    expect(await verify()).toMatchObject({ equal: true, winners: veryLast, first: null });
    await succeeds(audit(it.newsroom, 'rebuild', '--json'));
    expect((await readAll(readsAfterwards)).map(bytesOf)).toEqual(afterwards.map(bytesOf));
    expect(await verify()).toMatchObject({ equal: true, winners: veryLast, first: null });
  });
});
