import { describe, expect, test } from '@jest/globals';
import { pause, Pauses } from './pauses.js';

const clock = () => {
  let ms = 0;
  return { now: () => ms, passes: (more: number) => (ms += more) };
};

describe('pauses', () => {
  test('grow after each failure, whatever it was, up to the most', () => {
    const pauses = new Pauses(
      { least: 100, most: 1_000 },
      () => 0,
      () => 0.5,
    );
    expect([1, 2, 3, 4, 5].map(() => pauses.next())).toEqual([100, 200, 400, 800, 1_000]);
  });

  test('are drawn by lot around their length, and never exceed the most', () => {
    const drawn = [0, 0.999].map(chance =>
      new Pauses(
        { least: 100, most: 120 },
        () => 0,
        () => chance,
      ).next(),
    );
    expect(drawn).toEqual([50, 120]);
  });

  test('begin anew only once a stream has stood for a while', () => {
    const { now, passes } = clock();
    const pauses = new Pauses({ least: 100, healthy: 1_000 }, now, () => 0.5);
    expect([pauses.next(), pauses.next()]).toEqual([100, 200]);
    pauses.opened();
    passes(999);
    expect(pauses.next()).toBe(400);
    pauses.opened();
    passes(500);
    pauses.opened();
    passes(500);
    expect(pauses.next()).toBe(100);
  });

  test('are as long as the server asks for at least, and then some', () => {
    const pauses = new Pauses(
      { least: 100, most: 10_000 },
      () => 0,
      () => 0.5,
    );
    expect([pauses.next(2_000), pauses.next(1_000_000)]).toEqual([3_000, 10_000]);
  });

  test('end as soon as nobody waits any more', async () => {
    const abort = new AbortController();
    const waited = pause(60_000, abort.signal);
    abort.abort();
    await waited;
    await pause(60_000, abort.signal);
  });
});
