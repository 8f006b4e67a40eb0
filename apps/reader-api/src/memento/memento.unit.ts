import type { Memento, Neighbours } from '#projections';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import LinkHeader from 'http-link-header';
import { httpDate, linkFormat, linkHeader, ofMemento, ofOriginal, readHttpDate, toMemento } from './links.js';
import { timeMap } from '../http/time-maps.js';

const original = { uri: 'https://paper.example/stories/talks', timeMap: 'https://paper.example/stories/talks/timemap' };
const begun = Date.UTC(2026, 2, 1, 9);
/** Mementos every `apart` milliseconds, at the positions 3, 5, 7 ... */
const mementos = (count: number, apart = 60_000) =>
  Array.from({ length: count }, (_, i) => ({ position: 3 + 2 * i, at: new Date(begun + i * apart).toISOString() }));

/** One of these mementos and its neighbours. */
const amongst = (all: readonly Memento[], index: number): Neighbours => ({
  first: all[0]!,
  prev: all[index - 1],
  self: all[index]!,
  next: all[index + 1],
  last: all.at(-1)!,
});

// RFC 8288, section 3, with all values quoted. RFC 7089 uses the same form in application/link-format.
const parameter = String.raw`[!#$&+\-.^_\x60|~0-9A-Za-z]+="[^"\\]*"`;
const value = String.raw`<[^<>\s"]+>(?:; ${parameter})+`;
// RFC 1123, as RFC 7089, section 2.1 prescribes.
const rfc1123 =
  /^(Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d\d (Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) \d{4} \d\d:\d\d:\d\d GMT$/;

describe('an HTTP date', () => {
  const years = { min: new Date('1000-01-01'), max: new Date('9999-12-31'), noInvalidDate: true };
  test('an instant is written in the format of RFC 1123 and is read back to the second', () =>
    fc.assert(
      fc.property(fc.date(years), date => {
        const text = httpDate(date.toISOString());
        expect(text).toMatch(rfc1123);
        expect(readHttpDate(text)).toBe(Math.floor(date.getTime() / 1000) * 1000);
      }),
    ));

  test.each([
    '2026-03-01T09:00:00Z',
    'Sun, 01 Mar 2026 09:00:00',
    'Sun, 01 Mar 2026 09:00:00 +0000',
    'Sun, 01 Mar 2026 10:00:00 CET',
    'Mon, 01 Mar 2026 09:00:00 GMT',
    'Sun, 1 Mar 2026 09:00:00 GMT',
    'Sunday, 01-Mar-26 09:00:00 GMT',
    'Sun Mar  1 09:00:00 2026',
    'Sat, 30 Feb 2026 09:00:00 GMT',
    '',
  ])('%j is not read as an HTTP date', text => expect(readHttpDate(text)).toBeUndefined());
});

describe('links between mementos', () => {
  const all = mementos(4);
  const links = [...ofOriginal(original), ...ofMemento(original, amongst(all, 1))];

  test('the links follow the grammar of the Link header and of link-format', () => {
    expect(linkHeader(links)).toMatch(new RegExp(`^${value}(?:, ${value})*$`));
    expect(linkFormat(links)).toMatch(new RegExp(`^${value}(?:,\n${value})*\n$`));
  });

  test('another parser reads the same links', () => {
    const read = LinkHeader.parse(linkHeader(links));
    expect(read.rel('original')[0]!.uri).toBe(original.uri);
    expect(read.rel('timegate')[0]!.uri).toBe(original.uri);
    expect(read.rel('timemap')).toMatchObject([{ uri: original.timeMap, type: 'application/link-format' }]);
    expect(read.rel('memento').map(({ uri, datetime }) => [uri, datetime])).toEqual(
      all.map(({ position, at }) => [`${original.uri}?position=${position}`, httpDate(at)]),
    );
    for (const [rel, index] of Object.entries({ first: 0, prev: 0, next: 2, last: 3 }))
      expect(read.rel(rel)[0]!.uri).toBe(toMemento(original, all[index]!).uri);
  });

  test.each([
    [1, 0, ['first last memento']],
    [2, 0, ['first memento', 'next last memento']],
    [2, 1, ['first prev memento', 'last memento']],
    [5, 2, ['first memento', 'prev memento', 'memento', 'next memento', 'last memento']],
  ])('of %d mementos, the links of number %d name each once: %j', (count, index, rels) =>
    expect(ofMemento(original, amongst(mementos(count), index)).map(({ rel }) => rel)).toEqual(rels),
  );
});

describe('a TimeMap', () => {
  test('it lists the original, the TimeGate, itself with its period, and every memento in order', () => {
    const text = timeMap(original, { mementos: mementos(3), next: undefined }, 0);
    expect(text).toMatch(new RegExp(`^${value}(?:,\n${value})*\n$`));
    expect(LinkHeader.parse(text.trim()).refs).toEqual([
      { uri: original.uri, rel: 'original' },
      { uri: original.uri, rel: 'timegate' },
      {
        uri: original.timeMap,
        rel: 'self',
        type: 'application/link-format',
        from: 'Sun, 01 Mar 2026 09:00:00 GMT',
        until: 'Sun, 01 Mar 2026 09:02:00 GMT',
      },
      { uri: `${original.uri}?position=3`, rel: 'first', datetime: 'Sun, 01 Mar 2026 09:00:00 GMT' },
      { uri: `${original.uri}?position=3`, rel: 'memento', datetime: 'Sun, 01 Mar 2026 09:00:00 GMT' },
      { uri: `${original.uri}?position=5`, rel: 'memento', datetime: 'Sun, 01 Mar 2026 09:01:00 GMT' },
      { uri: `${original.uri}?position=7`, rel: 'last', datetime: 'Sun, 01 Mar 2026 09:02:00 GMT' },
      { uri: `${original.uri}?position=7`, rel: 'memento', datetime: 'Sun, 01 Mar 2026 09:02:00 GMT' },
    ]);
  });

  test('a part of a long TimeMap links to the first part and to the next one, and has the ends only where they are', () => {
    const [one, two, three] = [0, 4, 8].map(from => mementos(12).slice(from, from + 4));
    const parts = [
      timeMap(original, { mementos: one!, next: two![0] }, 0),
      timeMap(original, { mementos: two!, next: three![0] }, 9),
      timeMap(original, { mementos: three!, next: undefined }, 17),
    ].map(text => LinkHeader.parse(text.trim()));
    expect(parts.map(part => part.rel('self')[0]!.uri)).toEqual([
      original.timeMap,
      `${original.timeMap}?after=9`,
      `${original.timeMap}?after=17`,
    ]);
    expect(parts.map(part => part.rel('timemap').map(({ uri, from }) => [uri, from]))).toEqual([
      [[`${original.timeMap}?after=9`, httpDate(two![0]!.at)]],
      [
        [original.timeMap, undefined],
        [`${original.timeMap}?after=17`, httpDate(three![0]!.at)],
      ],
      [[original.timeMap, undefined]],
    ]);
    expect(parts.map(part => ['first', 'last'].map(rel => part.rel(rel).map(({ uri }) => uri)))).toEqual([
      [[`${original.uri}?position=3`], []],
      [[], []],
      [[], [`${original.uri}?position=25`]],
    ]);
  });

  test('nothing is listed after the last memento', () => {
    const part = LinkHeader.parse(timeMap(original, { mementos: [], next: undefined }, 9).trim());
    expect(part.rel('memento')).toEqual([]);
    expect(part.rel('self')).toEqual([
      { uri: `${original.timeMap}?after=9`, rel: 'self', type: 'application/link-format' },
    ]);
  });
});
