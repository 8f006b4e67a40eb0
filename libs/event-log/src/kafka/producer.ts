import { CompressionTypes, type Producer } from 'kafkajs';
import type { AppendOutcome, NewRecord } from '../port.js';
import { kafkaClient, limits, type KafkaOptions } from './client.js';
import { writeHeaders, writeRaw } from './headers.js';
import { Sockets } from './sockets.js';
import { settled, TooLate, within } from './time.js';

// Errors that a broker returns for a produce request before writing anything, and for no other request: kafkajs refreshes its metadata
// after a failure and may throw that request's error instead.
const refusals = [
  'MESSAGE_TOO_LARGE',
  'RECORD_LIST_TOO_LARGE',
  'INVALID_RECORD',
  'CORRUPT_MESSAGE',
  'INVALID_TIMESTAMP',
  'NOT_ENOUGH_REPLICAS',
];

/** One kafkajs producer and its sockets. Replace it once it is `spent`. */
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

  /** After two failures in a row, as kafkajs would try a dead socket again and again. */
  get spent(): boolean {
    return this.#troubles >= 2;
  }

  /** Never throws. A failure is `unknown` if any produce request left meanwhile, for these records or others. */
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
      // The caller has its answer, so nothing may be sent later: the answer must stay true.
      if (error instanceof TooLate) this.#end();
      return this.#sockets.produced === before ? 'not-sent' : 'unknown';
    }
  }

  /** Waits for running sends, up to a limit. */
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
      // All messages of one request to one partition are one batch, which a broker writes completely or not at all.
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
