import type { TestNewsroom } from '../../harness/newsroom.js';
import { inTurns, over, type Scenario } from '../bench.js';
import { atMost, ratioAtLeast } from '../figures.js';
import { folded, lastPosition, madeNewsroom } from '../made.js';
import { madeDevelopment, madeStory } from '../made-log.js';
import { output, peakMb } from '../process.js';

/** The number of commits per second that a projector folds into an empty database, and its peak memory. */
export const replay: Scenario = {
  name: 'replay',
  measures: 'a replay into an empty database, compared with a bare consumer that writes the same rows, and its memory',
  async run(bench) {
    const log = { commits: bench.size(1_000_000, 100_000) };
    const newsroom = await madeNewsroom(bench, log);
    const records = lastPosition(log);
    const measured = await inTurns(bench.size(1, Math.min(bench.rounds, 2)), {
      floor: () => bareReplay(newsroom, records),
      product: () => replayed(newsroom, records),
    });
    const what = `replay of ${log.commits.toLocaleString('en-US')} commits`;
    return [
      {
        what,
        unit: '/s',
        product: over(measured.product, ({ seconds }) => records / seconds),
        against: { name: 'floor', spread: over(measured.floor, ({ seconds }) => records / seconds) },
        target: ratioAtLeast(0.3),
      },
      {
        what: `${what}, most memory of the projector`,
        unit: 'MB',
        product: over(measured.product, ({ memory }) => memory),
        target: atMost(300),
      },
    ];
  },
};

async function replayed(newsroom: TestNewsroom, records: number): Promise<{ seconds: number; memory: number }> {
  await newsroom.projector!.signal('SIGTERM');
  await newsroom.losePostgres();
  const began = performance.now();
  await newsroom.startProjector();
  await folded(newsroom, records, 100);
  return { seconds: (performance.now() - began) / 1_000, memory: peakMb(newsroom.projector!) };
}

async function bareReplay(newsroom: TestNewsroom, records: number): Promise<{ seconds: number; memory: number }> {
  const build = await newsroom.onDatabase(async client => {
    await client.query('analyze');
    const { rows } = await client.query<{ name: string }>('select name from dateline.build where live');
    return rows[0]!.name;
  });
  const { KAFKA_BROKERS = '', DATABASE_URL = '', LOG_TOPIC = '' } = newsroom.env;
  const printed = await output(['dist/test/bench/bare/replay.js'], {
    KAFKA_BROKERS,
    DATABASE_URL,
    BARE_TOPIC: LOG_TOPIC,
    BUILD: build,
    STORY: madeStory(0),
    DEVELOPMENT: madeDevelopment(0, 500),
    RECORDS: String(records),
  });
  return { ...(JSON.parse(printed) as { seconds: number }), memory: 0 };
}
