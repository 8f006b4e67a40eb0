import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import sharp from 'sharp';
import { BlobError, openBlobStore, prepareBlobStore, type BlobStore } from '#blobs';
import { openPictures, PictureError, type Pictures } from '#pictures';
import { keepPicture, openKept, sha256 } from './keep.js';
import { publicNames, publishKept, withdrawFiles } from './publish.js';

let folder: string;
let sealed: BlobStore;
let open: BlobStore;
let pictures: Pictures;
let jpeg: Buffer;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'dateline-media-'));
  const settings = { BLOB_STORE: pathToFileURL(join(folder, 'blobs')).href };
  await prepareBlobStore(settings);
  [sealed, open] = [openBlobStore(settings, 'sealed'), openBlobStore(settings, 'public')];
  pictures = openPictures();
  const noise = { type: 'gaussian', mean: 100, sigma: 50 } as const;
  const create = { width: 400, height: 300, channels: 3, background: '#224466', noise } as const;
  jpeg = await sharp({ create })
    .jpeg()
    .withExif({ IFD0: { Artist: 'Ann Example', Copyright: 'Example 2026' } })
    .toBuffer();
});
afterEach(async () => {
  await pictures.close();
  await rm(folder, { recursive: true });
});

async function files(area: string): Promise<{ name: string; bytes: Buffer }[]> {
  const entries = await readdir(join(folder, 'blobs', area), { recursive: true, withFileTypes: true });
  const found = entries.filter(entry => entry.isFile());
  return Promise.all(
    found.map(async ({ name, parentPath }) => ({ name, bytes: await readFile(join(parentPath, name)) })),
  );
}
const namesIn = async (area: string) => (await files(area)).map(({ name }) => name).sort();

describe('keeping a picture', () => {
  test('stores the original and each rendition sealed, and offers the texts', async () => {
    const { picture, offered } = await keepPicture(sealed, pictures, jpeg, { name: 'a.jpg' });
    expect(offered).toEqual({ credit: 'Ann Example', rights: 'Example 2026' });
    expect(picture.original).toMatchObject({
      type: 'image/jpeg',
      width: 400,
      height: 300,
      size: jpeg.length,
      sha256: sha256(jpeg),
    });
    expect(picture.renditions.map(({ type, width }) => `${type} ${width}`)).toEqual([
      'image/avif 320',
      'image/webp 320',
      'image/jpeg 320',
      'image/avif 400',
      'image/webp 400',
      'image/jpeg 400',
    ]);
    const all = [picture.original, ...picture.renditions];
    expect(await namesIn('sealed')).toEqual(all.map(({ name }) => name).sort());
    expect(await namesIn('public')).toEqual([]);
    // Nothing of the picture is readable: neither its text nor the first bytes of a format.
    for (const { name, bytes } of await files('sealed')) {
      expect(sha256(bytes)).toBe(name);
      for (const text of ['Ann Example', 'JFIF', 'Exif', 'ftypavif', 'WEBP']) expect(bytes.includes(text)).toBe(false);
    }
    expect(await openKept(sealed, picture, picture.original)).toEqual(jpeg);
    for (const file of picture.renditions) {
      const { width, height } = await sharp(await openKept(sealed, picture, file)).metadata();
      expect({ width, height }).toEqual({ width: file.width, height: file.height });
    }
  });

  test('keeps nothing of a picture that is refused', async () => {
    const refused = keepPicture(sealed, pictures, Buffer.concat([jpeg, Buffer.from('more')]));
    await expect(refused).rejects.toBeInstanceOf(PictureError);
    expect(await files('sealed')).toEqual([]);
  });

  test('keeps nothing if the store fails on the way', async () => {
    let puts = 0;
    const failing: BlobStore = {
      ...sealed,
      put: async (...put) => {
        if (++puts === 4) throw new BlobError('blobs-unreachable');
        await sealed.put(...put);
      },
    };
    await expect(keepPicture(failing, pictures, jpeg)).rejects.toMatchObject({ code: 'blobs-unreachable' });
    expect(await files('sealed')).toEqual([]);
  });

  test('the same picture twice has other names and another secret, so that each can be destroyed alone', async () => {
    const [one, two] = [await keepPicture(sealed, pictures, jpeg), await keepPicture(sealed, pictures, jpeg)];
    expect(one.picture.original.sha256).toBe(two.picture.original.sha256);
    expect(one.picture.original.name).not.toBe(two.picture.original.name);
    expect(one.picture.secret).not.toBe(two.picture.secret);
  });

  test('without its secret, or in the place of another file, a file does not open', async () => {
    const { picture } = await keepPicture(sealed, pictures, jpeg);
    const { picture: other } = await keepPicture(sealed, pictures, jpeg);
    const [first, second] = picture.renditions;
    await expect(openKept(sealed, { ...picture, secret: other.secret }, first!)).rejects.toMatchObject({
      code: 'sealed-unreadable',
    });
    const swapped = { ...first!, name: second!.name };
    await expect(openKept(sealed, picture, swapped)).rejects.toMatchObject({ code: 'blob-differs' });
  });
});

describe('publishing', () => {
  test('puts the renditions into the public part in the clear, and never the original', async () => {
    const { picture } = await keepPicture(sealed, pictures, jpeg);
    for (let time = 0; time < 2; time++) await publishKept(sealed, open, picture);
    expect(await namesIn('public')).toEqual([...publicNames(picture)].sort());
    for (const { name, bytes } of await files('public')) {
      expect(sha256(bytes)).toBe(name);
      expect(bytes.includes('Ann Example')).toBe(false);
      expect(await sharp(bytes).metadata()).toMatchObject({ format: expect.any(String) });
    }
  });

  test('withdrawing deletes them, but for those that another development shows', async () => {
    const [one, two] = [await keepPicture(sealed, pictures, jpeg), await keepPicture(sealed, pictures, jpeg)];
    for (const { picture } of [one, two]) await publishKept(sealed, open, picture);
    const names = publicNames(one.picture);
    await withdrawFiles(open, names, new Set(publicNames(two.picture)));
    expect(await namesIn('public')).toEqual([...names].sort());
    for (let time = 0; time < 2; time++) await withdrawFiles(open, names, new Set());
    expect(await files('public')).toEqual([]);
  });
});
