import { randomUUID } from 'node:crypto';
import type { Consumer, ConsumerCrashEvent, EachBatchPayload } from 'kafkajs';
import { handedOverAtOnce, LogError, type LogRecord } from '../port.js';
import type { KafkaAdmin } from './admin.js';
import { kafkaClient, limits, type KafkaOptions } from './client.js';
import { misplaced, type Bounds, type Cursor } from './cursor.js';
import { readRecord } from './headers.js';
import { Sockets } from './sockets.js';
import { settled } from './time.js';

/** Why a consumer ended: it was stopped, another one may continue, or nothing can. */
export type ConsumerEnd =
  | { readonly kind: 'stopped' }
  | { readonly kind: 'again'; readonly error: Error }
  | { readonly kind: 'final'; readonly error: unknown };

const partition = 0;
// Milliseconds. A process that was paused for longer than the session joins again. A broker answers a fetch when there is a record, and otherwise
// after `maxWaitTimeInMs`: it costs a quiet newsroom processor time, and `close` waits for it.
const timing = { sessionTimeout: 10_000, rebalanceTimeout: 10_000, heartbeatInterval: 2_000, maxWaitTimeInMs: 1_000 };

/** One kafkajs consumer, the only one in its group, which hands records to the cursor until it ends. */
export class OneConsumer {
  readonly #topic: string;
  readonly #group: string;
  readonly #cursor: Cursor;
  readonly #sockets: Sockets;
  readonly #consumer: Consumer;
  readonly #boundsOrNone: () => Promise<Bounds | undefined>;
  readonly #end = Promise.withResolvers<ConsumerEnd>();
  #ended = false;
  #joined = false;

  constructor(options: KafkaOptions, cursor: Cursor, boundsOrNone: () => Promise<Bounds | undefined>) {
    this.#topic = options.topic;
    this.#group = `${options.topic}.reader.${randomUUID()}`;
    this.#cursor = cursor;
    this.#boundsOrNone = boundsOrNone;
    // A new connection may lead to a server with another log, so the last record is checked again.
    this.#sockets = new Sockets(options.connect, () => this.#joined && !this.#ended && this.#seek());
    this.#consumer = kafkaClient(options, this.#sockets, {}).consumer({
      ...timing,
      groupId: this.#group,
      allowAutoTopicCreation: false,
      minBytes: 1,
      readUncommitted: true,
      retry: { retries: 3, initialRetryTime: 100, maxRetryTime: 1_000, restartOnFailure: async () => false },
    });
    this.#consumer.on('consumer.crash', ({ payload }: ConsumerCrashEvent) => this.end(again(payload.error)));
    // kafkajs forgets its offset each time it joins; this runs before its next fetch.
    this.#consumer.on('consumer.group_join', () => {
      this.#joined = true;
      this.#seek();
    });
  }

  get ended(): Promise<ConsumerEnd> {
    return this.#end.promise;
  }

  /** Only the first call counts. */
  end(ending: ConsumerEnd): void {
    this.#ended = true;
    this.#end.resolve(ending);
  }

  /** Resolves once it has joined or ended. */
  async start(): Promise<void> {
    if (this.#ended) return;
    try {
      await this.#consumer.connect();
      await this.#consumer.subscribe({ topic: this.#topic, fromBeginning: true });
      if (this.#ended) return;
      await this.#consumer.run({
        autoCommit: false,
        eachBatchAutoResolve: false,
        eachBatch: payload => this.#eachBatch(payload),
      });
    } catch (error) {
      this.end(again(error as Error));
    }
  }

  /** Waits for the running handler, then leaves the group. `started` is the promise of `start`. */
  async close(started: Promise<void>, admin: KafkaAdmin): Promise<void> {
    await this.#cursor.idle();
    // Disconnecting a consumer that is still joining can leave it running (tulios/kafkajs#1639).
    await settled(
      limits.close / 2,
      started.then(() => this.#consumer.disconnect()),
    );
    this.#sockets.shut();
    // A broker deletes an empty group only after minutes, so we delete it.
    if (!this.#joined) return;
    await settled(
      1_000,
      admin.run(a => a.deleteGroups([this.#group])),
    );
  }

  /** Rethrows a heartbeat's error, so that kafkajs joins again; any other error ends this consumer. */
  async #eachBatch({ batch, pause, ...group }: EachBatchPayload): Promise<void> {
    for (let start = 0; start < batch.messages.length; start += handedOverAtOnce) {
      if (this.#ended || !group.isRunning() || group.isStale()) break;
      const records = batch.messages.slice(start, start + handedOverAtOnce).map(readRecord);
      if (!(await this.#handOver(records, group.heartbeat))) {
        pause();
        return;
      }
      group.resolveOffset(String(records.at(-1)!.offset));
      await group.heartbeat();
    }
    // It rejoined while the handler was running, and would resume from the handler's first record.
    if (group.isStale()) this.#seek();
  }

  async #handOver(found: readonly LogRecord[], heartbeat: () => Promise<void>): Promise<boolean> {
    const [first] = found;
    const records = first && this.#cursor.isLast(first) ? found.slice(1) : found;
    const { next, resume } = this.#cursor;
    const wrong = records.findIndex(({ offset }, index) => offset !== next + index);
    if (wrong >= 0) {
      const { offset } = records[wrong]!;
      const replaced = wrong === 0 && offset === resume && new LogError('log-replaced', `at offset ${offset}`);
      const error = replaced || misplaced(await this.#boundsOrNone(), next + wrong, offset);
      this.end({ kind: 'final', error });
      return false;
    }
    if (records.length === 0) return true;
    // A heartbeat that fails here fails again after the handler, where it is handled.
    const beats = setInterval(() => void heartbeat().catch(() => undefined), timing.heartbeatInterval);
    try {
      await this.#cursor.handOver(records);
      return true;
    } catch (error) {
      this.end({ kind: 'final', error });
      return false;
    } finally {
      clearInterval(beats);
    }
  }

  #seek(): void {
    this.#consumer.seek({ topic: this.#topic, partition, offset: String(this.#cursor.resume) });
  }
}

const again = (error: Error): ConsumerEnd => ({
  kind: 'again',
  error: new LogError('log-unreachable', error.message, { cause: error }),
});
