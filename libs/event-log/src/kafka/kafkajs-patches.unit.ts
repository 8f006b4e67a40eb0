import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
// @ts-expect-error kafkajs is plain JavaScript and gives no types for its inner parts.
import Decoder from 'kafkajs/src/protocol/decoder.js';
// @ts-expect-error kafkajs is plain JavaScript and gives no types for its inner parts.
import Encoder from 'kafkajs/src/protocol/encoder.js';
// @ts-expect-error kafkajs is plain JavaScript and gives no types for its inner parts.
import decodeRecord from 'kafkajs/src/protocol/recordBatch/record/v0/decoder.js';
import type { IHeaders } from 'kafkajs';
import { growth, proportional } from '../../../../test/harness/growth.js';
import { headersOf } from '../raw.js';
import { readHeaders, writeRaw } from './headers.js';
import { maxHeaders, ownHeaders } from './kafkajs-patches.js';

type Pair = readonly [name: string, value: string | null];

/** The bytes of a record as a broker sends them, without its length. */
function recordOf(headers: readonly Pair[]): Buffer {
  const encoder = new Encoder().writeInt8(0).writeVarInt(0).writeVarInt(0);
  encoder.writeVarIntBytes(Buffer.from('key')).writeVarIntBytes(Buffer.from('value')).writeVarInt(headers.length);
  for (const [name, value] of headers)
    encoder.writeVarIntString(name).writeVarIntBytes(value === null ? null : Buffer.from(value));
  return encoder.buffer;
}

const decode = (record: Buffer): IHeaders =>
  decodeRecord(new Decoder(record), { firstOffset: '0', firstTimestamp: '0' }).headers;

/** The result of kafkajs's original decoder. */
const byKafkajs = (headers: readonly Pair[]): IHeaders =>
  headers.reduce<Record<string, unknown>>((obj, [key, text]) => {
    const value = text === null ? null : Buffer.from(text);
    const held = obj[key];
    return { ...obj, [key]: held === undefined ? value : Array.isArray(held) ? held.concat([value]) : [held, value] };
  }, {}) as IHeaders;
const many = (count: number): Pair[] => Array.from({ length: count }, (_, i) => [`h${i}`, 'x']);

describe('the headers of a record', () => {
  const name = fc.oneof(
    fc.constantFrom('ce_id', 'ce_parent', '__proto__', 'constructor', 'toString', '1', ''),
    fc.string(),
  );
  const pairs = fc.array(fc.tuple(name, fc.option(fc.string())), { maxLength: 20 });

  test('our decoder gives the same headers as kafkajs, also for repeated names and names such as __proto__', () =>
    fc.assert(
      fc.property(pairs, headers => {
        const found = decode(recordOf(headers));
        expect(Object.entries(found)).toEqual(Object.entries(byKafkajs(headers)));
        expect(readHeaders(found)).toEqual(readHeaders(byKafkajs(headers)));
        const own = ownHeaders(found)!;
        expect(own.map(([name, value]) => [`${name}`, value && `${value}`])).toEqual(headers);
        expect(headersOf({ headers: own })).toEqual(readHeaders(found));
        // A record written again must read the same.
        const again = writeRaw({ headers: own, key: null, valueless: false });
        const names = Object.entries(again).flatMap(([name, value]) =>
          [value].flat().map((each): Pair => [name, `${each}`]),
        );
        expect(readHeaders(decode(recordOf(names)))).toEqual(readHeaders(found));
      }),
      { numRuns: 1_000 },
    ));

  test('all headers are read at the maximum number; with one more, none is read', () => {
    expect(Object.keys(decode(recordOf(many(maxHeaders))))).toHaveLength(maxHeaders);
    expect(decode(recordOf(many(maxHeaders + 1)))).toEqual({});
  });

  test('the time to decode headers grows in proportion to their number, with equal or different names', () => {
    const same = (count: number): Pair[] => Array.from({ length: count }, () => ['twice', 'x']);
    for (const headers of [many, same]) {
      const decoding = (count: number) => {
        const record = recordOf(headers(count));
        return () => decode(record);
      };
      expect(growth(decoding, maxHeaders / 8)).toBeLessThan(proportional);
    }
  });

  test('the time to decode more headers than the maximum does not grow with their number', () => {
    const decoding = (count: number) => {
      const record = recordOf(many(count));
      return () => decode(record);
    };
    expect(growth(decoding, 2 * maxHeaders)).toBeLessThan(0.5);
  });
});
