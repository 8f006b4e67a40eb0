import { describe, expect, test } from '@jest/globals';
import { byBytes, byPositions, etagOf, etagOfBytes, holds, json } from './answer.js';

const reading = { build: 'build_1', log: 'a'.repeat(64) };

describe('an answer', () => {
  test('an answer identified by positions has their ETag and a JSON body', () => {
    expect(byPositions(reading, [5, 2], { position: 5 })).toEqual({
      etag: etagOf(reading, 5, 2),
      type: json,
      text: '{"position":5}',
    });
  });

  test('an answer identified by its bytes has the ETag of the bytes', () => {
    const text = 'so';
    expect(byBytes(reading, 'text/plain', text)).toEqual({
      etag: etagOfBytes(reading.log, text),
      type: 'text/plain',
      text,
    });
  });
});

describe('an ETag', () => {
  const log = 'a'.repeat(64);
  const held = { build: 'build_1', log };

  test('the ETag depends on the build and on each of its positions', () => {
    expect(etagOf(held, 7, 3)).not.toBe(etagOf(held, 7, 4));
    expect(etagOf(held, 7)).not.toBe(etagOf(held, 8));
    expect(etagOf(held, 7)).not.toBe(etagOf({ build: 'build_2', log }, 7));
  });

  test('the ETag depends on the log, even at the same position', () => {
    for (const other of ['b'.repeat(64), null]) expect(etagOf(held, 7)).not.toBe(etagOf({ ...held, log: other }, 7));
    expect(etagOf(held, 7)).toMatch(/^"[!#-~]+"$/);
  });

  test('the ETag of bytes depends on the bytes and on the log', () => {
    expect(etagOfBytes(log, '{}')).toMatch(/^"[!#-~]+"$/);
    expect(etagOfBytes(log, '{}')).toBe(etagOfBytes(log, '{}'));
    for (const other of [etagOfBytes(log, '[]'), etagOfBytes('b'.repeat(64), '{}'), etagOfBytes(null, '{}')])
      expect(other).not.toBe(etagOfBytes(log, '{}'));
  });

  test.each<[string, string | undefined, boolean]>([
    ['the tag itself', '"a-1"', true],
    ['the tag made weak', 'W/"a-1"', true],
    ['the tag among others', '"b-2", W/"a-1"', true],
    ['anything at all', ' * ', true],
    ['another tag', '"a-11"', false],
    ['the tag without quotes', 'a-1', false],
    ['nothing', undefined, false],
  ])('If-None-Match with %s (%s) matches: %s', (_what, header, held) => {
    expect(holds(header, '"a-1"')).toBe(held);
  });
});
