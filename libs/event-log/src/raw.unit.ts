import { describe, expect, test } from '@jest/globals';
import { headersOf, isPlain, type RawRecord } from './raw.js';

const bytes = (text: string) => Buffer.from(text);
const header = (name: string, value: string) => [bytes(name), bytes(value)] as const;
const plain: RawRecord = {
  key: bytes('story:a'),
  headers: [header('ce_subject', 'story:a'), header('x', 'ä')],
  valueless: false,
};
const having = (...headers: RawRecord['headers']): RawRecord => ({ ...plain, headers: [...plain.headers, ...headers] });

describe("a record's original bytes", () => {
  test('isPlain is true for a record as our own code writes it', () => expect(isPlain(plain)).toBe(true));

  test.each<[string, RawRecord]>([
    ['a value that is not UTF-8', having([bytes('y'), Buffer.from([0xff])])],
    ['a name that is not UTF-8', having([Buffer.from([0xff]), bytes('y')])],
    ['a header twice', having(header('x', 'z'))],
    ['a header without a value', having([bytes('y'), null])],
    ['a header named constructor', having(header('constructor', 'z'))],
    ['another key', { ...plain, key: bytes('story:b') }],
    ['no key', { ...plain, key: null }],
    ['no value', { ...plain, valueless: true }],
  ])('isPlain is false for a record with %s', (_, raw) => {
    expect(isPlain(raw)).toBe(false);
    expect(headersOf(raw)).toMatchObject({ ce_subject: 'story:a' });
  });

  test('headers that occur twice or have no value are left out when a record is read', () => {
    const raw = having(header('x', 'z'), [bytes('y'), null], header('__proto__', 'z'));
    expect(headersOf(raw)).toEqual({ ce_subject: 'story:a' });
  });
});
