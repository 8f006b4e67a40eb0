import { describe, expect, test } from '@jest/globals';
import { sharedFresh } from './shared-fresh.js';

describe('a task that concurrent callers share', () => {
  const counted = () => {
    const ends: (() => void)[] = [];
    const ask = sharedFresh(() => new Promise<number>(end => ends.push(() => end(ends.length))));
    return { ends, ask };
  };

  test('callers that come while the task runs share one further run', async () => {
    const { ends, ask } = counted();
    const [first, second, third] = [ask(), ask(), ask()];
    expect(ends).toHaveLength(1);
    ends[0]!();
    expect(await first).toBe(1);
    await new Promise(setImmediate);
    expect(ends).toHaveLength(2);
    ends[1]!();
    expect(await Promise.all([second, third])).toEqual([2, 2]);
    expect(ends).toHaveLength(2);
  });

  test('the task runs again for later callers after a failure', async () => {
    let runs = 0;
    const ask = sharedFresh(async () => {
      if (runs++ === 0) throw new Error('the first');
      return runs;
    });
    const [first, second] = [ask(), ask()];
    await expect(first).rejects.toThrow('the first');
    expect(await second).toBe(2);
    expect(await ask()).toBe(3);
  });

  test('a shared run starts only after its callers called, and the next caller starts a new run', async () => {
    let asked = 0;
    const answers: ((answer: number) => void)[] = [];
    const ask = sharedFresh(() => new Promise<number>(resolve => (asked++, answers.push(resolve))));
    const [first, second, third] = [ask(), ask(), ask()];
    expect(asked).toBe(1);
    answers[0]!(1);
    expect(await first).toBe(1);
    await new Promise(resolve => setImmediate(resolve));
    expect(asked).toBe(2);
    answers[1]!(2);
    expect(await Promise.all([second, third])).toEqual([2, 2]);
    await new Promise(resolve => setImmediate(resolve));
    void ask();
    expect(asked).toBe(3);
  });

  test('callers that come within some turns share a run, which begins after them all', async () => {
    let asked = 0;
    const begun: number[] = [];
    const ask = sharedFresh(async () => begun.push(asked), 2);
    const call = () => (asked++, ask());
    const together = [call(), call()];
    await new Promise(setImmediate);
    expect(begun).toEqual([]);
    together.push(call());
    expect(await Promise.all(together)).toEqual([1, 1, 1]);
    expect(await call()).toBe(2);
    expect(begun).toEqual([3, 4]);
  });

  test('after turns too, callers that come while the task runs share one further run, also after a failure', async () => {
    const ends: ((error?: Error) => void)[] = [];
    const run = () =>
      new Promise<number>((resolve, reject) => ends.push(error => (error ? reject(error) : resolve(ends.length))));
    const ask = sharedFresh(run, 2);
    const turns = async () => {
      for (let n = 0; n < 4; n++) await new Promise(setImmediate);
    };
    const first = ask();
    await turns();
    const later = [ask(), ask()];
    await turns();
    expect(ends).toHaveLength(1);
    ends[0]!(new Error('the first'));
    await expect(first).rejects.toThrow('the first');
    await turns();
    expect(ends).toHaveLength(2);
    ends[1]!();
    expect(await Promise.all(later)).toEqual([2, 2]);
  });
});
