import { pathTo } from '#client';
import { setTimeout as sleep } from 'node:timers/promises';
import type { TestNewsroom } from '../../harness/newsroom.js';
import { over, type Bench, type Scenario } from '../bench.js';
import { BareClient, expectStatus, type Timed } from '../client.js';
import { atMost, percentile, ratioAtMost } from '../figures.js';
import { Follower } from '../follower.js';
import { atRate } from '../load.js';
import { madeNewsroom } from '../made.js';
import { actors, madeDevelopment, madeStory } from '../made-log.js';
import { developmentsOf, editorOf, positionIn } from '../posts.js';
import { statement } from '../../harness/statement.js';

const [other, rate] = ['other', 10];

/** The time until readers see a takedown in a long story, and the delay of posts in another story during it. */
export const takedown: Scenario = {
  name: 'takedown',
  measures: 'a takedown in a story of 20,000 developments, and posts in another story during it',
  async run(bench) {
    const developments = bench.size(20_000, 5_000);
    const newsroom = await madeNewsroom(bench, { commits: developments, developments });
    const people = await peopleOf(newsroom);
    const opened = await people.editor.post('/stories', { id: other, title: 'Another story', zone: 'UTC' });
    expectStatus(opened, 201);
    await newsroom.seen(positionIn(opened.body));
    const follower = await Follower.open(newsroom.reader!.url + pathTo('stories', other, 'live'), 120_000);
    const round: Round = { newsroom, people, follower };
    await atRate(rate, 2, number => glass(round, number));
    const rounds: Measured[] = [];
    for (let number = 0; number < bench.rounds; number++)
      rounds.push(await oneRound(bench, round, madeDevelopment(0, Math.floor(developments / 2) + number)));
    for (const open of [follower, people.editor, people.lawyer, people.reader]) open.close();
    const size = developments.toLocaleString('en-US');
    const meanwhile = (what: string, of: (times: readonly number[]) => number) => ({
      what: `${what} in another story meanwhile`,
      unit: 'ms' as const,
      product: over(rounds, ({ during }) => of(during)),
      against: { name: 'usually', spread: over(rounds, ({ before }) => of(before)) },
      target: ratioAtMost(2),
    });
    return [
      {
        what: `takedown in a story of ${size}, until readers have the placeholder`,
        unit: 's',
        product: over(rounds, ({ placeholder }) => placeholder / 1_000),
        target: atMost(1.5),
      },
      meanwhile('post to glass, p50,', times => percentile(times, 0.5)),
      meanwhile('post to glass, the slowest,', times => Math.max(...times)),
    ];
  },
};

interface Round {
  readonly newsroom: TestNewsroom;
  readonly people: { readonly editor: BareClient; readonly lawyer: BareClient; readonly reader: BareClient };
  readonly follower: Follower;
}
interface Measured {
  readonly placeholder: number;
  /** Times of posts to readers, before the takedown and from its approval until its work is finished. */
  readonly before: readonly number[];
  readonly during: readonly number[];
}

async function peopleOf(newsroom: TestNewsroom): Promise<Round['people']> {
  const legal = { Authorization: `Bearer ${await newsroom.token(['legal'])}` };
  return {
    editor: await editorOf(newsroom),
    lawyer: new BareClient(newsroom.editors[0]!.url, legal),
    reader: new BareClient(newsroom.reader!.url),
  };
}

async function glass({ people, follower }: Round, number: number): Promise<number> {
  const began = performance.now();
  const { content } = statement(`No. ${number}`);
  const body = { content: { ...content, data: { ...content.data, speaker: actors[0] } } };
  const answer = await people.editor.post(developmentsOf(other), body);
  expectStatus(answer, 201);
  return (await follower.came(String(positionIn(answer.body)))) - began;
}

async function oneRound(bench: Bench, round: Round, development: string): Promise<Measured> {
  const { people } = round;
  const path = pathTo('stories', madeStory(0), 'developments', development);
  const proposed = await people.editor.post(`${path}/propose-takedown`, {
    ground: 'legal',
    reason: 'It names a child.',
  });
  expectStatus(proposed, 201);
  const { commit } = JSON.parse(proposed.body.toString()) as { commit: string };
  // About as many posts as during the takedown, so that both have similar percentiles.
  const before = await atRate(rate, 3, number => glass(round, number));
  const during: Promise<number>[] = [];
  const began = performance.now();
  const approved = people.lawyer.post(pathTo('stories', madeStory(0), 'proposals', commit, 'approve'), {});
  const done = placeholderOf(round, development, began);
  let placeholder: number | undefined;
  void done.then(ms => (placeholder = ms));
  // Two seconds more, because the takedown’s work after the placeholder must not delay posts either.
  while (placeholder === undefined || performance.now() - began < placeholder + 2_000) {
    during.push(glass(round, during.length));
    await sleep(1_000 / rate);
  }
  expectStatus(await approved, 201);
  const measured = { placeholder: await done, before, during: await Promise.all(during) };
  bench.say(`placeholder after ${Math.round(measured.placeholder)} ms, ${during.length} posts during it`);
  return measured;
}

async function placeholderOf({ people }: Round, development: string, began: number): Promise<number> {
  const path = pathTo('stories', madeStory(0), 'timeline', development);
  for (;;) {
    const answer: Timed = await people.reader.get(path);
    expectStatus(answer, 200);
    const { entry } = JSON.parse(answer.body.toString()) as { entry: { status: string } };
    if (entry.status === 'taken-down') return performance.now() - began;
    await sleep(20);
  }
}
