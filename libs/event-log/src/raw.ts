import { isUtf8 } from 'node:buffer';
import type { Headers } from './arbitrate.js';

/** A record's bytes as the log holds them, without the value. */
export interface RawRecord {
  readonly key: Uint8Array | null;
  /** In the order of the log; a header may have no value, and a name may occur twice. */
  readonly headers: readonly (readonly [name: Uint8Array, value: Uint8Array | null])[];
  /** Whether the record has no value at all, as opposed to an empty one. */
  readonly valueless: boolean;
}

const textOf = (bytes: Uint8Array) => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString();
// kafkajs treats a name that every object has as one that occurs twice. Readers must always agree on records, so this rule never
// changes.
const everyObjectHas = (name: string) => name in Object.prototype;

/** The headers as every reader of the log sees them: as text, without those that occur twice or have no value. */
export function headersOf({ headers }: Pick<RawRecord, 'headers'>): Headers {
  const once = new Map<string, Uint8Array | null>();
  for (const [bytes, value] of headers) {
    const name = textOf(bytes);
    once.set(name, once.has(name) || everyObjectHas(name) ? null : value);
  }
  return Object.fromEntries([...once].flatMap(([name, value]) => (value ? [[name, textOf(value)]] : [])));
}

/** Whether the record's headers as text, with its stream as key, reproduce all of its bytes. */
export function isPlain({ key, headers, valueless }: RawRecord): boolean {
  const names = new Set<string>();
  let stream: Uint8Array | undefined;
  for (const [bytes, value] of headers) {
    const name = textOf(bytes);
    if (!value || !isUtf8(bytes) || !isUtf8(value) || names.has(name) || everyObjectHas(name)) return false;
    names.add(name);
    if (name === 'ce_subject') stream = value;
  }
  return !valueless && key !== null && Buffer.compare(key, stream ?? new Uint8Array()) === 0;
}
