import { randomUUID } from 'node:crypto';
import { kafkaReader } from '#event-log';
import { inTurns, over, type Scenario } from '../bench.js';
import { BarePipeline } from '../bare/pipeline.js';
import { producing } from '../bare/kafka.js';
import { atMost, ratioAtLeast } from '../figures.js';
import { perSecond } from '../load.js';
import { developmentsOf, editorOf, post, postingNewsroom, storyNamed } from '../posts.js';

const editors = 32;

/** How many posts are settled in a second, where 32 people post to one story. */
export const hotStory: Scenario = {
  name: 'hot-story',
  measures: 'posts that are settled in a second, 32 at once in one story, and records that lost',
  async run(bench) {
    const seconds = bench.size(6, 3);
    const newsroom = await postingNewsroom(bench);
    const bare = await BarePipeline.open();
    Object.assign(process.env, bare.env, { DATABASE_URL: process.env.DATABASE_URL });
    const append = await producing();
    const editor = await editorOf(newsroom);
    const log = kafkaReader({ brokers: newsroom.env.KAFKA_BROKERS!.split(','), topic: newsroom.env.LOG_TOPIC! });
    let next = 0;
    const product = async () => {
      const before = (await log.bounds()).next;
      let won = 0;
      const settled = await perSecond(editors, seconds, async () => {
        const { status } = await editor.post(developmentsOf(storyNamed(1)), post(next++));
        won += status === 201 ? 1 : 0;
        return status === 201;
      });
      return { settled, wasted: ((await log.bounds()).next - before - won) / won };
    };
    const floor = async () => {
      const settled = await perSecond(1, seconds, async () => {
        await append(randomUUID(), JSON.stringify(post(next++)));
        return true;
      });
      return { settled, wasted: 0 };
    };
    const measured = await inTurns(bench.rounds, { floor, product });
    editor.close();
    await Promise.all([log.close(), bare.close()]);
    return [
      {
        what: 'one hot story, 32 editors',
        unit: '/s',
        product: over(measured.product, ({ settled }) => settled),
        against: { name: 'floor', spread: over(measured.floor, ({ settled }) => settled) },
        target: ratioAtLeast(2),
      },
      {
        what: 'one hot story, wasted records a winner',
        unit: 'records',
        product: over(measured.product, ({ wasted }) => wasted),
        target: atMost(0.1),
      },
    ];
  },
};
