import { expect, test } from '@jest/globals';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Slot } from './slot.js';
import { asReader, bodiesDue, keysByPosition, wrongEntries, wrongTimelines } from './timelines.js';

const due = new Map([
  ['a', 'The wind turns: 1.'],
  ['b', 'The wind turns: 2.'],
]);
const [a, b] = [...due].map(([id, body]) => ({ id, bodyHtml: `<p>${body}</p>` }));

test.each([
  ['each entry once', [b!, a!], []],
  ['a missing entry', [a!], ['it lacks: 1 of 2 entries, first b']],
  ['a doubled entry', [a!, b!, a!], ['it has more than once: 1 of 2 entries, first a']],
  ['an unexpected entry', [a!, b!, { id: 'c', bodyHtml: null }], ['it must not have: 1 of 2 entries, first c']],
  ['another body', [a!, { ...b!, bodyHtml: a!.bodyHtml }], ['it has with another body: 1 of 2 entries, first b']],
  ['no body', [a!, { id: 'b', bodyHtml: null }], ['it has with another body: 1 of 2 entries, first b']],
])('a timeline with %s', (_, entries, wrong) => {
  expect(wrongEntries(entries, due)).toEqual(wrong);
});

test('due are the acknowledged posts of the story that are not under embargo', () => {
  const post = (key: string, story: string, position?: number, body = `The wind turns: ${key}.`) => ({
    key,
    story,
    body: { content: { kind: 'update', body } },
    ...(position && { answer: { position, development: `of ${key}` } }),
  });
  const posts = [
    post('one', 'storm', 3),
    post('lost', 'storm'),
    post('secret', 'storm', 4, 'Hush.'),
    post('other', 'storm-2', 5),
    post('shown', 'storm', 6, 'A picture.'),
  ];
  expect([...bodiesDue(posts, new Set(['secret']), 'storm')]).toEqual([
    ['of one', 'The wind turns: one.'],
    ['of shown', 'A picture.'],
  ]);
  expect([...keysByPosition(posts)]).toEqual([
    [3, 'one'],
    [5, 'other'],
  ]);
});

/** Reads from a server that answers each path once with these statuses, and then with its page. */
async function withServer<T>(
  pages: Readonly<Record<string, object>>,
  statuses: number[],
  run: (url: string) => Promise<T>,
): Promise<T> {
  const server = createServer((request, response) => {
    const status = statuses.shift() ?? 200;
    response.writeHead(status).end(JSON.stringify(status === 200 ? pages[request.url!] : {}));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  try {
    return await run(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  } finally {
    server.close();
  }
}

test('all pages are read, one that is refused again, and a status that no fault explains is kept', async () => {
  const first = '/stories/storm/timeline';
  const pages = {
    [first]: { entries: [a], next: `${first}?cursor=x` },
    [`${first}?cursor=x`]: { entries: [b], next: null },
  };
  await withServer(pages, [503, 500], async url => {
    const odd = new Set<string>();
    expect(await wrongTimelines([{ url } as Slot], 'storm', due, odd, 10_000)).toEqual([]);
    expect([...odd]).toEqual([`a reader was answered 500: ${url}${first}`]);
  });
  await withServer({ [first]: { entries: [a], next: null } }, [], async url => {
    expect(await wrongTimelines([{ url } as Slot], 'storm', due, new Set(), 10_000)).toEqual([
      'the timeline of storm from reader-api 1: it lacks: 1 of 2 entries, first b',
    ]);
  });
});

test('where nothing answers, a reader gets nothing, and no status is kept', async () => {
  const odd = new Set<string>();
  expect(await asReader(undefined, '/', odd)).toBeUndefined();
  expect(await asReader('http://127.0.0.1:1', '/', odd)).toBeUndefined();
  expect(odd.size).toBe(0);
});
