import { metricsOf } from '#platform';
import { openPool } from '#postgres';
import { buildName, loadProgress, projections } from '#projections';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { TestDesk } from '../loop/desk.fixture.js';
import { Status } from '../loop/status.js';
import { watchBuilds } from './builds-made.js';

const made = buildName(projections);
let desk: TestDesk;
beforeAll(async () => {
  desk = await TestDesk.open();
});
afterAll(() => desk?.drop());

const leading = () => Object.assign(new Status(), { role: 'leader' });
const stands = async (name: string, next: number, more = '') => {
  await loadProgress(desk.pool, projections, name);
  await desk.pool.query(`update dateline.build set next_offset = $2 ${more} where name = $1`, [name, next]);
};
const told = async (status: Status, pool = desk.pool) => {
  const registry = metricsOf('test');
  watchBuilds(status, pool, registry);
  return (await registry.metrics()).split('\n').filter(line => line.startsWith('dateline_rebuild'));
};
const samples = (build: string, ratio: number, folded: number, lag: number) => [
  `dateline_rebuild_progress_ratio{build="${build}",app="test"} ${ratio}`,
  `dateline_rebuild_folded_records{build="${build}",app="test"} ${folded}`,
  `dateline_rebuild_lag_records{build="${build}",app="test"} ${lag}`,
];

describe('metrics of candidate builds', () => {
  test('there is no metric if no build is live', async () => {
    await stands(made, 5);
    expect(await told(leading())).toEqual([]);
  });

  test('the leader exports the positions of candidate builds, without retired ones and those of verify', async () => {
    await stands(made, 400, ', live = true, promoted_at = now()');
    await stands(`${made}_a`, 390, ', promoted_at = now()');
    await stands('verify_1', 8);
    expect(await told(leading())).toEqual([]);
    await stands(`${made}_b`, 100);
    expect((await told(leading())).sort()).toEqual(samples(`${made}_b`, 0.25, 100, 300).sort());
    expect(await told(new Status())).toEqual([]);
  });

  test('there is no metric of builds while Postgres is away', async () => {
    const { href } = Object.assign(new URL(desk.databaseUrl), { pathname: '/nowhere' });
    const pool = openPool(href, { application: 'test', max: 1 });
    expect(await told(leading(), pool)).toEqual([]);
    await pool.end();
  });
});
