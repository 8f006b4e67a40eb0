import { CompressionTypes, type Producer } from 'kafkajs';
import type { AppendOutcome, NewRecord } from '../port.js';
import { kafkaClient, limits, type KafkaOptions } from './client.js';
import { writeHeaders, writeRaw } from './headers.js';
import { Sockets } from './sockets.js';
import { settled, TooLate, within } from './time.js';

// What a broker says of a produce request before it has written anything, and never says of another request: kafkajs
// refreshes its metadata after a failure and may throw that request's error instead.
const refusals = [
  'MESSAGE_TOO_LARGE',
  'RECORD_LIST_TOO_LARGE',
  'INVALID_RECORD',
  'CORRUPT_MESSAGE',
  'INVALID_TIMESTAMP',
  'NOT_ENOUGH_REPLICAS',
];

/** One kafkajs producer and its sockets, to be replaced once it is `spent`. */
export class OneProducer {
  readonly #sockets: Sockets;
  readonly #producer: Producer;
  readonly #topic: string;
  #connected: Promise<void> | undefined;
  #troubles = 0;

  constructor(options: KafkaOptions) {
    this.#topic = options.topic;
    this.#sockets = new Sockets(options.connect);
    this.#producer = kafkaClient(options, this.#sockets, { retries: 0 }).producer({
      idempotent: false,
      allowAutoTopicCreation: false,
      createPartitioner: () => () => 0,
    });
  }

  /** Two failures in a row: a dead socket would be tried again and again. */
  get spent(): boolean {
    return this.#troubles >= 2;
  }

  /** Never throws. A produce request that left, of these records or of others meanwhile, makes a failure `unknown`. */
  async send(records: readonly NewRecord[]): Promise<AppendOutcome> {
    const before = this.#sockets.produced;
    try {
      await within(limits.append, this.#produce(records));
      this.#troubles = 0;
      return 'sent';
    } catch (error) {
      if (isRefusal(error)) {
        this.#troubles = 0;
        return 'not-sent';
      }
      this.#troubles++;
      // Nobody waits any longer, so nothing may leave later: what is answered here must stay true.
      if (error instanceof TooLate) this.#end();
      return this.#sockets.produced === before ? 'not-sent' : 'unknown';
    }
  }

  /** Lets what is under way end, for a while. */
  async close(): Promise<void> {
    await settled(limits.close, this.#producer.disconnect());
    this.#end();
  }

  async #produce(records: readonly NewRecord[]): Promise<void> {
    this.#connected ??= this.#producer.connect();
    await this.#connected.catch(error => {
      this.#connected = undefined;
      throw error;
    });
    await this.#producer.send({
      topic: this.#topic,
      acks: -1,
      timeout: limits.request,
      compression: CompressionTypes.None,
      // One partition's messages of one request are one batch, which a broker writes whole or not at all.
      messages: records.map(({ key, value, headers, raw }) => ({
        key: raw ? raw.key && Buffer.from(raw.key) : key,
        value: raw?.valueless ? null : Buffer.from(value),
        headers: raw ? writeRaw(raw) : writeHeaders(headers),
        partition: 0,
      })),
    });
  }

  #end(): void {
    this.#troubles = Infinity;
    this.#sockets.shut();
  }
}

function isRefusal(error: unknown): boolean {
  for (let cause = error; cause instanceof Error; cause = cause.cause)
    if ('type' in cause && refusals.includes(String(cause.type))) return true;
  return false;
}
