import { patienceMs } from '#client';
import { afterEach, beforeEach, expect, jest, test } from '@jest/globals';
import { reload } from './reload.js';

const { fetch } = globalThis;
let answer: (signal: AbortSignal) => Promise<Response>;
beforeEach(() => {
  jest.useFakeTimers();
  globalThis.fetch = ((_: string, { signal }: { signal: AbortSignal }) => answer(signal)) as typeof fetch;
  (globalThis as { location?: unknown }).location = { href: 'https://live.example/s/talks' };
});
afterEach(() => {
  jest.useRealTimers();
  globalThis.fetch = fetch;
  delete (globalThis as { location?: unknown }).location;
});

const never = (signal: AbortSignal) =>
  new Promise<Response>((_, fail) => signal.addEventListener('abort', () => fail(signal.reason)));
const failing = (loading: Promise<unknown>) =>
  loading.then(
    () => 'loaded',
    (error: Error) => error.name,
  );

test('a page that is not answered in time is given up', async () => {
  answer = never;
  const how = failing(reload(new AbortController().signal));
  await jest.advanceTimersByTimeAsync(patienceMs - 1);
  expect(await Promise.race([how, 'loading'])).toBe('loading');
  await jest.advanceTimersByTimeAsync(1);
  expect(await how).toBe('TimeoutError');
});

test('nothing is shown once the session has ended, whether the answer is on the way or there', async () => {
  for (const ending of [never, async () => ({ ok: true, text: async () => '<main>Old</main>' }) as Response]) {
    answer = ending;
    const session = new AbortController();
    const how = failing(reload(session.signal));
    session.abort();
    expect(await how).toBe('AbortError');
  }
});
