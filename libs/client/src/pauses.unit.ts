import { describe, expect, test } from '@jest/globals';
import { pause, Pauses, runAgain } from './pauses.js';

const clock = () => {
  let ms = 0;
  return { now: () => ms, passes: (more: number) => (ms += more) };
};

describe('pauses', () => {
  test('pauses double after each failure, up to the maximum', () => {
    const pauses = new Pauses(
      { least: 100, most: 1_000 },
      () => 0,
      () => 0.5,
    );
    expect([1, 2, 3, 4, 5].map(() => pauses.next())).toEqual([100, 200, 400, 800, 1_000]);
  });

  test('pauses are random around their length, and never exceed the maximum', () => {
    const drawn = [0, 0.999].map(chance =>
      new Pauses(
        { least: 100, most: 120 },
        () => 0,
        () => chance,
      ).next(),
    );
    expect(drawn).toEqual([50, 120]);
  });

  test('pauses start again from the shortest only after a stream has been open for the healthy time', () => {
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

  test('a pause is a little longer than the server asks for, and never exceeds the maximum', () => {
    const pauses = new Pauses(
      { least: 100, most: 10_000 },
      () => 0,
      () => 0.5,
    );
    expect([pauses.next(2_000), pauses.next(1_000_000)]).toEqual([3_000, 10_000]);
  });

  test('a pause ends as soon as its signal is aborted', async () => {
    const abort = new AbortController();
    const waited = pause(60_000, abort.signal);
    abort.abort();
    await waited;
    await pause(60_000, abort.signal);
  });
});

test('a session that fails runs again after a rest, until the signal is aborted', async () => {
  const abort = new AbortController();
  const seen: string[] = [];
  const session = async () => {
    seen.push('session');
    if (seen.length === 5) return abort.abort();
    throw new Error('refused');
  };
  await runAgain(session, { signal: abort.signal, onFailure: () => seen.push('failure'), rest: 1 });
  expect(seen).toEqual(['session', 'failure', 'session', 'failure', 'session']);
});
