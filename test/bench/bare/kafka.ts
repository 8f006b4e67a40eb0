import kafkajs from 'kafkajs';

const { Kafka, logLevel } = kafkajs;

/** The topic of the bare pipeline. */
export const topic = () => process.env.BARE_TOPIC!;

/** kafkajs without our patches. */
export const kafka = () =>
  new Kafka({ clientId: 'bare', brokers: process.env.KAFKA_BROKERS!.split(','), logLevel: logLevel.NOTHING });

/** A record of the bare pipeline. */
export interface Bare {
  readonly id: string;
  readonly value: string;
}

/** A connected producer that sends the given records as one batch. All replicas acknowledge each batch, as in the product. */
export async function producing(): Promise<(records: readonly Bare[]) => Promise<unknown>> {
  const producer = kafka().producer({ createPartitioner: kafkajs.Partitioners.DefaultPartitioner });
  await producer.connect();
  return records =>
    producer.send({
      topic: topic(),
      acks: -1,
      messages: records.map(({ id, value }) => ({ key: 'bare', value, headers: { id }, partition: 0 })),
    });
}

/** Reads the topic from now on; `onRecord` gets the id of each record. Resolves when the consumer has joined its group. */
export async function following(onRecord: (id: string) => void): Promise<{ close(): Promise<void> }> {
  const consumer = kafka().consumer({ groupId: `${topic()}.${process.pid}`, readUncommitted: true });
  const { promise: joined, resolve } = Promise.withResolvers<void>();
  consumer.on(consumer.events.GROUP_JOIN, () => resolve());
  await consumer.connect();
  await consumer.subscribe({ topic: topic(), fromBeginning: true });
  const eachMessage = async ({ message: { headers } }: kafkajs.EachMessagePayload) => onRecord(String(headers!.id));
  await consumer.run({ autoCommit: false, eachMessage });
  await joined;
  return { close: () => consumer.disconnect() };
}
