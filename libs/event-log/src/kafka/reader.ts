import { LogError, type LogReader, type LogRecord } from '../port.js';
import { KafkaAdmin } from './admin.js';
import type { KafkaOptions } from './client.js';
import { OneConsumer, type ConsumerEnd } from './consumer.js';
import { breach, Cursor, type Bounds } from './cursor.js';
import { pause } from './time.js';
import { unsafeSetting } from './topic.js';

/** A snapshot of a running reader. `now`: milliseconds of a monotonic clock. */
export interface Look {
  readonly now: number;
  /** The offset after the last record handed over, and whether its handler is running. */
  readonly handed: number;
  readonly busy: boolean;
  /** The offset after the log's last record. */
  readonly end: number;
}

/** Raises an alarm when records wait and none was handed over for `patience` milliseconds. A running handler counts as progress. */
export class Watchdog {
  readonly #patience: number;
  #handed = -1;
  #since = 0;

  constructor(patience: number) {
    this.#patience = patience;
  }

  stalled({ now, handed, busy, end }: Look): boolean {
    if (busy || handed >= end || handed !== this.#handed) {
      this.#handed = handed;
      this.#since = now;
      return false;
    }
    return now - this.#since >= this.#patience;
  }
}

interface Supervised {
  readonly consumer: OneConsumer;
  readonly cursor: Cursor;
  readonly patience: number;
  /** Resolves with the log's bounds. Rejects with `log-unreachable`, or with the reason why this is not the log that was read so far. */
  check(): Promise<Bounds>;
}

const intervalMs = 1_000;
/** How many checks in a row may fail to reach the log. */
const unreachableLooks = 5;

/**
 * Checks the log and the reader's progress until `over` is aborted, and ends the consumer on a fault. `first` resolves with whether the
 * first check passed.
 */
export function supervise(it: Supervised, over: AbortSignal): { readonly first: Promise<boolean> } {
  const watchdog = new Watchdog(it.patience);
  let missed = 0;

  async function look(mayMiss: number): Promise<boolean> {
    try {
      const { next: end } = await it.check();
      missed = 0;
      const { next: handed, busy } = it.cursor;
      if (!watchdog.stalled({ now: performance.now(), handed, busy, end })) return true;
      it.consumer.end({ kind: 'again', error: new LogError('log-stalled', `at offset ${handed} of ${end}`) });
    } catch (error) {
      const unreachable = (error as LogError).code === 'log-unreachable';
      if (unreachable && ++missed <= mayMiss) return true;
      it.consumer.end({ kind: unreachable ? 'again' : 'final', error: error as Error });
    }
    return false;
  }

  async function keepLooking(fine: boolean): Promise<void> {
    while (fine && !over.aborted) {
      await pause(intervalMs, over);
      fine = over.aborted || (await look(unreachableLooks));
    }
  }

  const first = look(0);
  void first.then(keepLooking);
  return { first };
}

/** The topic to read, and how many failures to tolerate. */
export interface ReaderOptions extends KafkaOptions {
  /** How many consumers in a row may fail without handing over a record, before the read fails. Default: 10. */
  readonly tries?: number;
  /** How long records may wait while none is handed over, in milliseconds. Default: 8,000. */
  readonly patience?: number;
  /** How often a read checks that the topic's settings still keep every record, in milliseconds. Default: never. */
  readonly settingsCheckMs?: number;
}

/** How often the apps that follow the log check its topic's settings, in milliseconds. */
export const settingsCheckMs = 60_000;

/** A consumer that ran this long without handing over a record found an idle log, not a fault. */
const goodLifeMs = 60_000;

/** How soon it asks again for settings that no broker gave, in milliseconds. */
const settingsAgainMs = 5_000;
/** A process that may not see the topic's settings cannot go on, as at its start. Other errors mean that no broker answered now. */
const refusal = (error: Error & { type?: string }): { readonly wrong: LogError } | undefined =>
  error.type === 'TOPIC_AUTHORIZATION_FAILED'
    ? { wrong: new LogError('log-unreachable', error.message, { cause: error }) }
    : undefined;

/** Reads the topic's only partition. The caller stores the offsets; nothing is committed to Kafka. */
export function kafkaReader(options: ReaderOptions): LogReader {
  const { tries = 10, patience = 8_000, settingsCheckMs: settingsMs = Infinity } = options;
  const admin = new KafkaAdmin(options);
  const closing = new AbortController();
  const reads = new Set<Promise<void>>();
  let settingsCheckedAt = performance.now();

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

  /** Rejects with `log-unsafe` if a setting could lose records. If no broker answers, it asks again in a few seconds. */
  async function checkSettings(): Promise<void> {
    if (closing.signal.aborted || performance.now() - settingsCheckedAt < settingsMs) return;
    const answer = await admin.run(a => unsafeSetting(a, options)).then(wrong => ({ wrong }), refusal);
    if (answer?.wrong) throw answer.wrong;
    settingsCheckedAt = performance.now() - (answer ? 0 : Math.max(0, settingsMs - settingsAgainMs));
  }

  async function checkAll(cursor: Cursor): Promise<Bounds> {
    const found = await check(() => cursor.next);
    await checkSettings();
    return found;
  }

  async function oneLife(cursor: Cursor, stop: AbortSignal): Promise<ConsumerEnd> {
    const consumer = new OneConsumer(options, cursor, () => bounds().catch(() => undefined));
    const stopped = () => consumer.end({ kind: 'stopped' });
    stop.addEventListener('abort', stopped);
    const over = new AbortController();
    const looks = supervise({ consumer, cursor, patience, check: () => checkAll(cursor) }, over.signal);
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
