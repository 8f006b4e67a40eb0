import { expect, test } from '@jest/globals';
import type { KafkaMessage } from 'kafkajs';
import { readHeaders, readRecord, writeHeaders } from './headers.js';

test('headers become text; a header that occurs twice or has no value is left out', () => {
  const headers = { ce_id: Buffer.from('ä1'), plain: 'text', twice: [Buffer.from('a'), 'b'], none: undefined };
  expect(readHeaders({ ...headers, nothing: null as never })).toEqual({ ce_id: 'ä1', plain: 'text' });
  expect(readHeaders(undefined)).toEqual({});
});

test('a header named __proto__ is read as an ordinary header', () => {
  const headers = readHeaders(JSON.parse('{"__proto__":"x"}'));
  expect(Object.getPrototypeOf(headers)).toBe(Object.prototype);
  expect(Object.entries(headers)).toEqual([['__proto__', 'x']]);
});

test('a header without a value is not written', () => {
  expect(Object.keys(writeHeaders({ a: 'x', b: undefined }))).toEqual(['a']);
});

test('a record without a value is read with an empty value', () => {
  const message = { offset: '7', value: null, headers: {} } as unknown as KafkaMessage;
  expect(readRecord(message)).toEqual({ offset: 7, headers: {}, value: new Uint8Array() });
});
