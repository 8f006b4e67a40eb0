import { expect, test } from '@jest/globals';
import { oneLookupAtATime } from './sockets.js';

const address = { address: '127.0.0.1', family: 4 };

test('a name is looked up once at a time, so that a broker that is gone does not keep others from being found', async () => {
  const gone = Promise.withResolvers<(typeof address)[]>();
  const asked: string[] = [];
  const lookup = oneLookupAtATime(host => {
    asked.push(host);
    return host === 'gone' ? gone.promise : Promise.resolve([address]);
  });
  const look = (host: string, all: boolean) =>
    new Promise(resolve => lookup(host, { all }, (error, found, family) => resolve(error ?? [found, family])));

  const tries = [look('gone', true), look('gone', false), look('gone', true)];
  expect(await look('there', true)).toEqual([[address], undefined]);
  expect(await look('there', false)).toEqual(['127.0.0.1', 4]);
  expect(asked).toEqual(['gone', 'there', 'there']);

  const error = new Error('EAI_AGAIN');
  gone.reject(error);
  expect(await Promise.all(tries)).toEqual([error, error, error]);
  void look('gone', true);
  expect(asked.at(-1)).toBe('gone');
  expect(asked.length).toBe(4);
});
