import type { Reading } from '#projections';
import { describe, expect, jest, test } from '@jest/globals';
import { answer } from './answer.js';
import { etagOf } from './etag.js';

const reading = { build: 'build_1' } as Reading;

describe('an answer', () => {
  test('is made for who holds nothing, or what was so before', async () => {
    for (const held of [undefined, etagOf('build_1', 4, 2)])
      expect(await answer(reading, held, [5, 2], () => ({ position: 5 }))).toEqual({
        etag: etagOf('build_1', 5, 2),
        body: { position: 5 },
      });
  });

  test('is not even made for who holds it', async () => {
    const make = jest.fn(() => ({ position: 5 }));
    const tag = etagOf('build_1', 5, 2);
    expect(await answer(reading, tag, [5, 2], make)).toEqual({ etag: tag });
    expect(make).not.toHaveBeenCalled();
  });
});
