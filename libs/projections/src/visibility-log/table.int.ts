import { inTransaction, type Client } from '#postgres';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { applyBatch } from '../engine/apply.js';
import { testDatabase, type TestDatabase } from '../engine/database.fixture.js';
import type { Projection } from '../folds/fold.js';
import { choices, history, recordsOf } from '../folds/history.fixture.js';
import { projections } from '../folds/list.js';
import { loadProgress } from '../engine/progress.js';
import { promote } from '../builds/swap.js';
import type { VisibilityEntry } from './entry.js';
import { lastVisibility, markVisibilitySent, takeOverVisibility, unsentVisibility, visibleAt } from './table.js';

const records = recordsOf(history(choices(40, 3)));
const winners = 12;

let database: TestDatabase;
beforeEach(async () => {
  database = await testDatabase();
});
afterEach(() => database.drop());

const entriesHeld = async () =>
  (await database.pool.query<VisibilityEntry>('select first, last, at from dateline.visibility order by last')).rows;
const ranges = async () => (await entriesHeld()).map(({ first, last }) => [first, last]);
const read = <T>(run: (client: Client) => Promise<T>) => inTransaction(database.pool, 'read', run);
async function readEach<A, T>(asked: readonly A[], run: (client: Client, asked: A) => Promise<T>): Promise<T[]> {
  const found: T[] = [];
  for (const one of asked) found.push(await read(client => run(client, one)));
  return found;
}

async function apply(by: readonly Projection[], from: number, to: number) {
  const progress = await applyBatch(database, by, await loadProgress(database.pool, by), records.slice(from, to));
  return progress.checkpoint;
}
const goLive = async (by: readonly Projection[]) => {
  const { checkpoint } = await loadProgress(database.pool, by);
  await inTransaction(database.pool, 'write', client => promote(client, checkpoint.name));
};

describe('the visibility log', () => {
  test('a build that is not live enters nothing, and everything at once when it goes live', async () => {
    const { position } = await apply(projections, 0, winners);
    expect(await ranges()).toEqual([]);
    await goLive(projections);
    expect(await ranges()).toEqual([[1, position]]);
    const { position: next } = await apply(projections, winners, winners + 3);
    expect(await ranges()).toEqual([
      [1, position],
      [position + 1, next],
    ]);
  });

  test('no position is entered twice, in another build, in a replay, or when a build goes live', async () => {
    await goLive(projections);
    const { position } = await apply(projections, 0, winners);
    const before = await entriesHeld();
    const others = projections.map(projection => ({ ...projection, version: projection.version + 1 }));
    await apply(others, 0, winners - 2);
    await goLive(others);
    expect(await entriesHeld()).toEqual(before);
    // Readers no longer use the old build, so nobody sees its later rows.
    await apply(projections, winners, winners + 3);
    expect(await entriesHeld()).toEqual(before);
    const { position: next } = await apply(others, winners - 2, winners + 3);
    expect(await ranges()).toEqual([
      [1, position],
      [position + 1, next],
    ]);
  });

  test("an entry is written in the batch's transaction, so a failed batch leaves none", async () => {
    await goLive(projections);
    const progress = await loadProgress(database.pool, projections);
    await applyBatch(database, projections, progress, records.slice(0, 3));
    await expect(applyBatch(database, projections, progress, records.slice(0, 5))).rejects.toThrow('Another projector');
    expect(await ranges()).toEqual([[1, 3]]);
  });

  test("an entry's time is never before the last one's, even if the clock is", async () => {
    await takeOverVisibility(database.pool, [{ first: 1, last: 2, at: '2999-01-01T00:00:00.000Z' }]);
    await goLive(projections);
    await apply(projections, 0, 5);
    expect((await entriesHeld()).at(-1)).toEqual({ first: 3, last: 5, at: '2999-01-01T00:00:00.000Z' });
  });

  test('an entry that is marked as sent leads to the next one, and its commit does not wait for the disk', async () => {
    const { pool } = database;
    const at = '2026-01-01T00:00:01.000Z';
    const entries = [1, 2, 3].map(last => ({ first: last, last, at }));
    await takeOverVisibility(pool, entries);
    await pool.query('update dateline.visibility set sent = false where last > 1');
    await pool.query(`create table public.waits (wait text);
      create function public.note_wait() returns trigger language plpgsql as
        $$ begin insert into public.waits values (current_setting('synchronous_commit')); return null; end $$;
      create trigger note after update on dateline.visibility for each row execute function public.note_wait()`);
    expect(await unsentVisibility(pool)).toEqual(entries[1]);
    expect(await markVisibilitySent(pool, entries[1]!)).toEqual(entries[2]);
    expect(await unsentVisibility(pool)).toEqual(entries[2]);
    expect(await markVisibilitySent(pool, entries[2]!)).toBeUndefined();
    expect(await unsentVisibility(pool)).toBeUndefined();
    const { rows } = await pool.query('select wait from public.waits');
    expect(rows).toEqual([{ wait: 'off' }, { wait: 'off' }]);
    expect((await pool.query('show synchronous_commit')).rows).toEqual([{ synchronous_commit: 'on' }]);
  });

  test('visibleAt gives the last position that was visible at an instant', async () => {
    const at = (second: number) => `2026-01-01T00:00:0${second}.000Z`;
    const entries = [
      { first: 1, last: 3, at: at(1) },
      { first: 4, last: 4, at: at(2) },
      { first: 5, last: 7, at: at(2) },
    ];
    await takeOverVisibility(database.pool, [...entries, entries[0]!, entries[1]!]);
    await takeOverVisibility(database.pool, entries);
    expect(await entriesHeld()).toEqual(entries);
    const seen = [at(0), at(1), '2026-01-01T00:00:01.999Z', at(2), at(3)];
    expect(await readEach(seen, visibleAt)).toEqual([0, 3, 3, 7, 7]);
    expect(await read(lastVisibility)).toEqual(entries[2]);
  });
});
