import { afterEach, expect, jest, test } from '@jest/globals';
import { headSink } from './sink.js';

const url = 'http://sink.example/heads';
const sink = headSink(url);
const never = new AbortController().signal;
afterEach(() => {
  jest.restoreAllMocks();
});

async function known(): Promise<string[]> {
  const lines: string[] = [];
  for await (const line of sink.known(never)) lines.push(line);
  return lines;
}

test('a URL answers GET with 200 before it has a head; another status is an error that says so', async () => {
  const answer = jest.spyOn(globalThis, 'fetch');
  answer.mockResolvedValueOnce(new Response(''));
  expect(await known()).toEqual([]);
  for (const status of [404, 405]) {
    answer.mockResolvedValueOnce(new Response('', { status }));
    await expect(known()).rejects.toThrow(
      `${url} answered ${status} to GET. It must answer 200 with all heads, one a line; without heads, with an empty body.`,
    );
  }
});

test('an error of sending a head names the URL and the cause', async () => {
  const cause = new Error('connect ECONNREFUSED 10.0.0.1:443');
  const answer = jest.spyOn(globalThis, 'fetch').mockRejectedValueOnce(new TypeError('fetch failed', { cause }));
  await expect(sink.add('head')).rejects.toThrow(`${url} does not answer: connect ECONNREFUSED 10.0.0.1:443`);
  answer.mockRejectedValueOnce(new DOMException('The operation was aborted due to timeout', 'TimeoutError'));
  await expect(sink.add('head')).rejects.toThrow(`${url} does not answer: The operation was aborted due to timeout`);
});
