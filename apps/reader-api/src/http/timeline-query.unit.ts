import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { orders } from '../story-at/view.js';
import { PageQuery, readCursor, writeCursor } from './timeline-query.js';

describe('the cursor of a timeline', () => {
  it('a cursor keeps the order and the place where a page ended', () => {
    const place = fc.record({ position: fc.nat(), ordinal: fc.nat() });
    fc.assert(
      fc.property(fc.constantFrom(...orders), place, (order, at) => {
        expect(readCursor(writeCursor(order, at))).toEqual({ order, ...at });
      }),
    );
  });

  it('a cursor that this API did not write is invalid', () => {
    fc.assert(fc.property(fc.string(), text => expect(readCursor(text)).toBeUndefined()));
    for (const contents of [['newest', -1, 0], ['oldest', 1, 0], ['newest', 1.5, 0], ['newest', 1], {}, null])
      expect(readCursor(Buffer.from(JSON.stringify(contents)).toString('base64url'))).toBeUndefined();
    for (const place of [
      { position: 2 ** 31, ordinal: 0 },
      { position: 0, ordinal: 2 ** 31 },
    ])
      expect(readCursor(writeCursor('newest', place))).toBeUndefined();
    expect(readCursor(writeCursor('newest', { position: 1, ordinal: 0 }) + '=')).toBeUndefined();
  });
});

it('a search for words that Postgres cannot hold is refused', () => {
  for (const words of ['a\0', '\0', 'a\ud800']) {
    const { error } = PageQuery.safeParse({ words });
    expect(error!.issues).toMatchObject([{ path: ['words'], message: expect.stringContaining('well-formed') }]);
  }
});
