import { LogError, type LogReader, type LogRecord } from '../port.js';
import { KafkaAdmin } from './admin.js';
import type { KafkaOptions } from './client.js';
import { OneConsumer, type ConsumerEnd } from './consumer.js';
import { Cursor } from './cursor.js';
import { breach, type Bounds } from './integrity.js';
import { supervise } from './supervise.js';
import { pause } from './time.js';

/** The topic to read, and how many failures to tolerate. */
export interface ReaderOptions extends KafkaOptions {
  /** How many consumers in a row may fail without handing over a record, before the read fails. Default: 10. */
  readonly tries?: number;
  /** How long records may wait while none is handed over, in milliseconds. Default: 8,000. */
  readonly patience?: number;
}

/** A consumer that ran this long without handing over a record found an idle log, not a fault. */
const goodLifeMs = 60_000;

/** Reads the topic's only partition. The caller stores the offsets; nothing is committed to Kafka. */
export function kafkaReader(options: ReaderOptions): LogReader {
  const { tries = 10, patience = 8_000 } = options;
  const admin = new KafkaAdmin(options);
  const closing = new AbortController();
  const reads = new Set<Promise<void>>();

  async function bounds(): Promise<Bounds> {
    try {
      const [partition] = await admin.run(a => a.fetchTopicOffsets(options.topic));
      return { first: Number(partition!.low), next: Number(partition!.high) };
    } catch (error) {
      throw new LogError('log-unreachable', (error as Error).message, { cause: error });
    }
  }

  /** Checks twice: a broker that has just become leader may lag for a moment. */
  async function check(expected: () => number): Promise<Bounds> {
    const look = async () => {
      const before = expected();
      const found = await bounds();
      return { found, wrong: breach(found, before) };
    };
    const first = await look();
    if (!first.wrong) return first.found;
    await pause(500, closing.signal);
    const second = await look();
    if (second.wrong) throw second.wrong;
    return second.found;
  }

  async function oneLife(cursor: Cursor, stop: AbortSignal): Promise<ConsumerEnd> {
    const consumer = new OneConsumer(options, cursor, () => bounds().catch(() => undefined));
    const stopped = () => consumer.end({ kind: 'stopped' });
    stop.addEventListener('abort', stopped);
    const over = new AbortController();
    const looks = supervise({ consumer, cursor, patience, check: () => check(() => cursor.next) }, over.signal);
    const started = looks.first.then(fine => (fine ? consumer.start() : undefined));
    const ending = await consumer.ended;
    stop.removeEventListener('abort', stopped);
    over.abort();
    await consumer.close(started, admin);
    return ending;
  }

  async function readOn(cursor: Cursor, stop: AbortSignal): Promise<void> {
    for (let failures = 0; !stop.aborted;) {
      const [before, born] = [cursor.next, performance.now()];
      const ending = await oneLife(cursor, stop);
      if (ending.kind === 'stopped') return;
      const wentWell = cursor.next > before || performance.now() - born > goodLifeMs;
      failures = wentWell ? 1 : failures + 1;
      if (ending.kind === 'final' || failures >= tries) throw ending.error;
      await pause(Math.min(125 * 2 ** failures, 5_000), stop);
    }
  }

  function read(from: number, onBatch: (records: readonly LogRecord[]) => Promise<void>, signal: AbortSignal) {
    const reading = readOn(new Cursor(from, onBatch), AbortSignal.any([signal, closing.signal]));
    reads.add(reading);
    return reading.finally(() => reads.delete(reading));
  }

  async function close(): Promise<void> {
    closing.abort();
    await Promise.allSettled(reads);
    await admin.close();
  }

  return { read, bounds, close };
}
