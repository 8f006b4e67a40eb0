import { expect, test } from '@jest/globals';
import fc from 'fast-check';
// @ts-expect-error kafkajs is plain JavaScript and gives no types for its inner parts.
import Decoder from 'kafkajs/src/protocol/decoder.js';
// @ts-expect-error kafkajs is plain JavaScript and gives no types for its inner parts.
import Encoder from 'kafkajs/src/protocol/encoder.js';
import type { KafkaMessage } from 'kafkajs';
import { isPlain } from '../raw.js';
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

test('a record keeps its bytes if and only if text cannot reproduce them, whatever its headers and key', () => {
  const text = fc.oneof(
    fc.constantFrom('ce_subject', 'ce_id', 'constructor', '__proto__', '\uFFFD', ''),
    fc.string({ unit: 'grapheme', maxLength: 3 }),
  );
  const bytes = fc.oneof(
    text.map(each => Buffer.from(each)),
    fc.uint8Array({ maxLength: 3 }).map(each => Buffer.from(each)),
  );
  const header = fc.tuple(bytes, fc.option(bytes));
  fc.assert(
    fc.property(fc.array(header, { maxLength: 4 }), fc.option(bytes), fc.option(bytes), (headers, key, value) => {
      const message = { offset: '1', key, value, headers: decoded(headers) } as unknown as KafkaMessage;
      const raw = { key, headers, valueless: value === null };
      expect(readRecord(message).raw).toEqual(isPlain(raw) ? undefined : raw);
    }),
    { numRuns: 2_000 },
  );
});

/** The headers as kafkajs gives them, decoded from the bytes of a record. */
function decoded(headers: readonly (readonly [Buffer, Buffer | null])[]): unknown {
  const encoder = new Encoder().writeVarInt(headers.length);
  for (const [name, value] of headers) {
    encoder.writeVarInt(name.length).writeBufferInternal(name);
    if (value) encoder.writeVarInt(value.length).writeBufferInternal(value);
    else encoder.writeVarInt(-1);
  }
  return new Decoder(encoder.buffer).readVarIntArray().reduce();
}
