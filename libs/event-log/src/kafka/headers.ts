import type { IHeaders, KafkaMessage } from 'kafkajs';
import type { Headers } from '../arbitrate.js';
import type { LogRecord } from '../port.js';

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

export const readRecord = (message: KafkaMessage): LogRecord => ({
  offset: Number(message.offset),
  headers: readHeaders(message.headers),
  value: message.value ?? new Uint8Array(),
});
