import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { Line, Slug, StorableText, Text } from './text.js';
import { anyText } from '../../../test/harness/any-text.js';

const said = (schema: ReturnType<typeof Text>, text: unknown) =>
  schema.safeParse(text).error?.issues.map(issue => issue.message) ?? [];

describe('text', () => {
  test('a text is kept exactly as it was written', () => {
    const raw = '  <b>“Oslo”</b> & 日本語 👩‍🚀\n\t- e\u0301 ';
    expect(Text(100).parse(raw)).toBe(raw);
  });

  test.each(['', ' ', '\n\t', '\u00a0\u2003', '\u200b', '\u2060\ufeff \u200d'])(
    'a text that shows nothing (%j) is refused as empty',
    blank => expect(said(Text(10), blank)).toContain('must not be empty'),
  );

  test.each(['a\0', '\ud800a', 'a\udc00', '\u001b[31m', 'a\u0007', '\u0085a'])(
    'the text %j is refused, as it cannot be stored or shown',
    bad => expect(said(Text(10), bad)).toEqual(['must be well-formed Unicode without control characters']),
  );

  test('a storable text may be blank, and nothing else that a text may not be', () => {
    for (const text of ['', ' ', '\u200b']) expect(said(StorableText(10), text)).toEqual([]);
    for (const text of ['a\0', '\ud800a', '\u001b[31m', 'x'.repeat(11)])
      expect(said(StorableText(10), text)).toHaveLength(1);
  });

  test('a text at its maximum length is accepted, and a longer one is refused', () => {
    expect(said(Text(3), 'abc')).toEqual([]);
    expect(said(Text(3), 'abcd')).toHaveLength(1);
  });

  test('a line with a line break of any kind is refused', () => {
    for (const breaks of ['a\nb', 'a\r\nb', 'a\n', 'a\u2028b', 'a\u2029b'])
      expect(said(Line(10), breaks)).toEqual(['must be one line']);
    expect(said(Line(10), 'a\tb')).toEqual([]);
  });

  test('every accepted text survives UTF-8 unchanged', () => {
    fc.assert(
      fc.property(anyText(), text => {
        if (!Text(1_000).safeParse(text).success) return;
        expect(new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(Buffer.from(text))).toBe(text);
        expect(text).not.toContain('\0');
      }),
    );
  });
});

describe('an id', () => {
  test.each(['a', 'north-harbour-2', '2026'])('the id %j is accepted', id => expect(Slug.parse(id)).toBe(id));
  test.each(['', '-a', 'a-', 'a--b', 'A', 'a_b', 'é', 'a b', 'a\n', 'a'.repeat(81)])('the id %j is refused', id =>
    expect(Slug.safeParse(id).success).toBe(false),
  );
});
