import type { AppendOutcome, LogAppender, NewRecord } from '../port.js';
import type { KafkaOptions } from './client.js';
import { OneProducer } from './producer.js';

/** An appender to a Kafka topic; close it to release its connections. */
export interface KafkaAppender extends LogAppender {
  /**
   * Appends several records under the same promises, as one batch: all of them in a row, or none. Together they may have as many bytes
   * as the topic allows for one record.
   */
  appendTogether(records: readonly NewRecord[]): Promise<AppendOutcome>;
}

/**
 * Appends to the topic's only partition. Connects with the first append; several appends may run at once. Every append, and `close`,
 * ends within five seconds.
 */
export function kafkaAppender(options: KafkaOptions): KafkaAppender {
  let current: OneProducer | undefined;
  let closed = false;

  async function appendTogether(records: readonly NewRecord[]): Promise<AppendOutcome> {
    if (closed) return 'not-sent';
    const producer = (current ??= new OneProducer(options));
    const outcome = await producer.send(records);
    if (producer.spent && current === producer) {
      current = undefined;
      void producer.close();
    }
    return outcome;
  }

  async function close(): Promise<void> {
    closed = true;
    await current?.close();
  }

  return { append: record => appendTogether([record]), appendTogether, close };
}
