import kafkajs from 'kafkajs';

const { Kafka, logLevel } = kafkajs;

/** The topic of the bare pipeline. */
export const topic = () => process.env.BARE_TOPIC!;

/** kafkajs as it comes, without our patches. */
export const kafka = () =>
  new Kafka({ clientId: 'bare', brokers: process.env.KAFKA_BROKERS!.split(','), logLevel: logLevel.NOTHING });

/** A connected producer. An append is acknowledged by all replicas, as by the product. */
export async function producing() {
  const producer = kafka().producer({ createPartitioner: kafkajs.Partitioners.DefaultPartitioner });
  await producer.connect();
  return (id: string, value: string) =>
    producer.send({ topic: topic(), acks: -1, messages: [{ key: 'bare', value, headers: { id }, partition: 0 }] });
}
