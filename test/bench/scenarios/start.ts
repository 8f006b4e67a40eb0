import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { startApp, type App } from '../../harness/app.js';
import type { TestNewsroom } from '../../harness/newsroom.js';
import { over, type Bench, type Scenario } from '../bench.js';
import { atLeast, atMost, type Figure } from '../figures.js';
import { firstReadMs, lastPosition, madeLog } from '../made.js';
import { peakMb } from '../process.js';

/** The time from the start of an editor-api until it accepts posts, and its peak memory until then. */
export const start: Scenario = {
  name: 'start',
  measures: 'first and later starts of an editor-api at 10,000, 100,000 and 1,000,000 commits, and its memory',
  async run(bench) {
    const figures: Figure[] = [];
    const sizes = bench.lengths([10_000, 100_000, 1_000_000]);
    for (const commits of sizes) figures.push(...(await startsAt(bench, commits, commits === sizes.at(-1))));
    return figures;
  },
};

async function startsAt(bench: Bench, commits: number, isLargest: boolean): Promise<Figure[]> {
  const newsroom = await madeLog(bench, { commits });
  const [first, again]: Started[][] = [[], []];
  for (let round = 0; round < bench.rounds; round++) {
    const folder = await mkdtemp(join(tmpdir(), 'dateline-bench-'));
    first!.push(await started(newsroom, folder));
    again!.push(await started(newsroom, folder));
    await rm(folder, { recursive: true });
  }
  const at = `at ${commits.toLocaleString('en-US')} commits`;
  return [
    {
      what: `editor-api, first start ${at}`,
      unit: '/s',
      product: over(first!, ({ seconds }) => lastPosition({ commits }) / seconds),
      // With fewer commits, the start of the process itself takes most of the time.
      ...(isLargest && { target: atLeast(40_000) }),
    },
    {
      what: `editor-api, started again ${at}`,
      unit: 's',
      product: over(again!, ({ seconds }) => seconds),
      target: atMost(2),
    },
    {
      what: `editor-api, memory of a first start ${at}`,
      unit: 'MB',
      product: over(first!, ({ memory }) => memory),
    },
    {
      what: `editor-api, memory ${at}`,
      unit: 'MB',
      product: over(again!, ({ memory }) => memory),
      target: atMost(300),
    },
  ];
}

interface Started {
  readonly seconds: number;
  /** The peak resident memory until it was ready. */
  readonly memory: number;
}

async function started(newsroom: TestNewsroom, folder: string): Promise<Started> {
  const began = performance.now();
  // The editor-api keeps its state on disk in this folder.
  const env = { ...newsroom.envOf('editor-api'), STATE_DIR: folder };
  const editor = await startApp('editor-api', env, firstReadMs);
  await ready(editor);
  const seconds = (performance.now() - began) / 1_000;
  const memory = peakMb(editor);
  await editor.signal('SIGTERM');
  return { seconds, memory };
}

async function ready({ url }: App): Promise<void> {
  for (const began = performance.now(); performance.now() - began < firstReadMs; await sleep(20))
    if ((await fetch(`${url}/health/ready`)).status === 200) return;
  throw new Error('The editor-api was not ready in time.');
}
