import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import { pageSafeJson } from './page-safe-json.js';

it('reads back as what was written, and holds nothing that a page would take for markup', () => {
  fc.assert(
    fc.property(
      fc.jsonValue({ stringUnit: fc.constantFrom('<', '>', '&', '\u2028', '\u2029', '"', '\\', 'é', '\ud83d\ude00') }),
      value => {
        const json = pageSafeJson(value);
        expect(json).not.toMatch(/[<>&\u2028\u2029]/);
        expect(JSON.parse(json)).toEqual(JSON.parse(JSON.stringify(value)));
      },
    ),
  );
});

it('writes </script> so that it cannot end a script', () => {
  expect(pageSafeJson({ text: '</script>' })).toBe('{"text":"\\u003c/script\\u003e"}');
});
