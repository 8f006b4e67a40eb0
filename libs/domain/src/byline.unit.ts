import { describe, expect, test } from '@jest/globals';
import { Byline, bylineBounds, bylineOf } from './byline.js';
import { Content, filledIn, NewContent, SentContent } from './content.js';

const ada = { name: 'Ada Quill', role: 'correspondent', place: 'Berlin', sameAs: 'https://news.example/ada' };
const wire = { name: 'Coast Wire', as: 'agency' as const };
const refused = (byline: unknown) => Byline.safeParse(byline).error?.issues.map(({ path }) => path.join('.'));
const letters = (count: number) => 'x'.repeat(count);

describe('a byline', () => {
  test.each([[[ada, wire]], [[{ name: 'Ada Quill', sameAs: 'https://social.example/@ada' }]], [[]]])(
    'holds people with role and place, agencies, or nobody',
    names => expect(Byline.parse(names)).toEqual(names),
  );

  test('has bounds', () => {
    const names = (count: number) => Array.from({ length: count }, (_, n) => ({ name: `Writer ${n}` }));
    expect(refused(names(bylineBounds.names))).toBeUndefined();
    expect(refused(names(bylineBounds.names + 1))).toEqual(['']);
    for (const field of ['name', 'role', 'place'] as const) {
      expect(refused([{ ...ada, [field]: letters(bylineBounds[field]) }])).toBeUndefined();
      expect(refused([{ ...ada, [field]: letters(bylineBounds[field] + 1) }])).toEqual([`0.${field}`]);
    }
    const address = (length: number) => `https://x/${letters(length - 10)}`;
    expect(refused([{ ...ada, sameAs: address(bylineBounds.sameAs) }])).toBeUndefined();
    expect(refused([{ ...ada, sameAs: address(bylineBounds.sameAs + 1) }])).toEqual(['0.sameAs']);
  });

  test.each([
    [[{ ...wire, role: 'editor' }], '0.role'],
    [[ada, { name: 'Ada Quill', place: 'Bonn' }], ''],
    [[{ name: ' ' }], '0.name'],
    [[{ name: 'two\nlines' }], '0.name'],
    [[{ name: 'a\u0000b' }], '0.name'],
    [[{ ...ada, sameAs: 'javascript:alert(1)' }], '0.sameAs'],
    [[{ ...ada, sameAs: 'https://bank.example@evil.example' }], '0.sameAs'],
    [[{ ...ada, sameAs: '//news.example' }], '0.sameAs'],
    [[{ ...ada, sameAs: 'https://@news.example/' }], '0.sameAs'],
    [[{ ...ada, age: 40 }], '0'],
  ])('is refused: %j', (names, path) => expect(refused(names)).toEqual([path]));
});

describe('the byline of a content', () => {
  const posted = { kind: 'update', body: 'The last bus has left.' };
  const recorded = (more: object, name?: string) =>
    filledIn(NewContent.parse({ ...posted, ...more }), undefined, {
      id: 'auth0|7',
      ...(name !== undefined && { name }),
    });

  test('is the name of who posts, unless they name others or nobody', () => {
    expect(recorded({}, 'Ben Ito').byline).toEqual([{ name: 'Ben Ito' }]);
    expect(recorded({ byline: [ada, wire] }, 'Ben Ito').byline).toEqual([ada, wire]);
    expect(recorded({ byline: [] }, 'Ben Ito').byline).toEqual([]);
    expect(Content.parse(recorded({}, 'Ben Ito')).byline).toEqual([{ name: 'Ben Ito' }]);
  });

  test('is left out where the token has no name, or one that is too long for a byline', () => {
    expect('byline' in recorded({})).toBe(false);
    expect(bylineOf({ id: 'a', name: letters(120) })).toEqual([{ name: letters(120) }]);
    expect(bylineOf({ id: 'a', name: letters(121) })).toBeUndefined();
  });

  test('of a correction is the one that was sent: a name left out is no name, not who corrects', () => {
    const whole = recorded({}, 'Ben Ito');
    const { byline: _, ...unsigned } = whole;
    expect(filledIn(SentContent.parse(whole))).toEqual(whole);
    expect(filledIn(SentContent.parse(unsigned))).toEqual(unsigned);
  });
});
