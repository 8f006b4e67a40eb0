import type { AppendOutcome, LogAppender, NewRecord } from '../port.js';
import type { KafkaOptions } from './client.js';
import { OneProducer } from './producer.js';

export interface KafkaAppender extends LogAppender {
  /**
   * Several at once, under the same promises: they stand one after the other with nobody else's between them, or none of
   * them does. A topic takes as many bytes together as of one record.
   */
  appendTogether(records: readonly NewRecord[]): Promise<AppendOutcome>;
}

/**
 * Appends to the topic's one partition. It connects with the first append; several may be under way at once. Every
 * append ends within five seconds, and `close` too.
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
