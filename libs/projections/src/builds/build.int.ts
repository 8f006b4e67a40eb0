import { inTransaction, type Pool } from '#postgres';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { applyBatch } from '../engine/apply.js';
import { buildName, dropBuild, dropUnlessLive, ensureBuild } from './build.js';
import { checkpointOf } from './checkpoints.js';
import { testDatabase, type TestDatabase } from '../engine/database.fixture.js';
import { choices, history, recordsOf } from '../folds/history.fixture.js';
import { projections } from '../folds/list.js';
import { loadProgress } from '../engine/progress.js';
import { promote } from './swap.js';
import { NoLiveBuild, reading } from '../queries/reading.js';
import { setTimeout as sleep } from 'node:timers/promises';

const next = projections.map(projection => ({ ...projection, version: projection.version + 1 }));
const [blue, green] = [buildName(projections), buildName(next)];
const records = recordsOf(history(choices(60, 3)));

let database: TestDatabase;
let pool: Pool;
beforeAll(async () => {
  database = await testDatabase();
  pool = database.pool;
});
afterAll(() => database?.drop());
beforeEach(() =>
  inTransaction(pool, 'write', async client => {
    await dropBuild(client, blue);
    await dropBuild(client, green);
  }),
);

const live = async () => (await pool.query('select name from dateline.build where live')).rows.map(({ name }) => name);
const goLive = (build: string) => inTransaction(pool, 'write', client => promote(client, build));

/** Applies the log up to an offset. */
async function apply(to: number, made = projections): Promise<void> {
  const progress = await loadProgress(pool, made);
  await applyBatch(database, made, progress, records.slice(progress.checkpoint.next_offset, to));
}

describe('a build', () => {
  test("a build's name changes with a projection's version and with the set of projections", () => {
    expect(new Set([blue, green, buildName(projections.slice(1))]).size).toBe(3);
    expect(buildName([...projections])).toBe(blue);
    expect(blue).toMatch(/^build_[0-9a-f]{12}$/);
  });

  test('a build is created once, even by several processes at the same time, and can then be applied to', async () => {
    const made = await Promise.all(
      [1, 2, 3, 4].map(() => inTransaction(pool, 'write', client => ensureBuild(client, projections))),
    );
    expect(made).toEqual(
      Array(4).fill({
        name: blue,
        made: blue,
        log: null,
        position: 0,
        next_offset: 0,
        last_record: null,
        live: false,
        promoted_at: null,
        kept: false,
        folded: null,
        shredded: null,
      }),
    );
    await apply(20);
    expect((await loadProgress(pool, projections)).checkpoint.next_offset).toBe(20);
  });

  test('dropping a build drops its tables and its checkpoint, and no other build', async () => {
    await apply(20);
    await apply(20, next);
    await inTransaction(pool, 'write', client => dropBuild(client, blue));
    await inTransaction(pool, 'read', async client => {
      expect(await checkpointOf(client, blue)).toBeUndefined();
      expect(await checkpointOf(client, green)).toMatchObject({ next_offset: 20 });
    });
    expect((await pool.query('select from pg_namespace where nspname = any($1)', [[blue, green]])).rowCount).toBe(1);
  });

  test('a build that goes live while it is to be dropped stays, and one that readers left goes', async () => {
    await apply(20);
    await apply(20, next);
    await goLive(blue);
    const drop = (build: string) => inTransaction(pool, 'write', client => dropUnlessLive(client, build));
    let dropping: Promise<boolean> | undefined;
    await inTransaction(pool, 'write', async client => {
      await promote(client, green);
      dropping = drop(green);
      await sleep(200);
    });
    expect([await dropping, await drop(blue), await drop('build_none')]).toEqual([false, true, false]);
    expect((await pool.query('select name, live from dateline.build')).rows).toEqual([{ name: green, live: true }]);
  });
});

describe('reading', () => {
  test('reading is refused if no build is live', async () => {
    await apply(20);
    await expect(reading(database, async () => 1)).rejects.toThrow(NoLiveBuild);
  });

  test('a read sees one build at one position to its end, even if another build goes live or commits are applied', async () => {
    await apply(20);
    await goLive(blue);
    await apply(50, next);
    const position = async () => reading(database, async ({ build, position }) => [build, position]);
    const [, before] = await position();
    await reading(database, async ({ client, build, position }) => {
      const count = async () => (await client.query('select count(*) from timeline_change')).rows[0].count;
      const first = await count();
      await goLive(green);
      await apply(40);
      expect([await count(), build, position]).toEqual([first, blue, before]);
    });
    expect(await position()).toEqual([green, (await loadProgress(pool, next)).checkpoint.position]);
  });

  test('a read sees exactly one build while two builds go live in turn', async () => {
    await apply(20);
    await apply(50, next);
    await goLive(blue);
    let done = false;
    const turns = (async () => {
      for (let turn = 0; turn < 30; turn++) await goLive(turn % 2 ? blue : green);
      done = true;
    })();
    const rows = { [blue]: 0, [green]: 0 };
    for (const build of [blue, green])
      rows[build] = (await pool.query(`select count(*) from ${build}.timeline_change`)).rows[0].count;
    while (!done)
      await reading(database, async ({ client, build }) => {
        const { rows: found } = await client.query('select count(*) from timeline_change');
        expect(found[0].count).toBe(rows[build]);
      });
    await turns;
    expect(await live()).toEqual([blue]);
  });

  test('a read cannot write', async () => {
    await apply(20);
    await goLive(blue);
    await expect(reading(database, ({ client }) => client.query('delete from story_state_now'))).rejects.toMatchObject({
      code: '25006',
    });
  });
});
