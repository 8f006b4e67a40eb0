import type { IHeaders, KafkaMessage } from 'kafkajs';
import type { Headers } from '../arbitrate.js';
import type { LogRecord } from '../port.js';
import { isPlain, type RawRecord } from '../raw.js';
import { ownHeaders } from './record-headers.js';

/** A header that occurs twice (kafkajs makes a list of it) or has no value is left out. */
export function readHeaders(headers: IHeaders = {}): Headers {
  return Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]) =>
      value === undefined || value === null || Array.isArray(value) ? [] : [[name, value.toString()]],
    ),
  );
}

export function writeHeaders(headers: Headers): IHeaders {
  return Object.fromEntries(Object.entries(headers).filter(([, value]) => value !== undefined));
}

export function readRecord({ offset, key, value, headers = {} }: KafkaMessage): LogRecord {
  const record = { offset: Number(offset), headers: readHeaders(headers), value: value ?? new Uint8Array() };
  const own = ownHeaders(headers);
  const raw = own && { key, headers: own, valueless: value === null };
  return raw && !isPlain(raw) ? { ...record, raw } : record;
}

/**
 * As many of a record's own bytes as kafkajs can write: a header without a value is left out, or is empty where its name
 * occurs twice, and a name that is not UTF-8 has U+FFFD. Either reads as it did.
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
