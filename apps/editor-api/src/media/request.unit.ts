import { BlobError } from '#blobs';
import { Problem } from '#platform';
import { expect, test } from '@jest/globals';
import { Places, refusedFile } from './request.js';

test('as many are taken at once as there are places, and a place is free again after its work failed', async () => {
  const places = new Places(2, 'pictures');
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  const first = places.within(() => promise);
  const second = places.within(async () => 'done');
  await expect(places.within(async () => 'third')).rejects.toMatchObject({ details: { code: 'pictures-busy' } });
  expect(await second).toBe('done');
  const again = places.within(() => promise);
  reject(new Error('cut'));
  await expect(Promise.all([first, again])).rejects.toThrow('cut');
  await first.catch(() => undefined);
  await again.catch(() => undefined);
  expect(await Promise.all([places.within(async () => 1), places.within(async () => 2)])).toEqual([1, 2]);
  resolve('late');
});

test('a store that is away is no fault of the picture, and other errors stay what they are', () => {
  const of = (error: unknown) => {
    try {
      return refusedFile(error);
    } catch (thrown) {
      return thrown;
    }
  };
  expect(of(new BlobError('blobs-unreachable'))).toMatchObject({ details: { status: 503, code: 'blobs-unavailable' } });
  const problem = new Problem(409, 'upload-unfinished', 'Why.');
  expect(of(problem)).toBe(problem);
});
