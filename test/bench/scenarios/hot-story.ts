import { randomUUID } from 'node:crypto';
import { kafkaReader } from '#event-log';
import { inTurns, over, type Scenario } from '../bench.js';
import { BarePipeline } from '../bare/pipeline.js';
import { following, producing } from '../bare/kafka.js';
import { atMost, ratioAtLeast } from '../figures.js';
import { perSecond } from '../load.js';
import { Posting } from '../posting.js';
import { developmentsOf, post, postingNewsroom, storyNamed } from '../posts.js';

const editors = 32;

/** The number of posts settled per second while 32 people post to one story. */
export const hotStory: Scenario = {
  name: 'hot-story',
  measures: 'posts settled per second, 32 at once in one story, and the share of void records',
  async run(bench) {
    const seconds = bench.size(6, 3);
    const newsroom = await postingNewsroom(bench);
    const bare = await BarePipeline.open();
    Object.assign(process.env, bare.env, { DATABASE_URL: process.env.DATABASE_URL });
    const append = await producing();
    const arrived = new Map<string, () => void>();
    const follower = await following(id => arrived.get(id)?.());
    const headers = { Authorization: `Bearer ${await newsroom.token(['editor'])}` };
    const { url } = newsroom.editors[0]!;
    const log = kafkaReader({ brokers: newsroom.env.KAFKA_BROKERS!.split(','), topic: newsroom.env.LOG_TOPIC! });
    let next = 0;
    let round = 0;
    const product = async () => {
      // A story of its own, since three rounds have more posts than one story takes; and new connections, since the server closes idle ones.
      const developments = developmentsOf(storyNamed(++round));
      const connections = await Promise.all(Array.from({ length: editors }, () => Posting.open(url, headers)));
      const before = (await log.bounds()).next;
      let won = 0;
      const settled = await perSecond(editors, seconds, async editor => {
        const status = await connections[editor]!.post(developments, post(next++));
        won += status === 201 ? 1 : 0;
        return status === 201;
      });
      for (const connection of connections) connection.close();
      return { settled, wasted: ((await log.bounds()).next - before - won) / won };
    };
    // A decision needs the stream’s present head, so a bare writer must read its record back before its next append.
    const appends = (isReadBack: boolean) => async () => {
      const settled = await perSecond(1, seconds, async () => {
        const id = randomUUID();
        const back = new Promise<void>(resolve => arrived.set(id, resolve));
        await append([{ id, value: JSON.stringify(post(next++)) }]);
        if (isReadBack) await back;
        arrived.delete(id);
        return true;
      });
      return { settled, wasted: 0 };
    };
    const measured = await inTurns(bench.rounds, { floor: appends(true), blind: appends(false), product });
    await Promise.all([log.close(), follower.close()]);
    await bare.close();
    return [
      {
        what: 'one hot story, 32 editors',
        unit: '/s',
        product: over(measured.product, ({ settled }) => settled),
        against: { name: 'floor', spread: over(measured.floor, ({ settled }) => settled) },
        target: ratioAtLeast(2),
      },
      {
        what: 'one hot story, 32 editors, against appends that are not read back',
        unit: '/s',
        product: over(measured.product, ({ settled }) => settled),
        against: { name: 'floor', spread: over(measured.blind, ({ settled }) => settled) },
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
