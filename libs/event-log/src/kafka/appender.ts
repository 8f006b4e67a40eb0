import type { AppendOutcome, LogAppender, NewRecord } from '../port.js';
import type { KafkaOptions } from './client.js';
import { OneProducer } from './producer.js';

/**
 * Appends to the topic's one partition. It connects with the first append; several may be under way at once. Every
 * append ends within five seconds, and `close` too.
 */
export function kafkaAppender(options: KafkaOptions): LogAppender {
  let current: OneProducer | undefined;
  let closed = false;

  async function append(record: NewRecord): Promise<AppendOutcome> {
    if (closed) return 'not-sent';
    const producer = (current ??= new OneProducer(options));
    const outcome = await producer.send(record);
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

  return { append, close };
}
