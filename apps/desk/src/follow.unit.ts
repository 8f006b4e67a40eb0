import { Pauses } from '#client';
import { afterEach, expect, jest, test } from '@jest/globals';
import { followLog, followReaders } from './follow.js';

type Feed = (signal: AbortSignal) => Response;

/** A feed that the test sends in pieces. As with fetch, it fails when the desk aborts it. */
function stream(): { readonly feed: Feed; readonly send: (text: string) => void; readonly end: () => void } {
  let controller: ReadableStreamDefaultController<Uint8Array>;
  const body = new ReadableStream<Uint8Array>({ start: made => void (controller = made) });
  return {
    feed: signal => {
      signal.addEventListener('abort', () => controller.error(signal.reason));
      return new Response(body);
    },
    send: text => controller.enqueue(new TextEncoder().encode(text)),
    end: () => controller.close(),
  };
}
const refusal =
  (status: number, detail: string): Feed =>
  () =>
    new Response(JSON.stringify({ code: 'no', detail }), { status });
const hello = 'event: hello\ndata: {"position":1}\n\n';
const commit = (position: number) => `event: commit\ndata: {"commit":{"position":${position}}}\n\n`;

let end: (() => void) | undefined;
afterEach(() => {
  end?.();
  jest.restoreAllMocks();
});

/** Follows feeds that answer in turn. The last one answers all further requests. */
function following(answers: Feed[], load: () => Promise<object> = async () => ({ story: 's' })) {
  const seen: string[] = [];
  const api = {
    feed: async (_: string, signal: AbortSignal) => (answers.length > 1 ? answers.shift()! : answers[0]!)(signal),
    getAll: (async () => (seen.push('load'), load())) as never,
  };
  const events = {
    onNews: (news: { readonly news: string; readonly line?: string }) => seen.push(news.line ?? news.news),
    onActors: () => seen.push('actors'),
    onSignedOut: (why: string) => seen.push(`signed out: ${why}`),
    onMissing: () => seen.push('missing'),
    onRefused: (why: string) => seen.push(`refused: ${why}`),
  };
  end = followLog('s', api, events, new Pauses({ least: 1, most: 2 }));
  const until = async (wanted: string[]) => {
    for (const over = Date.now() + 10_000; seen.length < wanted.length && Date.now() < over;)
      await new Promise(resolve => setTimeout(resolve, 2));
    expect(seen).toEqual(wanted);
  };
  return { seen, until };
}

test('the desk loads the developments when the feed says hello, and receives each commit', async () => {
  const feed = stream();
  const { until } = following([feed.feed]);
  feed.send(hello);
  await until(['load', 'actors', 'loaded', 'live']);
  feed.send(`${commit(2)}: still here\n\nevent: actors\ndata: {}\n\n`);
  await until(['load', 'actors', 'loaded', 'live', 'commit', 'actors']);
});

test('a feed that ends is opened again, and what was missed is loaded', async () => {
  const [first, second] = [stream(), stream()];
  const { until } = following([first.feed, second.feed]);
  first.send(hello);
  await until(['load', 'actors', 'loaded', 'live']);
  first.end();
  second.send(hello);
  await until(['load', 'actors', 'loaded', 'live', 'lost', 'load', 'actors', 'loaded', 'live']);
});

test('several resyncs during the pause load the developments once', async () => {
  const feed = stream();
  const { until } = following([feed.feed]);
  feed.send(hello);
  await until(['load', 'actors', 'loaded', 'live']);
  feed.send('event: resync\ndata: {}\n\n'.repeat(5));
  await until(['load', 'actors', 'loaded', 'live', 'load', 'loaded']);
});

test('a load that fails is tried again on a new feed', async () => {
  const [first, second] = [stream(), stream()];
  let loads = 0;
  const { until } = following([first.feed, second.feed], async () => {
    if (++loads === 1) throw new Error('no answer');
    return {};
  });
  first.send(hello);
  second.send(hello);
  await until(['load', 'actors', 'lost', 'load', 'actors', 'loaded', 'live']);
});

test('an expired sign-in is shown with the message of the API', async () => {
  const { seen, until } = following([refusal(401, 'The token has ended.'), stream().feed]);
  await until(['signed out: The token has ended.', 'lost']);
  expect(seen).toHaveLength(2);
});

test('somebody who may not read the story is told why once, also after a feed that ended', async () => {
  const feed = stream();
  const { seen, until } = following([feed.feed, refusal(403, 'Ask Ann.')]);
  feed.send(hello);
  await until(['load', 'actors', 'loaded', 'live']);
  feed.end();
  await until(['load', 'actors', 'loaded', 'live', 'lost', 'refused: Ask Ann.']);
  await new Promise(resolve => setTimeout(resolve, 30));
  expect(seen).toHaveLength(6);
});

test('a missing story is reported once and never requested again', async () => {
  const { seen, until } = following([refusal(404, 'There is no such story.')]);
  await until(['missing']);
  await new Promise(resolve => setTimeout(resolve, 30));
  expect(seen).toEqual(['missing']);
});

test('a new story that readers do not have yet is asked for again, and is followed then', async () => {
  const asked: string[] = [];
  const live = stream();
  jest.spyOn(globalThis, 'fetch').mockImplementation(async (url, init) => {
    const { pathname } = new URL(String(url));
    asked.push(pathname);
    if (asked.length < 3) return refusal(404, 'There is no such story.')(new AbortController().signal);
    if (pathname.endsWith('/live')) return live.feed(init!.signal!);
    return Response.json({ position: 7, rewrites: 0, entries: [], next: null, conditions: {}, continues: null });
  });
  const { promise, resolve } = Promise.withResolvers<void>();
  const seen: string[] = [];
  const onNews = (news: { readonly news: string; readonly line?: string }) => {
    seen.push(news.line ?? news.news);
    if (news.line) resolve();
  };
  end = followReaders('s', 'http://readers.example', onNews, new Pauses({ least: 1, most: 2 }));
  await promise;
  expect(seen).toEqual(['readers-page', 'live']);
  const timeline = '/stories/s/timeline';
  expect(asked).toEqual([timeline, timeline, timeline, '/stories/s', '/stories/s/live']);
});
