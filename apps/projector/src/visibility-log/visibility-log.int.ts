import type { LogAppender } from '#event-log';
import type { VisibilityEntry } from '#projections';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { Running } from '../running.fixture.js';
import { WatchedNewsroom } from './newsroom.fixture.js';

let newsroom: WatchedNewsroom;
const running: Running[] = [];
beforeEach(async () => {
  newsroom = await WatchedNewsroom.open();
});
afterEach(async () => {
  await Promise.all(running.splice(0).map(projector => projector.close()));
  await newsroom.close();
});

const silent = ({ close }: LogAppender): LogAppender => ({ append: async () => 'not-sent', close });

function project(...how: Parameters<WatchedNewsroom['project']>): Running {
  const projector = newsroom.project(...how);
  running.push(projector);
  return projector;
}

async function until<T>(ask: () => Promise<T>, reached: (found: T) => boolean): Promise<T> {
  for (const end = Date.now() + 30_000; ; await new Promise(resolve => setTimeout(resolve, 30))) {
    const found = await ask();
    if (reached(found)) return found;
    if (Date.now() > end) throw new Error(`Not reached: ${JSON.stringify(found)}`);
  }
}
const upTo = (position: number) =>
  until(
    () => newsroom.table(),
    rows => rows.at(-1)?.last === position,
  );
const sentUpTo = (position: number) =>
  until(
    () => newsroom.table(),
    rows => rows.at(-1)?.last === position && rows.every(({ sent }) => sent),
  );
const entries = (rows: readonly VisibilityEntry[]) => rows.map(({ first, last, at }) => ({ first, last, at }));

/** Asserts that every position from 1 to `last` occurs once, at increasing times. */
function expectWhole(rows: readonly VisibilityEntry[], last: number): void {
  expect(rows.flatMap(row => Array.from({ length: row.last - row.first + 1 }, (_, i) => row.first + i))).toEqual(
    Array.from({ length: last }, (_, i) => i + 1),
  );
  expect(rows.map(({ at }) => at)).toEqual(rows.map(({ at }) => at).sort());
}

describe('the visibility log', () => {
  test('each batch that readers see gives an entry, in the table at once and in the topic later', async () => {
    const before = new Date().toISOString();
    await newsroom.post(7);
    project(3);
    const table = await sentUpTo(7);
    expectWhole(table, 7);
    expect(table.length).toBeGreaterThanOrEqual(3);
    expect(table[0]!.at >= before && table.at(-1)!.at <= new Date().toISOString()).toBe(true);
    await newsroom.post(1);
    const [next] = (await sentUpTo(8)).slice(-1);
    expect(next).toMatchObject({ first: 8, last: 8 });
    expect(await newsroom.kept()).toEqual(entries(await newsroom.table()));
  });

  test('after the projector was killed before sending, entries are sent with their first times', async () => {
    await newsroom.post(4);
    const killed = project(2, { send: silent });
    const before = await upTo(4);
    await killed.stop();
    expect(before.some(({ sent }) => sent)).toBe(false);
    expect(await newsroom.kept()).toEqual([]);
    project(2);
    const after = await sentUpTo(4);
    expect(entries(after)).toEqual(entries(before));
    expect(await newsroom.kept()).toEqual(entries(before));
  });

  test('sending is retried until the topic accepts the entries, without new commits', async () => {
    await newsroom.post(2);
    let refused = 0;
    const send = ({ append, close }: LogAppender): LogAppender => ({
      append: record => (refused++ < 2 ? Promise.resolve('unknown') : append(record)),
      close,
    });
    project(500, { send });
    await sentUpTo(2);
    expect(refused).toBeGreaterThan(2);
  });

  test('after Postgres is lost, it is read from the topic, without repeats, and the replay adds nothing', async () => {
    await newsroom.post(6);
    const first = project(2);
    const before = await sentUpTo(6);
    await first.stop();
    await newsroom.run('update dateline.visibility set sent = false where last > 3');
    const again = project(2);
    await sentUpTo(6);
    await again.stop();
    const kept = await newsroom.kept();
    expect(kept.length).toBeGreaterThan(before.length);

    await newsroom.losePostgres();
    const { status } = project(1);
    await until(
      async () => status.progress?.checkpoint,
      checkpoint => checkpoint?.position === 6 && checkpoint.live,
    );
    expect(entries(await newsroom.table())).toEqual(entries(before));
    expect(await newsroom.kept()).toEqual(kept);
    await newsroom.post(1);
    expectWhole(await sentUpTo(7), 7);
  });

  test('after an old backup of Postgres is restored, it is completed from the topic', async () => {
    await newsroom.post(5);
    const first = project(1);
    const before = await sentUpTo(5);
    await first.stop();
    await newsroom.run('delete from dateline.visibility where last > 2');
    project(500);
    expect(entries(await upTo(5))).toEqual(entries(before));
    expect(await newsroom.kept()).toEqual(entries(before));
  });

  test('records in the topic that are not entries are ignored', async () => {
    await newsroom.post(3);
    const first = project(500);
    const before = await sentUpTo(3);
    await first.stop();
    await newsroom.spoil('no entry');
    await newsroom.losePostgres();
    project(500);
    expect(entries(await upTo(3))).toEqual(entries(before));
  });

  test('a standby that takes over continues it without gaps', async () => {
    await newsroom.post(3);
    const leader = project(500);
    await sentUpTo(3);
    const standby = project(500);
    await until(
      async () => standby.status.role,
      role => role === 'standby',
    );
    await leader.stop();
    await newsroom.post(2);
    const table = await sentUpTo(5);
    expectWhole(table, 5);
    expect(await newsroom.kept()).toEqual(entries(table));
  });
});
