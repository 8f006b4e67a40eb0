import { ensureTopic, kafkaAppender, type NewRecord } from '#event-log';

export const brokers = process.env.KAFKA_BROKERS!.split(',');

/** Appends the records in order. Creates the topic if it is missing. */
export async function appendAll(records: readonly NewRecord[], topic: string): Promise<void> {
  await ensureTopic({ brokers, topic, replicationFactor: 1 });
  const appender = kafkaAppender({ brokers, topic });
  try {
    for (const record of records)
      if ((await appender.append(record)) !== 'sent') throw new Error(`Not sent to ${topic}.`);
  } finally {
    await appender.close();
  }
}
