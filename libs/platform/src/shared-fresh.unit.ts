import { describe, expect, test } from '@jest/globals';
import { sharedFresh } from './shared-fresh.js';

describe('a task for all who ask', () => {
  const counted = () => {
    const ends: (() => void)[] = [];
    const ask = sharedFresh(() => new Promise<number>(end => ends.push(() => end(ends.length))));
    return { ends, ask };
  };

  test('runs again for those who ask while it runs, once for all of them', async () => {
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

  test('runs again after a failure', async () => {
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

  test('those who ask while a question is away share the next one, which was asked after they called', async () => {
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
});
