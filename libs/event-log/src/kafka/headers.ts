import type { IHeaders, KafkaMessage } from 'kafkajs';
import type { Headers } from '../arbitrate.js';
import type { LogRecord } from '../port.js';
import { isPlain, type RawRecord } from '../raw.js';
import { countOfHeaders, ownHeaders } from './kafkajs-patches.js';

/** Omits headers without a value, and those that occur twice, which kafkajs gives as a list. */
export function readHeaders(headers: IHeaders = {}): Headers {
  const read: Record<string, string> = {};
  for (const name of Object.keys(headers)) {
    const value = headers[name];
    if (value === undefined || value === null || Array.isArray(value)) continue;
    if (name === '__proto__') Object.defineProperty(read, name, { value: value.toString(), enumerable: true });
    else read[name] = value.toString();
  }
  return read;
}

/** Headers as kafkajs takes them; omits those that are undefined. */
export function writeHeaders(headers: Headers): IHeaders {
  return Object.fromEntries(Object.entries(headers).filter(([, value]) => value !== undefined));
}

// Text has this character in the place of bytes that are not UTF-8, or because it was written.
const replacement = '\uFFFD';

/** Whether `isPlain` holds for sure: each header was read, and no byte of them or of the key may have been replaced. */
function isSurelyPlain({ key, value }: KafkaMessage, count: number | undefined, read: Headers): boolean {
  if (key === null || value === null) return false;
  let left = count;
  for (const name in read) {
    if (left === undefined || name.includes(replacement) || read[name]!.includes(replacement)) return false;
    left--;
  }
  return left === 0 && key.toString() === (read.ce_subject ?? '');
}

/** The record of a Kafka message, as every reader of the log sees it. */
export function readRecord(message: KafkaMessage): LogRecord {
  const { offset, key, value, headers = {} } = message;
  const record = { offset: Number(offset), headers: readHeaders(headers), value: value ?? new Uint8Array() };
  // Nearly every record is plain, and to look at its bytes again takes longer than the rest.
  if (isSurelyPlain(message, countOfHeaders(headers), record.headers)) return record;
  const own = ownHeaders(headers);
  const raw = own && { key, headers: own, valueless: value === null };
  return raw && !isPlain(raw) ? { ...record, raw } : record;
}

/**
 * The record's original bytes, as far as kafkajs can write them: a header without a value is omitted, or is empty if its name occurs
 * twice, and a name that is not UTF-8 holds U+FFFD. Readers decode the result in the same way as the original.
 */
export function writeRaw({ headers }: RawRecord): IHeaders {
  const values = new Map<string, (Uint8Array | null)[]>();
  for (const [name, value] of headers) {
    const text = Buffer.from(name).toString();
    values.set(text, [...(values.get(text) ?? []), value]);
  }
  const written: IHeaders = {};
  for (const [name, all] of values) {
    const value = all.length === 1 ? all[0] && Buffer.from(all[0]) : all.map(each => Buffer.from(each ?? []));
    if (value) Object.defineProperty(written, name, { value, enumerable: true });
  }
  return written;
}
