import { expect, test } from '@jest/globals';
import { HeadWatch } from './watch.js';

const [own, other, root] = ['a', 'b', 'c'].map(hex => hex.repeat(64)) as [string, string, string];
const head = (log: string, position: number) => {
  const time = '2026-01-01T00:00:00.000Z';
  return { log, position, root, time, fingerprint: '', dev: false };
};
const codes = (faults: readonly { readonly code: string }[]) => faults.map(({ code }) => code);

test('a head beyond the end of the log is of a cut tail, or of another log', () => {
  const watch = new HeadWatch([head(own, 3), head(other, 8), head(own, 9)]);
  watch.grown(own, { size: 3, root: () => root });
  const { compared, faults } = watch.done(own, 5);
  expect([compared, codes(faults)]).toEqual([1, ['head-of-other-log', 'tail-cut']]);
  expect(codes(new HeadWatch([head(own, 3)]).done(undefined, 0).faults)).toEqual(['tail-cut']);
});

test('heads contradict each other also if they are not neighbours, and each one that differs is a fault', () => {
  const watch = new HeadWatch([], [head(own, 3), head(other, 3), { ...head(own, 3), root: own }, head(own, 3)]);
  expect(watch.found).toMatchObject([{ code: 'heads-contradict', head: { log: own, root: own } }]);
});

test('a head of another log hides no later head, if only some positions are looked at', () => {
  const watch = new HeadWatch([head(other, 2), head(own, 3)]);
  watch.grown(own, { size: 3, root: () => root });
  const { compared, faults } = watch.done(own, 3);
  expect([compared, codes(faults)]).toEqual([2, ['head-of-other-log']]);
});
