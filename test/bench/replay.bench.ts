// Measures a replay from an empty database: TEST_KIND=bench npx jest -c test/jest.config.mjs test/bench/replay
import { afterAll, expect, test } from '@jest/globals';
import { setTimeout as sleep } from 'node:timers/promises';
import { TestNewsroom } from '../harness/newsroom.js';
import { longLog } from './long-log.js';

const developments = Number(process.env.BENCH_COMMITS ?? 100_000);
const patience = 3_600_000;

let newsroom: TestNewsroom | undefined;
afterAll(() => newsroom?.close());

test(
  'a projector folds a log of sealed developments into an empty database',
  async () => {
    let [last, began] = [0, 0];
    const prepare = async (env: Readonly<Record<string, string>>) => {
      last = await longLog(env, developments);
      began = performance.now();
    };
    // The projector starts after the log is complete.
    const env = { NODE_OPTIONS: process.env.BENCH_NODE_OPTIONS ?? '' };
    newsroom = await TestNewsroom.open({ editors: 0, reader: false, env, prepare });
    const started = performance.now();
    const look = 'select position from dateline.build where live';
    let position = 0;
    const at: string[] = [];
    for (let next = 0.25; position < last; await sleep(100)) {
      const { rows } = await newsroom.onDatabase(client => client.query<{ position: number }>(look));
      position = rows[0]?.position ?? 0;
      for (; position >= next * last && next <= 1; next += 0.25)
        at.push(`${next * 100} % after ${((performance.now() - started) / 1_000).toFixed(1)} s`);
    }
    const seconds = (performance.now() - began) / 1_000;
    expect(position).toBe(last);
    console.log(JSON.stringify({ commits: last, seconds, rate: Math.round(last / seconds), at }));
  },
  patience,
);
