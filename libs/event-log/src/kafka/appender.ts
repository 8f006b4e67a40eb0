import type { AppendOutcome, BatchAppender, NewRecord } from '../port.js';
import type { KafkaOptions } from './client.js';
import { OneProducer } from './producer.js';

/**
 * Appends to the topic's only partition; close it to release its connections. Connects with the first append; several appends may run
 * at once. Every append, and `close`, ends within five seconds.
 */
export function kafkaAppender(options: KafkaOptions): BatchAppender {
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
