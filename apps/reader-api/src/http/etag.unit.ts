import { describe, expect, it } from '@jest/globals';
import { etagOf, etagOfBytes, holds } from './etag.js';

describe('an ETag', () => {
  const log = 'a'.repeat(64);
  const held = { build: 'build_1', log };

  it('moves with the build and with every position it rests on, the latest or not', () => {
    expect(etagOf(held, 7, 3)).not.toBe(etagOf(held, 7, 4));
    expect(etagOf(held, 7)).not.toBe(etagOf(held, 8));
    expect(etagOf(held, 7)).not.toBe(etagOf({ build: 'build_2', log }, 7));
  });

  it('is another one for another log at the same positions, as when a newsroom begins anew', () => {
    for (const other of ['b'.repeat(64), null]) expect(etagOf(held, 7)).not.toBe(etagOf({ ...held, log: other }, 7));
    expect(etagOf(held, 7)).toMatch(/^"[!#-~]+"$/);
  });

  it('of bytes is another one for other bytes and for another log', () => {
    expect(etagOfBytes(log, '{}')).toMatch(/^"[!#-~]+"$/);
    expect(etagOfBytes(log, '{}')).toBe(etagOfBytes(log, '{}'));
    for (const other of [etagOfBytes(log, '[]'), etagOfBytes('b'.repeat(64), '{}'), etagOfBytes(null, '{}')])
      expect(other).not.toBe(etagOfBytes(log, '{}'));
  });

  it.each<[string, string | undefined, boolean]>([
    ['the tag itself', '"a-1"', true],
    ['the tag made weak', 'W/"a-1"', true],
    ['the tag among others', '"b-2", W/"a-1"', true],
    ['anything at all', ' * ', true],
    ['another tag', '"a-11"', false],
    ['the tag without quotes', 'a-1', false],
    ['nothing', undefined, false],
  ])('is held by a client that sends %s: %s gives %s', (_what, header, held) => {
    expect(holds(header, '"a-1"')).toBe(held);
  });
});
