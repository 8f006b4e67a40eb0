import { describe, expect, it } from '@jest/globals';
import { etagOf, holds } from './etag.js';

describe('an ETag', () => {
  it('moves with the build and with every position it rests on, the latest or not', () => {
    expect(etagOf('build_1', 7, 3)).not.toBe(etagOf('build_1', 7, 4));
    expect(etagOf('build_1', 7)).not.toBe(etagOf('build_1', 8));
    expect(etagOf('build_1', 7)).not.toBe(etagOf('build_2', 7));
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
