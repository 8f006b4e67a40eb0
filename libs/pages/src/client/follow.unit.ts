import { Pauses, type Loaded } from '#client';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { follow } from './follow.js';

const { fetch } = globalThis;
const resync = 'event: resync\ndata: {"position":9,"rewrites":1}\n\n';
let asked: string[];
beforeEach(() => {
  asked = [];
  globalThis.fetch = (async (url: string, { signal }: { signal: AbortSignal }) => {
    asked.push(url.slice(url.indexOf('?')));
    // The second stream stays open until it is aborted.
    const start = (stream: ReadableStreamDefaultController) =>
      signal.addEventListener('abort', () => stream.error(signal.reason));
    return new Response(asked.length === 1 ? resync : new ReadableStream({ start }));
  }) as unknown as typeof fetch;
});
afterEach(() => void (globalThis.fetch = fetch));

const until = async (what: () => boolean) => {
  while (!what()) await new Promise(resolve => setTimeout(resolve, 1));
};

test('the loading of a session that ended is told so, and what it loads counts for nothing', async () => {
  const gaps: { session: AbortSignal; loads: (state: Loaded) => void; fails: (why: unknown) => void }[] = [];
  const on: Record<string, (event: Event) => void> = {};
  const onGap = (session: AbortSignal) =>
    new Promise<Loaded>((loads, fails) => void gaps.push({ session, loads, fails }));
  follow(
    'talks',
    { position: 3, rewrites: 0 },
    { onChange: () => undefined, onGap, onState: () => undefined },
    { origin: 'https://live.example', online: () => true, on: (event, heard) => void (on[event] = heard) },
    new Pauses({ least: 1, most: 2 }),
  );
  await until(() => gaps.length === 1);
  on.online!(new Event('online'));
  await until(() => gaps.length === 2);
  expect(gaps.map(({ session }) => session.aborted)).toEqual([true, false]);
  gaps[1]!.loads({ position: 9, rewrites: 1 });
  gaps[0]!.fails(gaps[0]!.session.reason);
  await until(() => asked.length === 2);
  expect(asked).toEqual(['?after=3&rewrites=0', '?after=9&rewrites=1']);
  on.pagehide!(new Event('pagehide'));
});
