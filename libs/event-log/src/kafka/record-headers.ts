import type { IHeaders } from 'kafkajs';
// @ts-expect-error kafkajs is plain JavaScript and gives no types for its inner parts.
import Decoder from 'kafkajs/src/protocol/decoder.js';

/** Headers that are read of one record; a record with more is read as one without any, and so is void. A commit has 13. */
export const maxHeaders = 1_000;

interface Header {
  readonly key: string;
  readonly value: Buffer | null;
}
type Read = (decoder: unknown) => Header;
interface RecordDecoder {
  readVarInt(): number;
  readVarIntArray(read: Read): readonly Header[];
}

// kafkajs 2.2.4 decodes a record's headers by `readVarIntArray(...).reduce(...)` and copies, for each header, all those before
// it: one record with 10,000 headers takes 16 s of CPU, and the broker takes records with 500,000 of them. So what that
// method gives here brings a `reduce` of its own.
(Decoder as { prototype: RecordDecoder }).prototype.readVarIntArray = function (this: RecordDecoder, read) {
  const length = this.readVarInt();
  // Nothing of a record comes after its headers, so they need not be passed over.
  const headers = length > maxHeaders ? [] : Array.from({ length: Math.max(0, length) }, () => read(this));
  return Object.assign(headers, { reduce: () => collected(headers) });
};

/** The headers by name, as kafkajs gives them: a list where a name occurs twice, or is one that every object has. */
function collected(headers: readonly Header[]): IHeaders {
  const found: Record<string, unknown> = {};
  for (const { key, value } of headers) {
    const held = found[key];
    if (Array.isArray(held)) held.push(value);
    else {
      const now = held === undefined ? value : [held, value];
      Object.defineProperty(found, key, { value: now, enumerable: true, writable: true, configurable: true });
    }
  }
  return found as IHeaders;
}
