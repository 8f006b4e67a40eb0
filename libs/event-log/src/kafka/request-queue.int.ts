import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, jest, test } from '@jest/globals';
import { readSome, record } from '../testing/contract.js';
import { ensureTopic, kafkaAppender, kafkaReader } from './index.js';

test('kafkajs sets no timer with a negative delay, and fewer than 100 a second while nothing happens', async () => {
  const options = { brokers: process.env.KAFKA_BROKERS!.split(','), topic: `timers-${randomUUID()}` };
  await ensureTopic(options);
  const [appender, reader] = [kafkaAppender(options), kafkaReader(options)];
  const timers = jest.spyOn(globalThis, 'setTimeout');
  const reading = readSome(reader, 0, 2);
  await appender.append(record('first'));
  await sleep(1_000);

  timers.mockClear();
  await sleep(1_000);
  const perSecond = timers.mock.calls.length;

  await appender.append(record('second'));
  await reading;
  const delays = timers.mock.calls.map(([, delay]) => delay);
  await Promise.all([appender.close(), reader.close()]);
  expect(delays.filter(delay => !(delay! >= 0))).toEqual([]);
  expect(perSecond).toBeLessThan(100);
});
