import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import { pageSafeJson } from './page-safe-json.js';

it('reads back as what was written, and holds nothing that a page would take for markup', () => {
  const text = fc.string({ unit: fc.constantFrom('<', '>', '&', '\u2028', '\u2029', '"', '\\', 'é', '\ud83d\ude00') });
  // Node 24's JSON.parse may misread a key that is escaped (nodejs/node#63785); the answers' keys never are.
  const key = fc.string({ unit: fc.constantFrom('a', 'b', 'é') });
  const { value } = fc.letrec<{ value: unknown }>(tie => ({
    value: fc.oneof({ maxDepth: 3 }, text, fc.dictionary(key, tie('value')), fc.array(tie('value')), fc.double()),
  }));
  fc.assert(
    fc.property(value, value => {
      const json = pageSafeJson(value);
      expect(json).not.toMatch(/[<>&\u2028\u2029]/);
      expect(JSON.parse(json)).toEqual(JSON.parse(JSON.stringify(value)));
    }),
  );
});

it('writes </script> so that it cannot end a script', () => {
  expect(pageSafeJson({ text: '</script>' })).toBe('{"text":"\\u003c/script\\u003e"}');
});
