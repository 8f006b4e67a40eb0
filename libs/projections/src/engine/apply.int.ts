import { inTransaction, type Pool } from '#postgres';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import type { LogRecord } from '#event-log';
import fc from 'fast-check';
import { applyBatch, CheckpointMoved } from './apply.js';
import { buildName, dropBuild, useBuild } from '../builds/build.js';
import { heardWhile, testDatabase, type TestDatabase } from './database.fixture.js';
import type { Projection } from '../folds/fold.js';
import { hashBuild, type BuildHash } from '../builds/hash.js';
import { choices, history, recordsOf } from '../folds/history.fixture.js';
import { projections } from '../folds/list.js';
import { loadProgress } from './progress.js';
import { promote } from '../builds/swap.js';

const build = buildName(projections);
const records = recordsOf(history(choices(600, 11)));
const few = records.slice(0, 60);

let database: TestDatabase;
let pool: Pool;
let inOne: BuildHash;

beforeAll(async () => {
  database = await testDatabase();
  pool = database.pool;
  inOne = await replay(records, [Infinity]);
});
afterAll(() => database?.drop());
afterEach(() => inTransaction(pool, 'write', client => dropBuild(client, build)));

async function apply(log: readonly LogRecord[], sizes: readonly number[]): Promise<void> {
  let progress = await loadProgress(pool, projections);
  for (let at = progress.checkpoint.next_offset, turn = 0; at < log.length; turn++)
    progress = await applyBatch(database, projections, progress, log.slice(at, (at += sizes[turn % sizes.length]!)));
}

async function replay(log: readonly LogRecord[], sizes: readonly number[]): Promise<BuildHash> {
  await inTransaction(pool, 'write', client => dropBuild(client, build));
  await apply(log, sizes);
  return hashBuild(pool, build, projections);
}

/** A pool whose connections begin no transaction. */
function withoutTransactions(pool: Pool): Pool {
  const connect = async () => {
    const client = await pool.connect();
    const query = client.query.bind(client) as (...statement: unknown[]) => unknown;
    const failing = (...statement: unknown[]) =>
      statement[0] === 'begin' ? query('select 1 / 0') : query(...statement);
    return Object.assign(Object.create(client) as typeof client, { query: failing });
  };
  return { connect } as unknown as Pool;
}

const checkpoint = async () => (await pool.query('select * from dateline.build')).rows;

describe('a build', () => {
  test.each([1, 7, 500])('a build that is applied in batches of %i has the same hash as in one batch', async size => {
    expect(await replay(records, [size])).toEqual(inOne);
    expect(inOne.position).toBeGreaterThan(200);
    // A mention never ends and nothing is taken down, so these are as empty as the quarantine.
    const { actor_mention_past: _, story_shredded: _none, ...tables } = inOne.tables;
    expect(new Set(Object.values(tables)).size).toBe(Object.keys(tables).length);
    expect(Object.keys(inOne.tables)).toContain('timeline_past');
  });

  test('a build has the same hash for any batches, even if each batch starts from the stored state', async () => {
    const sizes = fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 6 });
    const whole = await replay(few, [Infinity]);
    await fc.assert(
      fc.asyncProperty(sizes, async splits => {
        await inTransaction(pool, 'write', client => dropBuild(client, build));
        for (let end = 0, turn = 0; end < few.length; turn++)
          await apply(few.slice(0, (end += splits[turn % splits.length]!)), [Infinity]);
        expect(await hashBuild(pool, build, projections)).toEqual(whole);
      }),
      { numRuns: 8 },
    );
  });

  test('a changed row changes the hash of its table and of the build', async () => {
    await apply(records, [500]);
    const changed = await inTransaction(pool, 'write', async client => {
      await useBuild(client, build);
      return client.query(`update actor set name = name || ' '`);
    });
    expect(changed.rowCount).toBeGreaterThan(0);
    const { tables, all } = await hashBuild(pool, build, projections);
    expect(all).not.toBe(inOne.all);
    expect({ ...tables, actor: inOne.tables.actor }).toEqual(inOne.tables);
  });

  test('a build has the same hash in sessions with any time zone, date style and language', async () => {
    await apply(records, [500]);
    for (const settings of [
      '-c timezone=Asia/Kolkata -c datestyle=German',
      '-c lc_messages=C -c extra_float_digits=-5 -c bytea_output=escape',
    ])
      expect(await hashBuild(database.open(settings), build, projections)).toEqual(inOne);
  });
});

describe('a batch', () => {
  test('a batch for a build that is not live sends no notification', async () => {
    expect(await heardWhile(pool, () => apply(few, [30]))).toEqual([]);
  });

  test('a batch for the live build sends one notification, with its last position', async () => {
    await loadProgress(pool, projections);
    await inTransaction(pool, 'write', client => promote(client, build));
    const heard = await heardWhile(pool, () => apply(few, [30]));
    const [{ position, next_offset }] = await checkpoint();
    expect(next_offset).toBe(few.length);
    expect(heard).toEqual([
      { build, position: expect.any(Number) },
      { build, position },
    ]);
  });

  test('a batch that fails half-way writes nothing, and succeeds when it is applied again', async () => {
    await apply(few, [40]);
    const [before, hash] = [await checkpoint(), await hashBuild(pool, build, projections)];
    const failing = projections.map((projection): Projection => {
      if (projection.name !== 'actors') return projection;
      // An error from the database, after the other projections have written.
      return { ...projection, fold: () => [{ table: 'actor', put: { actor: 'x', position: 1 } }] };
    });
    const more = records.slice(few.length, few.length + 40);
    const progress = await loadProgress(pool, projections);
    await expect(applyBatch(database, failing, progress, more)).rejects.toMatchObject({ code: '23502' });
    expect([await checkpoint(), await hashBuild(pool, build, projections)]).toEqual([before, hash]);
    await applyBatch(database, projections, progress, more);
    expect((await checkpoint())[0].next_offset).toBe(100);
  });

  test('whose transaction does not begin writes nothing, though its first statements had left', async () => {
    await apply(few, [60]);
    const progress = await loadProgress(pool, projections);
    const before = await checkpoint();
    const unable = { ...database, pool: withoutTransactions(pool) };
    await expect(applyBatch(unable, projections, progress, records.slice(60, 70))).rejects.toMatchObject({
      code: '22012',
    });
    expect(await checkpoint()).toEqual(before);
  });

  test('of several processes that apply a batch at once, one writes and the others get CheckpointMoved', async () => {
    await apply(few, [20]);
    const progress = await loadProgress(pool, projections);
    const batches = [records.slice(60, 90), records.slice(60, 75), records.slice(60, 110)];
    const outcomes = await Promise.allSettled(batches.map(batch => applyBatch(database, projections, progress, batch)));
    const lost = outcomes.filter(outcome => outcome.status === 'rejected');
    expect(lost.map(({ reason }) => reason)).toEqual([expect.any(CheckpointMoved), expect.any(CheckpointMoved)]);
    const [{ next_offset }] = await checkpoint();
    const applied = await hashBuild(pool, build, projections);
    expect(batches.map(batch => batch.at(-1)!.offset + 1)).toContain(next_offset);
    expect(await replay(records.slice(0, next_offset), [Infinity])).toEqual(applied);
  });

  test('a batch for a build that was dropped meanwhile gets CheckpointMoved', async () => {
    await apply(few, [60]);
    const progress = await loadProgress(pool, projections);
    await inTransaction(pool, 'write', client => dropBuild(client, build));
    await expect(applyBatch(database, projections, progress, records.slice(60, 70))).rejects.toThrow(CheckpointMoved);
  });

  test('applying a batch while its build is dropped does not deadlock', async () => {
    for (let round = 0; round < 4; round++) {
      await apply(few, [60]);
      const progress = await loadProgress(pool, projections);
      const batch = applyBatch(database, projections, progress, records.slice(60, 160)).catch(error => {
        expect(error).toBeInstanceOf(CheckpointMoved);
      });
      await Promise.all([batch, inTransaction(pool, 'write', client => dropBuild(client, build))]);
    }
  });

  test('a batch moves the checkpoint past void records too', async () => {
    const [genesis] = recordsOf([]);
    const stranger = recordsOf([], 'another log').map(record => ({ ...record, offset: 1 }));
    await apply([genesis!, ...stranger], [2]);
    expect(await checkpoint()).toMatchObject([{ log: genesis!.headers.ce_id, position: 1, next_offset: 2 }]);
  });
});
