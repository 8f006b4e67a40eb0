import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { pathTo } from './requests.js';

const crafted = 'count/proposals/abc/approve?x=';

test('a path segment with any characters stays one segment; one that a URL would drop is refused', () => {
  expect(pathTo('stories', crafted, 'developments')).toBe(
    '/stories/count%2Fproposals%2Fabc%2Fapprove%3Fx%3D/developments',
  );
  fc.assert(
    fc.property(fc.array(fc.string({ unit: 'grapheme' }), { minLength: 1, maxLength: 5 }), steps => {
      const lost = steps.some(step => ['', '.', '..'].includes(step));
      if (lost) return void expect(() => pathTo(...steps)).toThrow(RangeError);
      const { pathname, search, hash } = new URL(pathTo(...steps), 'http://a.example');
      expect([search, hash]).toEqual(['', '']);
      expect(pathname.split('/').slice(1).map(decodeURIComponent)).toEqual(steps);
    }),
  );
});
