import { arbitrate, decode, emptyLog } from '#event-log';
import { open } from '#keys';
import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { describe, expect, test } from '@jest/globals';
import { atMost, median, percentile, ratioAtLeast, ratioOf, reached, spreadOf, type Figure } from './figures.js';
import { beginning, commitsOf, secretOf } from './made-log.js';
import { Posting } from './posting.js';
import { partOf, sharesOf } from './profile.js';
import { shown, table } from './table.js';

describe('statistics', () => {
  test('the median is the middle value, or the mean of the two', () => {
    expect(median([3, 1, 2])).toBe(2);
    expect(median([4, 1, 3, 2])).toBe(2.5);
    expect(median([])).toBeNaN();
  });

  test('a percentile is a measured value, found by its nearest rank', () => {
    const values = Array.from({ length: 100 }, (_, i) => 100 - i);
    expect(percentile(values, 0.5)).toBe(50);
    expect(percentile(values, 0.99)).toBe(99);
    expect(percentile([7], 0.99)).toBe(7);
    expect(percentile([], 0.5)).toBeNaN();
  });

  test('a spread has the median, the least, the most and the number of rounds', () =>
    expect(spreadOf([5, 1, 3])).toEqual({ median: 3, least: 1, most: 5, rounds: 3 }));
});

const figure: Figure = {
  what: 'posts',
  unit: '/s',
  product: spreadOf([400, 500, 600]),
  against: { name: 'floor', spread: spreadOf([1_000]) },
  target: ratioAtLeast(0.5),
};

describe('the target of a figure', () => {
  test('a ratio at its limit reaches the target, and a ratio below it does not', () => {
    expect(ratioOf(figure)).toBe(0.5);
    expect(reached(figure)).toBe(true);
    expect(reached({ ...figure, target: ratioAtLeast(0.51) })).toBe(false);
  });

  test('a target for the figure itself needs no comparison', () => {
    const { against: _, ...alone } = figure;
    expect(reached({ ...alone, target: atMost(500) })).toBe(true);
    expect(reached({ ...alone, target: atMost(499) })).toBe(false);
    expect(() => reached(alone as Figure)).toThrow('nothing to compare');
  });
});

test('numbers show about three significant digits', () =>
  expect([1_234_567.8, 123.4, 12.34, 1.234, 0.0123, 0].map(shown)).toEqual([
    '1,234,568',
    '123',
    '12.3',
    '1.23',
    '0.012',
    '0',
  ]));

test('the table shows each figure, and NO in capitals for a missed target', () => {
  const late: Figure = {
    what: 'as of then',
    unit: 'ms',
    product: spreadOf([9]),
    against: { name: 'present', spread: spreadOf([3]) },
    target: { of: 'ratio', at: 'most', limit: 2 },
  };
  expect(table([figure, late])).toBe(
    `| what       | floor         | peer | product          | ratio | target   | reached |
| ---------- | ------------- | ---- | ---------------- | ----- | -------- | ------- |
| posts      | 1,000 /s      |      | 500 /s (400-600) | 0.5 x | >= 0.5 x | yes     |
| as of then | present: 3 ms |      | 9 ms             | 3 x   | <= 2 x   | NO      |`,
  );
});

test('a profile shows how much time each part of the program takes, without idle time', () => {
  const frame = (url: string, functionName = 'f') => ({ url, functionName });
  const places = [
    'file:///x/node_modules/@a/b/c.js',
    'file:///x/dist/libs/keys/src/jwe.js',
    'node:internal/streams/x',
    '',
  ];
  expect(places.map(url => partOf(frame(url, '(program)')))).toEqual([
    '@a/b',
    'libs/keys',
    'node:streams',
    '(program)',
  ]);
  const nodes = [frame('', '(idle)'), frame(places[0]!), frame(places[1]!)].map((callFrame, id) => ({ id, callFrame }));
  expect(sharesOf({ nodes, samples: [0, 0, 1, 2, 2, 2] })).toEqual([
    { part: 'libs/keys', share: 0.75 },
    { part: '@a/b', share: 0.25 },
  ]);
});

test('a post on a connection that the server has closed is an error, and waits for no answer', async () => {
  const server = createServer(socket => socket.end()).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const posting = await Posting.open(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  await new Promise(resolve => server.close(resolve));
  await expect(posting.post('/stories', {})).rejects.toThrow('The server closed the connection.');
});

test('every commit of a made log can be read', () => {
  let state = emptyLog;
  for (const { headers, value } of [...beginning(), ...commitsOf({ from: 0, to: 2, developments: 3 })]) {
    const [next, verdict] = arbitrate(state, headers);
    if (!verdict.won) throw new Error('The commit is void.');
    const decoded = decode(headers, value, verdict);
    if ('unreadable' in decoded) throw new Error(decoded.unreadable);
    expect(open(decoded.commit, { get: id => ({ secret: secretOf(id) }) })).toHaveProperty('commit');
    state = next;
  }
});
