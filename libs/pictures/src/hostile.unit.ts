import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { PictureError } from './errors.js';
import { openPictures, type Pictures } from './pictures.js';
import { hostile } from './testing/hostile.js';

let pictures: Pictures;
beforeAll(() => {
  pictures = openPictures();
});
afterAll(() => pictures.close());

test('there are more than 30 hostile files', () => expect(Object.keys(hostile).length).toBeGreaterThan(30));

test.each(Object.entries(hostile))('refuses %s', async (_, { code, bytes, name, type }) => {
  const refused = pictures.take(await bytes(), { name, type }).catch((error: unknown) => error);
  expect(await refused).toBeInstanceOf(PictureError);
  expect(await refused).toMatchObject({ code });
});

test('keeps nothing of a refused file on disk', async () => {
  const mine = () => readdirSync(tmpdir()).filter(name => /vips|sharp|magick/i.test(name));
  const before = mine();
  for (const name of ['half a PNG', 'a JPEG with a ZIP after it', 'a PNG with fewer lines than it says'])
    await expect(pictures.take(await hostile[name]!.bytes())).rejects.toThrow(PictureError);
  expect(mine()).toEqual(before);
});
