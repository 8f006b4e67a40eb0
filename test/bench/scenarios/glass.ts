import { pathTo } from '#client';
import { randomUUID } from 'node:crypto';
import { over, inTurns, type Bench, type Scenario } from '../bench.js';
import { BarePipeline } from '../bare/pipeline.js';
import { producing } from '../bare/kafka.js';
import { expectStatus } from '../client.js';
import { percentile, ratioAtMost, type Figure } from '../figures.js';
import { Follower } from '../follower.js';
import { atRate } from '../load.js';
import { developmentsOf, editorOf, positionIn, post, postingNewsroom, storyNamed } from '../posts.js';

const rates = [5, 50];

/**
 * The time from the request of a post until a following reader gets it. The floor is the bare pipeline without its endpoint: this process
 * appends with kafkajs and follows. So the floor has two servers, and the product has three.
 */
export const glass: Scenario = {
  name: 'glass',
  measures:
    'the time from an editor’s request until a reader’s open page has it (post to glass), at 5 and 50 posts a second',
  async run(bench) {
    const bare = await BarePipeline.open();
    try {
      const figures: Figure[] = [];
      for (const rate of rates) figures.push(...(await atOneRate(bench, bare, rate)));
      return figures;
    } finally {
      await bare.close();
    }
  },
};

async function atOneRate(bench: Bench, bare: BarePipeline, rate: number): Promise<Figure[]> {
  const newsroom = await postingNewsroom(bench);
  // Long enough for a 99th percentile, if the rate allows it.
  const seconds = bench.size(rate === 5 ? 12 : 6, 4);
  const story = storyNamed(0);
  const editor = await editorOf(newsroom);
  Object.assign(process.env, bare.env, { DATABASE_URL: process.env.DATABASE_URL });
  const append = await producing();
  const [product, floor] = await Promise.all([
    Follower.open(newsroom.reader!.url + pathTo('stories', story, 'live')),
    Follower.open(bare.streams.url),
  ]);
  const posted = async (number: number) => {
    const began = performance.now();
    const answer = await editor.post(developmentsOf(story), post(number));
    expectStatus(answer, 201);
    return (await product.came(String(positionIn(answer.body)))) - began;
  };
  const appended = async (number: number) => {
    const [began, id] = [performance.now(), randomUUID()];
    await append([{ id, value: JSON.stringify(post(number)) }]);
    return (await floor.came(id)) - began;
  };
  await Promise.all([atRate(rate, 2, posted), atRate(rate, 2, appended)]);
  const measured = await inTurns(bench.rounds, {
    floor: () => atRate(rate, seconds, appended),
    product: () => atRate(rate, seconds, posted),
  });
  for (const open of [product, floor, editor]) open.close();
  return [0.5, 0.99].map(share => ({
    what: `post to glass at ${rate}/s, p${share * 100}`,
    unit: 'ms',
    product: over(measured.product, times => percentile(times, share)),
    against: { name: 'floor', spread: over(measured.floor, times => percentile(times, share)) },
    target: ratioAtMost(share === 0.5 ? 2 : 3),
  }));
}
