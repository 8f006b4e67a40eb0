import { randomUUID } from 'node:crypto';
import { setTimeout } from 'node:timers/promises';
import { describe } from '@jest/globals';
import kafkajs, { Kafka, logLevel } from 'kafkajs';
import { logContract, record } from '../testing/contract.js';
import { ensureTopic, kafkaAppender, kafkaReader } from './index.js';

const brokers = process.env.KAFKA_BROKERS!.split(',');
const kafka = new Kafka({ brokers, logLevel: logLevel.NOTHING });

/** The offset of the first record that the topic holds. */
async function firstOffset(topic: string): Promise<number> {
  const consumer = kafka.consumer({ groupId: randomUUID(), allowAutoTopicCreation: false });
  await consumer.connect();
  await consumer.subscribe({ topic, fromBeginning: true });
  const first = Promise.withResolvers<number>();
  await consumer.run({ autoCommit: false, eachMessage: async ({ message }) => first.resolve(Number(message.offset)) });
  const offset = await first.promise;
  await consumer.disconnect();
  return offset;
}

describe('the log on Kafka', () => {
  logContract(async () => {
    const options = { brokers, topic: `contract-${randomUUID()}` };
    const admin = kafka.admin();
    await admin.connect();
    await ensureTopic(options);
    return {
      appender: () => kafkaAppender(options),
      reader: () => kafkaReader(options),
      // Compaction keeps the last record with each key. The broker looks for segments to clean every 15 s.
      makeGap: async () => {
        const configEntries = [
          { name: 'cleanup.policy', value: 'compact' },
          { name: 'segment.ms', value: '1' },
          { name: 'min.cleanable.dirty.ratio', value: '0' },
        ];
        const resources = [{ type: kafkajs.ConfigResourceTypes.TOPIC, name: options.topic, configEntries }];
        await admin.alterConfigs({ validateOnly: false, resources });
        const appender = kafkaAppender(options);
        // Each one begins a segment; the last segment is never cleaned.
        for (const name of ['kept', 'newest']) {
          await setTimeout(10);
          await appender.append(record(name));
        }
        await appender.close();
        while ((await firstOffset(options.topic)) === 0) await setTimeout(500);
      },
      truncate: async () => {
        await admin.fetchTopicOffsets(options.topic);
        await admin.deleteTopicRecords({ topic: options.topic, partitions: [{ partition: 0, offset: '1' }] });
      },
      close: async () => {
        await admin.deleteTopics({ topics: [options.topic] });
        await admin.disconnect();
      },
    };
  });
});
