import { pathTo } from '#client';
import type { TestNewsroom } from '../../harness/newsroom.js';
import { statement } from '../../harness/statement.js';
import { inTurns, over, type Bench, type Scenario } from '../bench.js';
import { BareClient, expectStatus } from '../client.js';
import { median, ratioAtMost, type Figure } from '../figures.js';
import { Follower } from '../follower.js';
import { madeNewsroom, storyLength } from '../made.js';
import { actors, madeStory, recordedAt } from '../made-log.js';
import { developmentsOf, editorOf, positionIn } from '../posts.js';

/** The times of posts and reads as the log grows, in a story that keeps its length. */
export const growth: Scenario = {
  name: 'growth',
  measures: 'the times of a post, its way to readers, a page and a read of the past at 1,000 to 1,000,000 commits',
  async run(bench) {
    const sizes = bench.lengths([1_000, 10_000, 100_000, 1_000_000]);
    const sides: Record<string, () => Promise<Costs>> = {};
    for (const commits of sizes) {
      const newsroom = await madeNewsroom(bench, { commits });
      sides[commits] = () => costsOf(bench, newsroom);
    }
    await inTurns(1, sides);
    const measured = await inTurns(bench.rounds, sides);
    const [least, ...others] = sizes.map(String);
    return others.flatMap(commits =>
      aspects.map((aspect): Figure => ({
        what: `${names[aspect]} at ${Number(commits).toLocaleString('en-US')} commits`,
        unit: 'ms',
        product: over(measured[commits]!, costs => costs[aspect]),
        against: { name: 'at 1,000', spread: over(measured[least!]!, costs => costs[aspect]) },
        target: ratioAtMost(1.3),
      })),
    );
  },
};

const names = { post: 'post', live: 'post to glass', page: 'reader’s page', past: 'timeline as of then' };
const aspects = Object.keys(names) as (keyof typeof names)[];
type Costs = Readonly<Record<keyof typeof names, number>>;

/** The medians of several posts and reads. Each read comes after a post, so that no answer is in the cache. */
async function costsOf(bench: Bench, newsroom: TestNewsroom): Promise<Costs> {
  const story = madeStory(0);
  const [editor, reader] = [await editorOf(newsroom), new BareClient(newsroom.reader!.url)];
  const follower = await Follower.open(newsroom.reader!.url + pathTo('stories', story, 'live'));
  const times: Record<keyof Costs, number[]> = { post: [], live: [], page: [], past: [] };
  const { content } = statement('The harbour is closed until the wind drops.');
  const body = { content: { ...content, data: { ...content.data, speaker: actors[0] } } };
  for (let number = 0; number < bench.size(40, 20); number++) {
    const began = performance.now();
    const answer = await editor.post(developmentsOf(story), body);
    expectStatus(answer, 201);
    times.post.push(answer.ms);
    times.live.push((await follower.came(String(positionIn(answer.body)))) - began);
    const page = await reader.get(pathTo('s', story));
    expectStatus(page, 200);
    times.page.push(page.ms);
    // An instant, because one position means different commits of the story in two logs.
    const knownAt = recordedAt(0, 400 + Math.floor(Math.random() * 400), storyLength);
    const past = await reader.get(`${pathTo('stories', story, 'timeline')}?knownAt=${knownAt}`);
    expectStatus(past, 200);
    times.past.push(past.ms);
  }
  for (const open of [follower, editor, reader]) open.close();
  return Object.fromEntries(aspects.map(aspect => [aspect, median(times[aspect])])) as Costs;
}
