import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { canonicalJson, digest, isCanonicalJson, sha256 } from './digest.js';

describe('canonical JSON', () => {
  test('the RFC 8785 example has the canonical form that the RFC gives', () => {
    const example = JSON.parse(
      String.raw`{"numbers":[333333333.33333329,1E30,4.50,2e-3,0.000000000000000000000000001],"string":"\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"\/","literals":[null,true,false]}`,
    );
    expect(canonicalJson(example)).toBe(
      String.raw`{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],"string":"€$\u000f\nA'B\"\\\\\"/"}`,
    );
  });

  test("keys are sorted by UTF-16 code units, as in the RFC's second example", () => {
    const keys = ['\u20ac', '\r', '\ufb33', '1', '\ud83d\ude00', '\u0080', '\u00f6'];
    const sorted = ['\r', '1', '\u0080', '\u00f6', '\u20ac', '\ud83d\ude00', '\ufb33'];
    expect(Object.keys(JSON.parse(canonicalJson(Object.fromEntries(keys.map(key => [key, 0])))) as object)).toEqual([
      '1',
      ...sorted.filter(key => key !== '1'),
    ]);
    expect(canonicalJson(Object.fromEntries(keys.map(key => [key, 0])))).toBe(
      `{${sorted.map(key => `${JSON.stringify(key)}:0`).join(',')}}`,
    );
  });

  test.each([undefined, NaN, Infinity, '\ud800', () => 0])('the value %p has no canonical form and throws', value =>
    expect(() => canonicalJson(value)).toThrow(),
  );

  test('an undefined field is left out, as JSON does', () =>
    expect(canonicalJson({ b: undefined, a: 1 })).toBe('{"a":1}'));

  test('the canonical form parses to the same value, and the digest is the same for any order of keys', () => {
    const grapheme = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 1 });
    // After a key that is a backslash, Node 24's JSON.parse misreads other escaped keys (nodejs/node#63785).
    const stringUnit = grapheme.filter(unit => unit !== '\\');
    fc.assert(
      fc.property(fc.jsonValue({ stringUnit }), value => {
        const json = canonicalJson(value);
        expect(canonicalJson(JSON.parse(json))).toBe(json);
        expect(digest(reversed(value))).toBe(digest(value));
      }),
    );
  });
});

function reversed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(reversed);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .reverse()
      .map(([key, held]) => [key, reversed(held)]),
  );
}

test('sha256 gives the FIPS 180-2 test value, for bytes and for text as UTF-8', () => {
  const abc = 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad';
  expect(sha256('abc')).toBe(abc);
  expect(sha256(Buffer.from('abc'))).toBe(abc);
  expect(sha256('€')).toBe(sha256(Buffer.from([0xe2, 0x82, 0xac])));
});

describe('isCanonicalJson', () => {
  const json = fc.oneof(
    fc.json(),
    fc
      .anything({ maxDepth: 3 })
      .map(value => JSON.stringify(value, (_, each) => (typeof each === 'bigint' ? 0 : each)) ?? 'null'),
  );
  test('isCanonicalJson is true for any JSON text exactly if it equals the canonical form of its value', () => {
    fc.assert(
      fc.property(json, text => {
        const value = JSON.parse(text) as unknown;
        for (const candidate of [text, wellFormed(value)]) {
          if (candidate === undefined || wellFormed(JSON.parse(candidate)) === undefined) continue;
          expect(isCanonicalJson(JSON.parse(candidate), candidate)).toBe(
            wellFormed(JSON.parse(candidate)) === candidate,
          );
        }
      }),
    );
  });

  const cases = [
    '{"b":1,"a":2}',
    '{"10":1,"9":2}',
    '{"9":2,"10":1}',
    '[1, 2]',
    '-0',
    '1e2',
    '1.0',
    '{"a":1,"a":1}',
    '"\\u0061"',
    '{"a":[{"c":1,"b":2}]}',
  ];
  test.each(cases)('isCanonicalJson of %s is true exactly if canonicalJson gives the same text', text => {
    expect(isCanonicalJson(JSON.parse(text), text)).toBe(canonicalJson(JSON.parse(text)) === text);
  });
});

function wellFormed(value: unknown): string | undefined {
  try {
    return canonicalJson(value);
  } catch {
    return undefined;
  }
}
