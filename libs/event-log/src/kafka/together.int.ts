import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { nameOf, readSome, record } from '../testing/contract.js';
import { ensureTopic, kafkaAppender, kafkaReader } from './index.js';

const brokers = process.env.KAFKA_BROKERS!.split(',');
let appender: ReturnType<typeof kafkaAppender>;
let reader: ReturnType<typeof kafkaReader>;
beforeEach(async () => {
  const log = { brokers, topic: `together-${randomUUID()}` };
  await ensureTopic(log);
  appender = kafkaAppender(log);
  reader = kafkaReader(log);
});
afterEach(() => Promise.all([appender.close(), reader.close()]));

describe('records appended together', () => {
  test('none of the records is sent if their batch is too large for the log, and the next append is sent', async () => {
    const large = { ...record('large'), value: Buffer.alloc(600_000) };
    expect(await appender.appendTogether([record('small'), large, large])).toBe('not-sent');
    expect(await appender.append(record('next'))).toBe('sent');
    expect((await readSome(reader, 0, 1)).map(nameOf)).toEqual(['next']);
  });
});
