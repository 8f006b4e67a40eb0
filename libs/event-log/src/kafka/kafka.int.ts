import { randomUUID } from 'node:crypto';
import { setTimeout } from 'node:timers/promises';
import { describe } from '@jest/globals';
import { Kafka, logLevel } from 'kafkajs';
import { logContract } from '../testing/contract.js';
import { ensureTopic, kafkaAppender, kafkaReader } from './index.js';

const brokers = process.env.KAFKA_BROKERS!.split(',');
// A broker may still be admitting the partition to a transaction, and says so as a lack of replicas.
const retry = { retries: 10, initialRetryTime: 50 };
const kafka = new Kafka({ brokers, logLevel: logLevel.NOTHING });

describe('the log on Kafka', () => {
  logContract(async () => {
    const options = { brokers, topic: `contract-${randomUUID()}` };
    const admin = kafka.admin();
    await admin.connect();
    await ensureTopic(options);
    return {
      appender: () => kafkaAppender(options),
      reader: () => kafkaReader(options),
      // A transaction's end takes an offset and is no record; it is written a moment after the commit is acknowledged.
      makeGap: async () => {
        const end = async () => Number((await admin.fetchTopicOffsets(options.topic))[0]!.high);
        const before = await end();
        const producer = kafka.producer({
          transactionalId: randomUUID(),
          maxInFlightRequests: 1,
          idempotent: true,
          retry,
        });
        await producer.connect();
        const transaction = await producer.transaction();
        await transaction.send({ topic: options.topic, messages: [{ value: 'in a transaction', partition: 0 }] });
        await transaction.commit();
        await producer.disconnect();
        while ((await end()) < before + 2) await setTimeout(10);
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
