// Measures a rebuild: TEST_KIND=bench npx jest -c test/jest.config.mjs test/bench/rebuild
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { setTimeout as sleep } from 'node:timers/promises';
import { load, p95 } from '../faults/rebuild.fixture.js';
import { audit, lastLine, succeeds } from '../harness/audit.js';
import type { TestNewsroom } from '../harness/newsroom.js';
import { longStory } from './long-story.js';

const developments = Number(process.env.BENCH_COMMITS ?? 20_000);
const patience = 1_800_000;

let newsroom: TestNewsroom;
beforeAll(async () => {
  newsroom = await longStory(developments);
}, patience);
afterAll(() => newsroom?.close());

test(
  'a rebuild while two editors post and two readers read',
  async () => {
    const editors = [await newsroom.as(['editor']), await newsroom.as(['editor'])];
    const loaded = load(newsroom, editors, 50);
    await sleep(20_000);
    const began = performance.now();
    const report = lastLine(await succeeds(audit(newsroom, 'rebuild', '--json')));
    const ended = performance.now();
    await sleep(5_000);
    await loaded.stop();
    expect(loaded.wrong).toEqual([]);
    const before = loaded.reads.filter(({ at }) => at < began).map(({ ms }) => ms);
    const during = loaded.reads.filter(({ at }) => at >= began && at < ended).map(({ ms }) => ms);
    const { records, seconds, rate } = report;
    const figures = {
      reads: [before.length, during.length],
      p95: [p95(before), p95(during)],
      posted: loaded.posted.length,
    };
    console.log(JSON.stringify({ records, seconds, rate, ...figures, ratio: p95(during) / p95(before) }));
  },
  patience,
);
