import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { deadlyLine, terminate, testDatabase, type TestDatabase } from './database.fixture.js';
import { tryLock, type Lock } from './lock.js';

let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database?.drop());

/** The server may take a moment to close the connection that held it. */
async function soon(name: string): Promise<Lock> {
  for (;;) {
    const lock = await tryLock(database.url, name);
    if (lock) return lock;
    await new Promise(resolve => setTimeout(resolve, 20));
  }
}

describe('a lock', () => {
  test('a lock has one holder, even if many processes ask at the same time', async () => {
    const asked = await Promise.all(Array.from({ length: 8 }, () => tryLock(database.url, 'one')));
    const held = asked.filter(lock => lock !== undefined);
    expect(held).toHaveLength(1);
    const other = await tryLock(database.url, 'another');
    expect(other).toBeDefined();
    await Promise.all([held[0]!.release(), other!.release()]);
  });

  test('a released lock can be taken again, and its old holder is notified', async () => {
    const lock = await soon('released');
    await lock.release();
    await lock.lost;
    await (await soon('released')).release();
  });

  test('a lock is lost with its connection: its holder is notified, and another process can take it', async () => {
    const lock = await soon('lost');
    let lost = false;
    void lock.lost.then(() => (lost = true));
    await new Promise(resolve => setTimeout(resolve, 50));
    expect(lost).toBe(false);
    await terminate(database, 'lock lost');
    await lock.lost;
    const next = await soon('lost');
    await Promise.all([lock.release(), next.release()]);
  });

  test('an attempt to take a held lock leaves no connection open', async () => {
    const lock = await soon('kept');
    for (let round = 0; round < 3; round++) expect(await tryLock(database.url, 'kept')).toBeUndefined();
    const { rowCount } = await database.run(`select from pg_stat_activity where application_name = 'lock kept'`);
    expect(rowCount).toBe(1);
    await lock.release();
  });

  test('release returns over a dead connection too', async () => {
    const line = await deadlyLine(database);
    try {
      const lock = await tryLock(line.url, 'dead');
      line.die();
      // The server never confirms the end of a dead connection.
      await lock!.release();
      await lock!.lost;
    } finally {
      line.close();
    }
  });

  test('the lock of a holder that is cut off is free after a while, and the holder notices', async () => {
    const line = await deadlyLine(database);
    try {
      const lock = await tryLock(line.url, 'cut off');
      line.die();
      expect(await tryLock(database.url, 'cut off')).toBeUndefined();
      const next = await soon('cut off');
      await lock!.lost;
      await Promise.all([lock!.release(), next.release()]);
    } finally {
      line.close();
    }
  }, 40_000);

  test('tryLock rejects if no server answers', async () => {
    await expect(tryLock('postgres://nobody@127.0.0.1:1/none', 'x')).rejects.toMatchObject({ code: 'ECONNREFUSED' });
  });
});
