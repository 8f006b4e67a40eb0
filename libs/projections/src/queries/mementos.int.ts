import { actorOf, storyOf } from '#domain';
import { inTransaction } from '#postgres';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { applyBatch } from '../engine/apply.js';
import { asOf } from '../folds/as-of.js';
import { useBuild } from '../builds/build.js';
import { testDatabase, type TestDatabase } from '../engine/database.fixture.js';
import { readable } from '../folds/fold-all.js';
import { commitsOf, embargoed, lifted, ofActor, opened, recorded, said, type Payload } from '../folds/given.fixture.js';
import { choices, history, idOf, recordsOf } from '../folds/history.fixture.js';
import { projections } from '../folds/list.js';
import { mementoAt, mementosAfter } from './mementos.js';
import { loadProgress } from '../engine/progress.js';
import { promote } from '../builds/swap.js';

let database: TestDatabase;
beforeEach(async () => {
  database = await testDatabase();
  const { checkpoint } = await loadProgress(database.pool, projections);
  await inTransaction(database.pool, 'write', client => promote(client, checkpoint.name));
});
afterEach(() => database.drop());

/** Makes each commit visible separately. The log's first commit is at position 1, so the given ones start at 2. */
async function folded(payloads: readonly Payload[]): Promise<void> {
  let progress = await loadProgress(database.pool, projections);
  for (const record of recordsOf(payloads)) progress = await applyBatch(database, projections, progress, [record]);
}

/** The positions of all mementos, read in parts of so many commits. */
const positions = async (story: string, named: boolean, most?: number) => {
  const { checkpoint } = await loadProgress(database.pool, projections);
  const asked = { story, present: checkpoint.position, named };
  return inTransaction(database.pool, 'read', async client => {
    await useBuild(client, checkpoint.name);
    const all: number[] = [];
    for (let after = 0; ;) {
      const { mementos, next } = await mementosAfter(client, asked, after, most);
      all.push(...mementos.map(({ position }) => position));
      if (!next) return all;
      after = all.at(-1)!;
      const [first] = (await mementosAfter(client, asked, after, most)).mementos;
      expect(first).toEqual(next);
    }
  });
};

/** The positions of the memento at a position and of those beside it. */
const neighbours = async (story: string, position: number, named: boolean) => {
  const { checkpoint } = await loadProgress(database.pool, projections);
  const found = await inTransaction(database.pool, 'read', async client => {
    await useBuild(client, checkpoint.name);
    return mementoAt(client, { story, present: checkpoint.position, named }, position);
  });
  return found && Object.fromEntries(Object.entries(found).map(([role, memento]) => [role, memento?.position]));
};

const [a, b, c] = [idOf(1), idOf(2), idOf(3)];
const ofStory = (...events: Payload['events']): Payload => ({ stream: 'story:storm', events });
const mayor = (type: 'ActorRegistered' | 'ActorAmended', name: string, aliases: string[] = []) =>
  ofActor('mayor', { type, data: { name, kind: 'person', aliases, affiliations: [] } });

describe('the states of a story that readers could see', () => {
  test('a commit under embargo makes no new state, and its lift does', async () => {
    const verified = { type: 'DevelopmentVerified', data: { development: b, told: { note: 'Two saw it.' } } } as const;
    await folded([
      ofStory(opened()),
      ofStory(recorded(a)),
      ofStory(...embargoed(b)),
      ofStory(verified),
      ofStory(lifted(b)),
    ]);
    expect(await positions('storm', false)).toEqual([2, 3, 6]);
    expect(await positions('storm', true)).toEqual([2, 3, 6]);
  });

  test('the states are listed in parts of any size, also where a part ends within what was shown at once', async () => {
    const payloads = [opened(), recorded(a), recorded(b), recorded(c)].map(event => ofStory(event));
    const records = recordsOf(payloads);
    let progress = await loadProgress(database.pool, projections);
    for (const batch of [records.slice(0, 2), records.slice(2)])
      progress = await applyBatch(database, projections, progress, batch);
    for (const most of [1, 2, 3, 4, 1_000])
      expect([most, await positions('storm', false, most)]).toEqual([most, [2, 5]]);
  });

  test('a changed name that the story shows makes a state with names, and other changes of the registry do not', async () => {
    const harbour = said('a', { data: { speaker: 'harbour', quote: 'a' } });
    const correction = {
      type: 'DevelopmentCorrected',
      data: {
        ...(recorded(a, harbour).data as { development: string; outline: never }),
        told: { content: harbour, wrong: 'Who.', reason: 'Misheard.' },
      },
    } as const;
    await folded([
      mayor('ActorRegistered', 'Mayor'),
      ofStory(opened()),
      mayor('ActorAmended', 'Not shown yet'),
      ofStory(recorded(a)),
      mayor('ActorAmended', 'The Mayor'),
      mayor('ActorAmended', 'The Mayor', ['Her Honour']),
      ofStory(correction),
      mayor('ActorAmended', 'Not shown any more'),
      ofStory(...embargoed(c)),
      mayor('ActorAmended', 'Behind the curtain'),
      ofStory(lifted(c)),
      mayor('ActorAmended', 'Shown again'),
    ]);
    expect(await positions('storm', false)).toEqual([3, 5, 8, 12]);
    expect(await positions('storm', true)).toEqual([3, 5, 6, 8, 12, 13]);
  });

  test.each([5, 17, 41])(
    'the states are exactly those positions where a fold of the log shows something new (seed %i)',
    async seed => {
      const payloads = history(choices(120, seed));
      await folded(payloads);
      const commits = commitsOf([{ stream: 'log', events: [] }, ...payloads]);
      for (const story of ['storm', 'vote'])
        for (const named of [false, true]) {
          const shown = commits.map((_, i) => shownBy(commits.slice(0, i + 1), story, named));
          const changed = commits.flatMap(({ position }, i) => (shown[i] !== (shown[i - 1] ?? '') ? [position] : []));
          expect(changed.length).toBeGreaterThan(10);
          for (const most of [7, 1_000]) expect(await positions(story, named, most)).toEqual(changed);
          for (const { position } of commits) {
            const at = changed.indexOf(position);
            const beside = { first: changed[0], prev: changed[at - 1], self: position, next: changed[at + 1] };
            const expected = at < 0 ? undefined : { ...beside, last: changed.at(-1) };
            expect([position, await neighbours(story, position, named)]).toEqual([position, expected]);
          }
        }
    },
  );
});

/** Everything that readers see of a story; nothing before it was opened. */
function shownBy(commits: ReturnType<typeof commitsOf>, story: string, named: boolean): string {
  const ours = readable(commits.filter(commit => storyOf(commit) === story));
  const then = asOf(ours, readable(commits.filter(commit => actorOf(commit) !== undefined)));
  if (!then.story) return '';
  const names = new Set(then.timeline.flatMap(({ actors }) => actors));
  const registry = then.actors.filter(({ actor }) => names.has(actor)).map(({ actor, name }) => [actor, name]);
  return JSON.stringify([then.story, then.timeline, ...(named ? registry.sort() : [])]);
}
