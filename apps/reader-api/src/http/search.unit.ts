import { expect, it } from '@jest/globals';
import { mostFound, searchCursor, SearchQuery } from './search.js';

const fields = (query: object) => SearchQuery.safeParse(query).error?.issues.map(({ path }) => path.join('.'));

it('words that Postgres cannot hold are refused', () => {
  for (const q of ['a\0', 'a\ud800', 'a\u001b']) expect(fields({ q })).toEqual(['q']);
});

it('a cursor leads to a page among the developments that are listed', () => {
  const cursorTo = (from: number) => fields({ q: 'a', cursor: searchCursor.write(['search', from]) });
  for (const from of [1, mostFound - 1]) expect(cursorTo(from)).toBeUndefined();
  for (const from of [-1, mostFound, mostFound + 1, 5_000, 2 ** 31]) expect(cursorTo(from)).toEqual(['cursor']);
});
