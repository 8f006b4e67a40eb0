import type { KafkaMessage } from 'kafkajs';
// @ts-expect-error kafkajs is plain JavaScript and gives no types for its inner parts.
import Batch from 'kafkajs/src/consumer/batch.js';

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
