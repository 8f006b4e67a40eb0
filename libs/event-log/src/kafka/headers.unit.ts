import { expect, test } from '@jest/globals';
import type { KafkaMessage } from 'kafkajs';
import { readHeaders, readRecord, writeHeaders } from './headers.js';

test('headers become text; one that occurs twice, or has no value, is left out', () => {
  const headers = { ce_id: Buffer.from('ä1'), plain: 'text', twice: [Buffer.from('a'), 'b'], none: undefined };
  expect(readHeaders({ ...headers, nothing: null as never })).toEqual({ ce_id: 'ä1', plain: 'text' });
  expect(readHeaders(undefined)).toEqual({});
});

test('a header named like a property of every object is just a header', () => {
  const headers = readHeaders(JSON.parse('{"__proto__":"x"}'));
  expect(Object.getPrototypeOf(headers)).toBe(Object.prototype);
  expect(Object.entries(headers)).toEqual([['__proto__', 'x']]);
});

test('a header without a value is not written', () => {
  expect(Object.keys(writeHeaders({ a: 'x', b: undefined }))).toEqual(['a']);
});

test('a record without a value has no bytes', () => {
  const message = { offset: '7', value: null, headers: {} } as unknown as KafkaMessage;
  expect(readRecord(message)).toEqual({ offset: 7, headers: {}, value: new Uint8Array() });
});
