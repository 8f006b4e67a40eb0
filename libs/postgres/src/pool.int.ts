import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { deadlyLine, terminate, testDatabase, until, type TestDatabase } from './database.fixture.js';
import { allOf, inShortTransaction, inTransaction, openPool, type Client, type Pool } from './pool.js';
import { preparing, sizeClass } from './prepared.js';

let database: TestDatabase;
let pool: Pool;

beforeAll(async () => {
  database = await testDatabase();
  pool = openPool(database.url, { application: 'pool test', max: 2 });
  await pool.query('create table note (text text primary key)');
});
afterAll(async () => {
  await pool?.end();
  await database?.drop();
});

const notes = async () =>
  (await pool.query<{ text: string }>('select text from note order by text')).rows.map(r => r.text);
const note = (client: Client, text: string) => client.query('insert into note values ($1)', [text]);

describe('a transaction', () => {
  test('a transaction commits its writes and returns the result of its function', async () => {
    expect(await inTransaction(pool, 'write', async client => (await note(client, 'kept')).rowCount)).toBe(1);
    expect(await notes()).toContain('kept');
  });

  test('a failed transaction writes nothing, rejects with the original error, and its connection is used again', async () => {
    const failure = new Error('no');
    for (let round = 0; round < 5; round++)
      await expect(
        inTransaction(pool, 'write', async client => {
          await note(client, 'lost');
          throw failure;
        }),
      ).rejects.toBe(failure);
    const broken = inTransaction(pool, 'write', async client => {
      await note(client, 'lost');
      await client.query('select 1 / 0');
    });
    await expect(broken).rejects.toMatchObject({ code: '22012' });
    expect(await notes()).not.toContain('lost');
    expect(pool.totalCount).toBe(1);
  });

  test('a read transaction sees one snapshot and cannot write', async () => {
    await inTransaction(pool, 'read', async client => {
      const count = async () => (await client.query('select count(*) from note')).rows[0].count;
      const before = await count();
      await database.run(`insert into note values ('meanwhile')`);
      expect(await count()).toBe(before);
      await expect(note(client, 'refused')).rejects.toMatchObject({ code: '25006' });
    }).catch(error => expect(error).toMatchObject({ code: '25P02' }));
    expect(await notes()).toContain('meanwhile');
  });

  test('statements that are sent together in a transaction run in order', async () => {
    await database.run('create table together (text text)');
    await inTransaction(pool, 'write', async client => {
      const [, , { rows }] = await allOf(
        client.query(`insert into together values ('a')`),
        client.query('insert into together values ($1)', ['b']),
        client.query<{ text: string }>('select text from together'),
      );
      expect(rows.map(({ text }) => text)).toEqual(['a', 'b']);
    });
  });

  test("a transaction rejects with the failed statement's error, after all its statements have ended", async () => {
    let isOver = false;
    const failing = inTransaction(pool, 'write', async client => {
      const slow = async () => {
        await client.query('select 1').catch(() => undefined);
        await new Promise(resolve => setTimeout(resolve, 20));
        isOver = true;
        await note(client, 'lost');
      };
      await allOf(slow(), client.query('select 1 / 0'), note(client, 'lost'));
    });
    await expect(failing).rejects.toMatchObject({ code: '22012' });
    expect(isOver).toBe(true);
    expect(await notes()).not.toContain('lost');
  });

  test.each([
    ['between two statements', /not queryable|terminat/],
    ['in a statement', /terminat/],
  ])('a transaction whose connection is lost %s rejects, and the process keeps running', async (when, why) => {
    const lost = inTransaction(pool, 'write', async client => {
      await note(client, when);
      if (when === 'in a statement')
        return Promise.all([client.query('select pg_sleep(60)'), terminate(database, 'pool test')]);
      await terminate(database, 'pool test');
      await until(
        async () =>
          (await database.run(`select from pg_stat_activity where application_name = 'pool test'`)).rowCount === 0,
      );
      await new Promise(heard => setTimeout(heard, 100));
      return client.query('select 1');
    });
    await expect(lost).rejects.toThrow(why);
    expect(await notes()).not.toContain(when);
  });

  test('a transaction over a dead connection times out, and the next one gets a new connection', async () => {
    const line = await deadlyLine(database);
    const remote = openPool(line.url, { application: 'far away', statementTimeout: 3_000, max: 1 });
    try {
      const dead = inTransaction(remote, 'write', client => (line.die(), client.query('select 1')));
      await expect(dead).rejects.toThrow('Query read timeout');
      expect((await remote.query('select 1 as one')).rows).toEqual([{ one: 1 }]);
    } finally {
      await remote.end();
      line.close();
    }
  });

  test('a statement that takes longer than the timeout is cancelled', async () => {
    const hasty = openPool(database.url, { application: 'pool test', max: 1, statementTimeout: 1_000 });
    try {
      await expect(hasty.query('select pg_sleep(60)')).rejects.toMatchObject({ code: '57014' });
    } finally {
      await hasty.end();
    }
  });
});

describe('a short transaction', () => {
  test('keeps what was done in it', async () => {
    await inShortTransaction(pool, async client => {
      await note(client, 'first');
      return [note(client, 'second'), note(client, 'third')];
    });
    expect(await notes()).toEqual(expect.arrayContaining(['first', 'second', 'third']));
  });

  test('leaves nothing where a statement fails that left with the commit, and rejects with its error', async () => {
    const failing = inShortTransaction(pool, async client => {
      await note(client, 'early');
      return [note(client, 'before'), client.query('select 1 / 0'), note(client, 'behind')];
    });
    await expect(failing).rejects.toMatchObject({ code: '22012' });
    expect(await notes()).not.toEqual(expect.arrayContaining([expect.stringMatching(/early|before|behind/)]));
  });

  test('leaves nothing where it throws, and rejects with that error; the connection is used again', async () => {
    const failure = new Error('no');
    const failing = inShortTransaction(pool, async client => {
      await note(client, 'thrown');
      throw failure;
    });
    await expect(failing).rejects.toBe(failure);
    expect(await notes()).not.toContain('thrown');
  });
});

describe('prepared statements', () => {
  test('are planned once for each text and scope', async () => {
    await inTransaction(pool, 'write', async client => {
      const [small, large] = [preparing(client, 'test 1'), preparing(client, 'test 2')];
      const count = 'select count(*) as count from note where text = $1';
      for (const [text, expected] of [
        ['kept', 1],
        ['none', 0],
      ])
        for (const scoped of [small, large, small])
          expect((await scoped.query(count, [text])).rows).toEqual([{ count: expected }]);
      const { rows } = await client.query(
        `select statement, name from pg_prepared_statements where name like 'test %' order by name`,
      );
      expect(rows).toEqual(
        [1, 2].map(scope => ({ statement: count, name: expect.stringMatching(`^test ${scope} \\d+$`) })),
      );
    });
  });

  test('leave statements without parameters as they are', async () => {
    expect((await preparing(pool, 'test 3').query('select 1 as one')).rows).toEqual([{ one: 1 }]);
  });

  test('get new plans each time a table has become four times as large', () => {
    expect([0, 2, 3, 14, 15, 62, 63].map(sizeClass)).toEqual([0, 0, 1, 1, 2, 2, 3]);
  });
});

test('a bigint of Postgres becomes a number in JavaScript', async () => {
  expect((await pool.query('select 9007199254740991::bigint as most, count(*) from note')).rows).toEqual([
    { most: 9007199254740991, count: expect.any(Number) },
  ]);
});

test('a pool with statementTimeout 0 has no limit on the duration of a statement', async () => {
  const patient = openPool(database.url, { application: 'pool test', max: 1, statementTimeout: 0 });
  try {
    expect((await patient.query('select pg_sleep(2.5)')).rowCount).toBe(1);
  } finally {
    await patient.end();
  }
});

test('two connections stay open while nobody uses them, and a third one does not', async () => {
  const idle = openPool(database.url, { application: 'pool test', max: 3 });
  const clients = await Promise.all([idle.connect(), idle.connect(), idle.connect()]);
  jest.useFakeTimers({ doNotFake: ['nextTick', 'setImmediate', 'queueMicrotask'] });
  for (const client of clients) client.release();
  jest.advanceTimersByTime(60_000);
  jest.useRealTimers();
  expect(idle.totalCount).toBe(2);
  await idle.end();
});
