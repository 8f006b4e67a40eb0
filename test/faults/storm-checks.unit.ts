import { afterEach, expect, test } from '@jest/globals';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { canary } from './follower.js';
import { Sender } from './sender.js';
import { Random } from './simulator/random.js';
import type { Slot } from './slot.js';
import { wrongEditors, wrongOutputs, wrongReaders } from './storm-checks.js';
import { Writers } from './writers.js';

type Answer = readonly [status: number, body: object];

const servers: Server[] = [];

/** A server that answers each request with what `answer` returns. */
async function serverOf(answer: () => Answer): Promise<{ readonly url: string }> {
  const server = createServer((request, response) => {
    const [status, body] = answer();
    request.resume().on('end', () => response.writeHead(status).end(JSON.stringify(body)));
  }).listen(0, '127.0.0.1');
  servers.push(server);
  await once(server, 'listening');
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
}

afterEach(() => {
  for (const server of servers.splice(0)) server.close();
});

const posted: Answer = [201, { position: 7, commit: 'c', development: 'd' }];
const unready: Answer = [503, { code: 'not-ready' }];

/** The check of two editor-apis and a reader-api at this position, and the posts that it made. */
async function checked(answers: readonly (() => Answer)[], position = 7, withinMs = 1_000) {
  const editors = await Promise.all(answers.map(serverOf));
  const reader = await serverOf(() => [200, { position }]);
  // Posts of others go to the first one.
  const writers = new Writers(new Sender(() => editors[0]!.url, 'Bearer x'), new Random(1), async () => 's');
  return { wrong: await wrongEditors(editors, [reader], writers, new Set(), withinMs), writers };
}

test('editor-apis that take posts are right, also one that first refuses, and what they acknowledge is counted', async () => {
  let count = 0;
  const late = () => (++count < 3 ? unready : posted);
  const { wrong, writers } = await checked([() => posted, late], 7, 10_000);
  expect([wrong, writers.acknowledged, writers.latest]).toEqual([[], 2, { story: 's', position: 7 }]);
});

test('an editor-api that always answers 503 is found beside one that works', async () => {
  const { wrong, writers } = await checked([() => posted, () => unready]);
  expect(wrong).toEqual(['editor-api 2 acknowledged no post within 1000 ms: 503: {"code":"not-ready"}']);
  expect(writers.acknowledged).toBe(1);
});

test('an editor-api that does not run is found', async () => {
  const writers = new Writers(new Sender(() => undefined, 'Bearer x'), new Random(1), async () => 's');
  expect(await wrongEditors([{ url: undefined }], [], writers, new Set(), 200)).toEqual([
    'editor-api 1 acknowledged no post within 200 ms: it did not run',
  ]);
});

test('a post that readers do not see is found', async () => {
  const { wrong } = await checked([() => posted], 6);
  expect(wrong).toEqual(['readers see position 6 of 7 in s']);
});

/** What is wrong with a reader-api that answers these positions of a story and of its timeline, where 5 is due. */
async function wrongAt(story: number, timeline: number, status = 200): Promise<{ wrong: string[]; odd: number }> {
  const server = createServer(({ url }, response) => {
    const position = url === '/stories/storm/timeline' ? timeline : story;
    response.writeHead(status).end(JSON.stringify({ position }));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const slot = { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` } as Slot;
  const odd = new Set<string>();
  const wrong = await wrongReaders([slot], 'storm', 5, odd, 300);
  server.close();
  return { wrong, odd: odd.size };
}

test.each([
  ['both at the position', 5, 6, 200, undefined, 0],
  ['the story behind', 4, 5, 200, 4, 0],
  ['a kept page behind', 5, 3, 200, 3, 0],
  ['an outage', 5, 5, 503, 0, 0],
  ['a failure', 5, 5, 500, 0, 1],
])('a reader-api with %s', async (_, story, timeline, status, seen, odd) => {
  const wrong = seen === undefined ? [] : [`readers see position ${seen} of 5 in storm`];
  expect(await wrongAt(story, timeline, status)).toEqual({ wrong, odd });
});

test('what is under embargo is found in the output of a process that was killed, too', () => {
  const outputs = [[`{"msg":"${canary}"}`], ['fine']];
  expect(wrongOutputs([{ name: 'projector', outputs }])).toEqual([
    'the output of projector has what is under embargo, or a draft',
  ]);
  expect(wrongOutputs([{ name: 'projector', outputs: [['fine']] }])).toEqual([]);
});
