import type { IHeaders, KafkaMessage } from 'kafkajs';
// @ts-expect-error kafkajs is plain JavaScript and gives no types for its inner parts.
import Batch from 'kafkajs/src/consumer/batch.js';
// @ts-expect-error kafkajs is plain JavaScript and gives no types for its inner parts.
import RequestQueue from 'kafkajs/src/network/requestQueue/index.js';
// @ts-expect-error kafkajs is plain JavaScript and gives no types for its inner parts.
import Decoder from 'kafkajs/src/protocol/decoder.js';
import type { RawRecord } from '../raw.js';

interface Queue {
  readonly pending: readonly unknown[];
  scheduleCheckPendingRequests(): void;
}

// kafkajs 2.2.4 checks for pending requests after every answer, with a timer that has a negative delay: Node warns, and each timer sets
// the next one, about a thousand a second on every connection (tulios/kafkajs#1704, #1751). Code that adds a pending request schedules
// the check, so an empty queue needs none.
const queue = (RequestQueue as { prototype: Queue }).prototype;
const schedule = queue.scheduleCheckPendingRequests;
queue.scheduleCheckPendingRequests = function (this: Queue) {
  if (this.pending.length > 0) schedule.call(this);
};

interface Fetched {
  messages: readonly KafkaMessage[];
  readonly messagesWithinOffset: readonly (KafkaMessage & { readonly isControlRecord: boolean })[];
}
type OnFetched = (this: Fetched) => boolean;

const blank = (message: KafkaMessage): KafkaMessage =>
  Object.assign({}, message, { key: null, value: null, headers: {}, isControlRecord: false });

// A broker ends each transaction with a control record, which takes an offset in the topic. We never write in transactions, but other
// writers can. kafkajs hides control records, so the offset would look like a lost record and stop the newsroom. Here each becomes a
// record without headers or value, and so is void. kafkajs calls this method once for each batch, before it reads the messages.
const batch = (Batch as { prototype: { isEmptyDueToFiltering: OnFetched } }).prototype;
const isEmptyDueToFiltering = batch.isEmptyDueToFiltering;
batch.isEmptyDueToFiltering = function () {
  const kept = new Set(this.messages);
  this.messages = this.messagesWithinOffset.flatMap((message): KafkaMessage[] =>
    message.isControlRecord ? [blank(message)] : kept.has(message) ? [message] : [],
  );
  return isEmptyDueToFiltering.call(this);
};

/** The most headers that are read from one record; a record with more is read as one without headers, and so is void. A commit has 13. */
export const maxHeaders = 1_000;

interface Header {
  readonly name: Buffer;
  readonly value: Buffer | null;
}
interface RecordDecoder {
  readVarInt(): number;
  readVarIntBytes(): Buffer | null;
  readVarIntArray(): readonly Header[];
}

/** The key under which the headers, grouped by name, keep their original bytes and order. */
const own = Symbol('headers as the log holds them');
/** The original headers behind those that kafkajs grouped by name; undefined if they came from elsewhere. */
export const ownHeaders = (headers: IHeaders): RawRecord['headers'] | undefined =>
  (headers as { readonly [own]?: readonly Header[] })[own]?.map(({ name, value }) => [name, value] as const);
/** How many headers the log holds behind those that kafkajs grouped by name; undefined where they came from elsewhere. */
export const countOfHeaders = (headers: IHeaders): number | undefined =>
  (headers as { readonly [own]?: readonly Header[] })[own]?.length;

// kafkajs 2.2.4 decodes a record's headers by `readVarIntArray(...).reduce(...)` and copies, for each header, all those before it: one
// record with 10,000 headers takes 16 s of CPU, and the broker accepts records with 500,000. So this method returns an object whose
// `reduce` is linear.
(Decoder as { prototype: RecordDecoder }).prototype.readVarIntArray = function (this: RecordDecoder) {
  const length = this.readVarInt();
  // Headers are the last part of a record, so they need not be skipped.
  const headers = length > maxHeaders ? [] : Array.from({ length: Math.max(0, length) }, () => headerOf(this));
  return Object.assign(headers, { reduce: () => collected(headers) });
};

const headerOf = (decoder: RecordDecoder): Header => {
  const name = decoder.readVarIntBytes() ?? Buffer.alloc(0);
  return { name, value: decoder.readVarIntBytes() };
};

/** Groups the headers by name as kafkajs does: a list if a name occurs twice, or is a property of every object. */
function collected(headers: readonly Header[]): IHeaders {
  const found: Record<string, unknown> = {};
  for (const { name, value } of headers) {
    const key = name.toString();
    const held = found[key];
    if (held === undefined) found[key] = value;
    else if (Array.isArray(held)) held.push(value);
    else
      Object.defineProperty(found, key, { value: [held, value], enumerable: true, writable: true, configurable: true });
  }
  Object.defineProperty(found, own, { value: headers });
  return found as IHeaders;
}
