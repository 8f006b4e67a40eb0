import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import LinkHeader from 'http-link-header';
import { amongst, httpDate, linkFormat, linkHeader, ofMemento, ofOriginal, readHttpDate, toMemento } from './links.js';
import { mementoFor } from './mementos.js';
import { pageSize, timeMap } from '../http/time-maps.js';

const original = { uri: 'https://paper.example/stories/talks', timeMap: 'https://paper.example/stories/talks/timemap' };
const begun = Date.UTC(2026, 2, 1, 9);
/** Mementos every `apart` milliseconds, at the positions 3, 5, 7 ... */
const mementos = (count: number, apart = 60_000) =>
  Array.from({ length: count }, (_, i) => ({ position: 3 + 2 * i, at: new Date(begun + i * apart).toISOString() }));

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

describe('the memento for a datetime', () => {
  const all = mementos(3, 400);
  test('it is the last memento that began within that second', () => {
    expect(mementoFor(all, begun)).toBe(all[2]);
    expect(mementoFor(mementos(3, 600), begun)).toMatchObject({ position: 5 });
  });
  test('it is the first one for an earlier datetime and the last one for a later datetime', () => {
    expect(mementoFor(all, begun - 1_000)).toBe(all[0]);
    expect(mementoFor(all, readHttpDate('Fri, 31 Dec 9999 23:59:59 GMT')!)).toBe(all[2]);
    expect(mementoFor([], begun)).toBeUndefined();
  });
  test('the datetime of a listed memento finds a memento with that datetime', () =>
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 50 }), fc.integer({ min: 1, max: 3_000 }), (count, apart) => {
        const listed = mementos(count, apart);
        for (const { at } of listed)
          expect(httpDate(mementoFor(listed, readHttpDate(httpDate(at))!)!.at)).toBe(httpDate(at));
      }),
    ));
});

describe('a TimeMap', () => {
  test('it lists the original, the TimeGate, itself with its period, and every memento in order', () => {
    const all = mementos(3);
    const text = timeMap(original, all, 1);
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

  test('a long TimeMap has pages that link to each other and together list each memento once', () => {
    const all = mementos(2 * pageSize + 1);
    const pages = [1, 2, 3].map(page => LinkHeader.parse(timeMap(original, all, page).trim()));
    expect(pages.flatMap(page => page.rel('memento').map(({ uri }) => uri))).toEqual(
      all.map(memento => toMemento(original, memento).uri),
    );
    for (const [i, page] of pages.entries()) {
      const uris = [original.timeMap, `${original.timeMap}?page=2`, `${original.timeMap}?page=3`];
      expect(page.rel('self')[0]!.uri).toBe(uris[i]);
      expect(page.rel('timemap').map(({ uri }) => uri)).toEqual(uris.filter((_, other) => other !== i));
      expect(page.rel('timemap').every(({ from, until }) => rfc1123.test(from!) && rfc1123.test(until!))).toBe(true);
    }
  });

  test('each page links to the pages near it, the first and the last', () => {
    const all = mementos(30 * pageSize);
    const linked = (page: number) =>
      LinkHeader.parse(timeMap(original, all, page).trim())
        .rel('timemap')
        .map(({ uri }) => Number(new URL(uri).searchParams.get('page') ?? 1));
    const from = (first: number, last: number) => Array.from({ length: last - first + 1 }, (_, i) => first + i);
    expect(linked(15)).toEqual([1, ...from(10, 14), ...from(16, 20), 30]);
    expect(linked(1)).toEqual([...from(2, 6), 30]);
  });
});
