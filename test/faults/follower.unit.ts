import { expect, test } from '@jest/globals';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { canary, Follower } from './follower.js';

const event = (name: string, id: number, data = {}) => `id: ${id}\nevent: ${name}\ndata: ${JSON.stringify(data)}\n\n`;

/** What a reader has wrong after a server has sent these texts, each on a connection of its own. */
async function wrongAfter(
  texts: readonly string[],
  last: number,
  changes = [1, 2, 3, 4],
  keys?: ReadonlyMap<number, string>,
): Promise<{ wrong: string[]; asked: unknown[] }> {
  const asked: unknown[] = [];
  const left = [...texts];
  const server = createServer((request, response) => {
    asked.push(request.headers['last-event-id']);
    response.writeHead(200, { 'Content-Type': 'text/event-stream' }).end(left.shift());
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const follower = new Follower(() => `http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
  while (follower.connections < texts.length || follower.positions.at(-1) !== last)
    await new Promise(resolve => setTimeout(resolve, 5));
  await follower.close();
  server.close();
  return { wrong: follower.wrongAgainst(changes, keys), asked: asked.slice(0, texts.length) };
}

test('a reader who gets every change after the first position once finds nothing wrong, and goes on where the stream ended', async () => {
  const texts = [event('hello', 1) + event('change', 2) + 'id: 3\nevent: cha', event('change', 3) + event('change', 4)];
  expect(await wrongAfter(texts, 4)).toEqual({ wrong: [], asked: [undefined, '2'] });
});

test('a gap, a change twice, a change that the log has not, and a resync are found', async () => {
  const text = [event('hello', 1), event('change', 2), event('change', 2), event('resync', 3), event('change', 4)].join(
    '',
  );
  expect((await wrongAfter([text + event('change', 9)], 9)).wrong).toEqual([
    'a reader was told to resync: {}',
    'a reader missed 1 changes, first 3',
    'a reader got 1 changes that the log has not, first 9',
    'a reader got 1 changes twice or late, first 2',
  ]);
});

test.each([
  [1_003, []],
  [1_002, ['a reader was told to load the story after it had missed only 1000 changes']],
])(
  'a reader may be told to load the story only after it missed more than 1,000 changes: from 3 to %i',
  async (to, wrong) => {
    const resync = event('resync', to, { reason: 'too-far-behind' });
    const text = event('hello', 1) + event('change', 2) + resync + event('change', to + 1);
    const changes = Array.from({ length: to + 1 }, (_, at) => at + 1);
    expect((await wrongAfter([text], to + 1, changes)).wrong).toEqual(wrong);
  },
);

test('a reader who is told what is under embargo notices it', async () => {
  const text = event('hello', 1) + event('change', 2) + event('change', 3, { body: canary }) + event('change', 4);
  expect((await wrongAfter([text], 4)).wrong).toEqual(['a reader was sent what is under embargo, or a draft']);
});

/** What a reader has wrong to whom these statuses are answered before a stream, and again after it. */
async function wrongAfterStatuses(before: number, after: number): Promise<string[]> {
  const statuses = [before, 200, after];
  const server = createServer((_, response) => {
    const status = statuses.shift() ?? 200;
    response.writeHead(status).end(status === 200 ? event('hello', 1) : '{}');
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const follower = new Follower(() => `http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
  while (follower.connections < 2) await new Promise(resolve => setTimeout(resolve, 5));
  await follower.close();
  server.close();
  return follower.wrongAgainst([]).map(text => text.replace(/:\d+\/$/, ''));
}

test.each([
  [503, 429, []],
  [404, 503, []],
  [404, 404, ['a reader’s stream was answered 404: http://127.0.0.1']],
  [500, 500, ['a reader’s stream was answered 500: http://127.0.0.1']],
])('a status that no fault explains is found: %i before a stream, %i after it', async (before, after, wrong) => {
  expect(await wrongAfterStatuses(before, after)).toEqual(wrong);
});

test('a change with the words of another post is found', async () => {
  const keys = ['0', '1'].map(digit => digit.repeat(36));
  const body = (key: string | undefined) => ({ body: `The wind turns: ${key}.` });
  const text = event('hello', 1) + event('change', 2, body(keys[0])) + event('change', 3, body(keys[0]));
  const due = new Map([
    [2, keys[0]!],
    [3, keys[1]!],
  ]);
  expect((await wrongAfter([text], 3, [2, 3], due)).wrong).toEqual([
    'a reader got 1 changes with other words, first 3',
  ]);
});
