import { setTimeout as sleep } from 'node:timers/promises';
import { load } from '../../faults/rebuild.fixture.js';
import { audit, lastLine, succeeds } from '../../harness/audit.js';
import type { Scenario } from '../bench.js';
import { expectStatus } from '../client.js';
import { percentile, spreadOf } from '../figures.js';
import { madeNewsroom } from '../made.js';
import { editorOf } from '../posts.js';

const pauseMs = 50;

/** The rate of a rebuild beside the live build, and its effect on readers. */
export const rebuild: Scenario = {
  name: 'rebuild',
  measures: 'the rate of a rebuild, and reads during it, while two editors post and two readers read',
  async run(bench) {
    const commits = bench.size(20_000, 5_000);
    const newsroom = await madeNewsroom(bench, { commits, developments: commits });
    // `load` posts to this story, with this speaker.
    const opening = await editorOf(newsroom);
    expectStatus(await opening.post('/actors', { id: 'mayor', name: 'The mayor', kind: 'person' }), 201, 409);
    expectStatus(await opening.post('/stories', { id: 'storm', title: 'The storm', zone: 'UTC' }), 201, 409);
    opening.close();
    const editors = [await newsroom.as(['editor']), await newsroom.as(['editor'])];
    const loaded = load(newsroom, editors, pauseMs);
    await sleep(bench.size(20_000, 8_000));
    const began = performance.now();
    const report = lastLine(await succeeds(audit(newsroom, 'rebuild', '--json')));
    const ended = performance.now();
    await loaded.stop();
    if (loaded.wrong.length > 0) throw new Error(loaded.wrong.slice(0, 5).join('; '));
    const reads = (from: number, to: number) =>
      loaded.reads.filter(({ at }) => at >= from && at < to).map(({ ms }) => ms);
    const p95 = (times: readonly number[]) => spreadOf([percentile(times, 0.95)]);
    return [
      { what: 'rebuild beside the live build', unit: '/s', product: spreadOf([Number(report.rate)]) },
      {
        what: 'read of the timeline during a rebuild, p95',
        unit: 'ms',
        product: p95(reads(began, ended)),
        against: { name: 'before', spread: p95(reads(0, began)) },
      },
    ];
  },
};
