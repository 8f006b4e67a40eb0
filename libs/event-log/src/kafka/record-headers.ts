import type { IHeaders } from 'kafkajs';
import type { RawRecord } from '../raw.js';
// @ts-expect-error kafkajs is plain JavaScript and gives no types for its inner parts.
import Decoder from 'kafkajs/src/protocol/decoder.js';

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
/** The original headers behind those that kafkajs grouped by name; undefined where they came from elsewhere. */
export const ownHeaders = (headers: IHeaders): RawRecord['headers'] | undefined =>
  (headers as { readonly [own]?: readonly Header[] })[own]?.map(({ name, value }) => [name, value] as const);

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

/** Groups the headers by name as kafkajs does: a list where a name occurs twice, or is a property of every object. */
function collected(headers: readonly Header[]): IHeaders {
  const found: Record<string, unknown> = {};
  for (const { name, value } of headers) {
    const key = name.toString();
    const held = found[key];
    if (Array.isArray(held)) held.push(value);
    else {
      const now = held === undefined ? value : [held, value];
      Object.defineProperty(found, key, { value: now, enumerable: true, writable: true, configurable: true });
    }
  }
  Object.defineProperty(found, own, { value: headers });
  return found as IHeaders;
}
