// Checks that reads of a long story's past fit into a reader-api with the memory limit of compose:
// TEST_KIND=bench npx jest -c test/jest.config.mjs test/bench/past
import { afterAll, beforeAll, test } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { story } from '../../apps/audit/src/newsroom.fixture.js';
import { startApp } from '../harness/app.js';
import type { TestNewsroom } from '../harness/newsroom.js';
import { longStory } from './long-story.js';

const commits = Number(process.env.BENCH_COMMITS ?? 5_000);
/** The limit in docker/compose.yaml, in MiB. */
const heap = Number(process.env.BENCH_HEAP ?? 352);
const patience = 1_800_000;

let newsroom: TestNewsroom;
beforeAll(async () => {
  newsroom = await longStory(commits, 600);
}, patience);
afterAll(() => newsroom?.close());

const mebibytes = (kilobytes: string | undefined) => Math.round(Number(kilobytes) / 1_024);

test.each(['timeline', 'history', 'history with another moment'])(
  'two reads of the past at once: %s',
  async what => {
    const schema = await newsroom.onDatabase(async client => {
      const { rows } = await client.query<{ name: string }>('select name from dateline.build where live');
      return rows[0]!.name;
    });
    for (const size of [commits / 4, commits / 2, (commits * 3) / 4, commits]) {
      const env = {
        ...newsroom.envOf('reader-api'),
        NODE_OPTIONS: `--max-old-space-size=${heap}`,
        PAST_COMMITS: String(commits),
      };
      const reader = await startApp('reader-api', env);
      const instant = async (position: number) => {
        const { rows } = await newsroom.onDatabase(client =>
          client.query<{ recorded: string }>(
            `select recorded from ${schema}.commit where position <= $1 order by position desc limit 1`,
            [position],
          ),
        );
        return rows[0]!.recorded;
      };
      const path = async (position: number) => {
        if (what === 'timeline') return `/stories/${story}/timeline?position=${position}`;
        const other = what === 'history' ? '' : `&with=${await instant(position - 5)}`;
        return `/s/${story}/history?clock=known&at=${await instant(position)}${other}`;
      };
      const began = performance.now();
      const asked = [await path(size), await path(size - 2)].map(async address =>
        fetch(reader.url + address).then(
          async answer => [answer.status, (await answer.text()).length],
          (error: Error) => error.message,
        ),
      );
      const answers = await Promise.all(asked);
      const took = Math.round(performance.now() - began);
      const status = reader.process.exitCode === null ? readFileSync(`/proc/${reader.process.pid}/status`, 'utf8') : '';
      const peak = mebibytes(/VmHWM:\s+(\d+)/.exec(status)?.[1]);
      console.log(`${what}, ${size} commits: ${JSON.stringify(answers)}, ${took} ms, at most ${peak} MiB resident`);
      await reader.signal('SIGTERM');
    }
  },
  patience,
);
