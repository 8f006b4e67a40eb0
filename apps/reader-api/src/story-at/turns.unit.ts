import { describe, expect, test } from '@jest/globals';
import { Busy, Turns } from './turns.js';

const bounds = { atOnce: 2, waiting: 3, waitMs: 5_000 };

/** A task that the test ends. */
function task() {
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  let runs = 0;
  return {
    run: () => {
      runs++;
      return promise;
    },
    end: resolve,
    fail: reject,
    get runs() {
      return runs;
    },
  };
}

const settled = () => new Promise(resolve => setImmediate(resolve));

describe('the queue of expensive reads', () => {
  test('the queue runs as many tasks at once as allowed, and the next one when one ends', async () => {
    const turns = new Turns(bounds);
    const tasks = [task(), task(), task()];
    const results = tasks.map(({ run }, i) => turns.take(String(i), run));
    await settled();
    expect(tasks.map(({ runs }) => runs)).toEqual([1, 1, 0]);
    tasks[1]!.end('second');
    await settled();
    expect(tasks.map(({ runs }) => runs)).toEqual([1, 1, 1]);
    tasks[0]!.end('first');
    tasks[2]!.end('third');
    expect(await Promise.all(results)).toEqual(['first', 'second', 'third']);
  });

  test('the queue refuses one task more than may wait', async () => {
    const turns = new Turns(bounds);
    const held = task();
    const taken = Array.from({ length: bounds.atOnce + bounds.waiting }, (_, i) => turns.take(String(i), held.run));
    await expect(turns.take('one more', held.run)).rejects.toBeInstanceOf(Busy);
    held.end('done');
    expect(await Promise.all(taken)).toHaveLength(5);
    expect(held.runs).toBe(5);
    expect(await turns.take('later', held.run)).toBe('done');
  });

  test('the queue refuses a task that waited too long, and gives its place to others', async () => {
    const turns = new Turns({ ...bounds, waiting: 1, waitMs: 20 });
    const held = task();
    const taken = ['a', 'b'].map(key => turns.take(key, held.run));
    await expect(turns.take('c', held.run)).rejects.toBeInstanceOf(Busy);
    await expect(turns.take('d', held.run)).rejects.toBeInstanceOf(Busy);
    held.end('done');
    await Promise.all(taken);
    expect(held.runs).toBe(2);
  });

  test('tasks with one key share a run and its failure, and a later task runs again', async () => {
    const turns = new Turns(bounds);
    const held = task();
    const many = Array.from({ length: 40 }, () => turns.take('same', held.run));
    held.end('once');
    expect(new Set(await Promise.all(many))).toEqual(new Set(['once']));
    expect(held.runs).toBe(1);

    const failing = task();
    const both = [turns.take('same', failing.run), turns.take('same', failing.run)];
    failing.fail(new Error('no'));
    expect((await Promise.allSettled(both)).map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    await expect(turns.take('same', async () => 'again')).resolves.toBe('again');
  });
});
