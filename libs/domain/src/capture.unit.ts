import { describe, expect, test } from '@jest/globals';
import { Capture, captureBounds, Captures, unproven } from './capture.js';

const capture: Capture = {
  url: 'https://news.example/a',
  title: 'Talks end',
  author: 'Ann Example',
  site: 'Example News',
  published: '2026-08-15T16:04:05Z',
  text: 'The two leaders left at six.',
  sha256: 'a'.repeat(64),
  sources: ['open-graph', 'html'],
  at: '2026-08-15T17:00:00Z',
  proof: 'p'.repeat(43),
};
const isValid = (changes: object) => Capture.safeParse({ ...capture, ...changes }).success;

describe('a capture', () => {
  test('may leave out what the page does not say', () => {
    const { url, sources, at, proof } = capture;
    expect(Capture.parse({ url, sources, at, proof })).toEqual({ url, sources, at, proof });
    expect(isValid({ published: '2026-08-15' })).toBe(true);
  });

  test.each([
    ['url', 'javascript:alert(1)'],
    ['url', 'https://user@news.example/'],
    ['answeredBy', 'data:text/html,x'],
    ['title', ' '],
    ['text', 'two\nlines'],
    ['published', 'yesterday'],
    ['sha256', 'A'.repeat(64)],
    ['sources', []],
    ['sources', ['hearsay']],
    ['at', '2026-08-15T17:00:00.123Z'],
    ['at', '2026-08-15T17:00:00+02:00'],
    ['proof', 'short'],
    ['picture', 'https://news.example/i.jpg'],
  ])('%s may not be %j', (field, value) => {
    expect(isValid({ [field]: value })).toBe(false);
  });

  test.each(['title', 'author', 'site', 'text'] as const)('its %s has a bound', field => {
    expect(isValid({ [field]: 'x'.repeat(captureBounds[field]) })).toBe(true);
    expect(isValid({ [field]: 'x'.repeat(captureBounds[field] + 1) })).toBe(false);
  });

  test('says what the page said later, or that it was gone, and never both', () => {
    const again = { at: '2026-08-15T18:00:00Z', proof: 'p'.repeat(43) };
    expect(isValid({ again: { ...again, title: 'Talks end', sources: ['html'] } })).toBe(true);
    expect(isValid({ again: { ...again, gone: true } })).toBe(true);
    expect(isValid({ again })).toBe(false);
    expect(isValid({ again: { ...again, gone: true, sources: ['html'] } })).toBe(false);
    expect(isValid({ again: { ...again, gone: false, sources: ['html'] } })).toBe(false);
    expect(isValid({ again: { ...again, sources: ['html'], url: 'https://other.example/' } })).toBe(false);
  });

  test('an address has a bound', () => {
    const address = (length: number) => 'https://a.example/'.padEnd(length, 'x');
    expect(isValid({ url: address(captureBounds.url) })).toBe(true);
    expect(isValid({ url: address(captureBounds.url + 1) })).toBe(false);
  });
});

describe('the captures of a content', () => {
  const many = (count: number) =>
    Array.from({ length: count }, (_, n) => ({ ...capture, url: `https://a.example/${n}` }));

  test(`are 1 to ${captureBounds.captures}, each of another address`, () => {
    expect(Captures.safeParse(many(captureBounds.captures)).success).toBe(true);
    expect(Captures.safeParse(many(captureBounds.captures + 1)).success).toBe(false);
    expect(Captures.safeParse([]).success).toBe(false);
    expect(Captures.safeParse([capture, { ...capture, at: '2026-08-15T18:00:00Z' }]).success).toBe(false);
  });

  test('must be proven, or shown already and unchanged', () => {
    const other = { ...capture, url: 'https://b.example/' };
    const none = () => false;
    expect(unproven({}, none)).toBeUndefined();
    expect(unproven({ captures: [capture] }, () => true)).toBeUndefined();
    expect(unproven({ captures: [capture, other] }, ({ url }) => url === capture.url)).toMatchObject({
      refused: 'invalid-field',
      path: ['content', 'captures', 1, 'proof'],
    });
    expect(unproven({ captures: [capture] }, none, [{ ...capture }])).toBeUndefined();
    expect(unproven({ captures: [{ ...capture, title: 'Talks go on' }] }, none, [capture])).toBeDefined();
  });
});
