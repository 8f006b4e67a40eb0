import { describe, expect, jest, test } from '@jest/globals';
import { answer } from './answer.js';
import { etagOf } from './etag.js';

const reading = { build: 'build_1', log: 'a'.repeat(64) };

describe('an answer', () => {
  test('is made for who holds nothing, or what was so before', async () => {
    for (const held of [undefined, etagOf(reading, 4, 2)])
      expect(await answer(reading, held, [5, 2], () => ({ position: 5 }))).toEqual({
        etag: etagOf(reading, 5, 2),
        body: { position: 5 },
      });
  });

  test('is not even made for who holds it', async () => {
    const make = jest.fn(() => ({ position: 5 }));
    const tag = etagOf(reading, 5, 2);
    expect(await answer(reading, tag, [5, 2], make)).toEqual({ etag: tag });
    expect(make).not.toHaveBeenCalled();
  });
});
