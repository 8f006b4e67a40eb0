import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import exif from 'exifreader';
import sharp from 'sharp';
import { longestSide, renditionWidths } from './limits.js';
import { openPictures, type Pictures } from './pictures.js';
import { blackPng, iptc, pictures as made, plain, withSegment, xmp } from './testing/made.js';

let pictures: Pictures;
beforeAll(() => {
  pictures = openPictures();
});
afterAll(() => pictures.close());

/** A JPEG as a camera and an agency leave it: a place, a serial number, a small picture of the whole, texts. */
async function fromCamera(): Promise<Buffer> {
  const jpeg = await plain(800, 600)
    .jpeg()
    .withExif({
      IFD0: { Artist: 'Ann Example', Make: 'SECRET-MAKE' },
      IFD2: {
        DateTimeOriginal: '2026:11:28 10:20:30',
        OffsetTimeOriginal: '+01:00',
        BodySerialNumber: 'SECRET-SERIAL',
      },
      IFD3: { GPSLatitudeRef: 'N', GPSLatitude: '51/1 30/1 0/1' },
    })
    .withMetadata({ orientation: 6 })
    .toBuffer();
  const texts = iptc({ 120: 'Ministers arrive at the hall.\n\nMorning', 110: 'Example Agency', 116: '© Example' });
  const thumbnail = Buffer.from('8BIM\x04\x0c\0\0\0\0\0\x10SECRET-THUMBNAIL', 'latin1');
  const alt = `http://ns.adobe.com/xap/1.0/\0${xmp({ 'Iptc4xmpCore:AltTextAccessibility': 'Four people walk' })}`;
  return withSegment(
    withSegment(withSegment(jpeg, 0xed, Buffer.concat([texts, thumbnail])), 0xe1, alt),
    0xfe,
    'SECRET-COMMENT',
  );
}

describe('a picture', () => {
  test.each(Object.entries(made))('of type %s is taken, with a rendition of each type', async (type, bytes) => {
    const picture = await pictures.take(await bytes(), { name: 'a', type });
    expect(picture).toMatchObject({
      type,
      width: 60,
      height: 40,
      offered: {},
      colour: expect.stringMatching(/^#\w{6}$/),
    });
    expect(picture.renditions.map(each => [each.type, each.width, each.height])).toEqual([
      ['image/avif', 60, 40],
      ['image/webp', 60, 40],
      ['image/jpeg', 60, 40],
    ]);
    for (const { bytes: own, type: kind } of picture.renditions) {
      const { width, height, format } = await sharp(own).metadata();
      expect([width, height, format === 'heif' ? 'avif' : format]).toEqual([60, 40, kind.slice(6)]);
    }
  });

  test('of a phone whose JPEG bounds the coefficients of its scan is taken as any other', async () => {
    const jpeg = await made['image/jpeg']();
    const odd = Buffer.from(jpeg);
    // The marker, the length, the number of components, two bytes of each of three, and the bounds.
    const bounds = jpeg.indexOf(Buffer.of(0xff, 0xda)) + 11;
    expect([...jpeg.subarray(bounds, bounds + 3)]).toEqual([0, 63, 0]);
    for (const other of [
      [0, 0, 0],
      [1, 63, 0],
      [0, 63, 0x10],
    ]) {
      odd.set(other, bounds);
      await expect(sharp(odd, { failOn: 'warning' }).raw().toBuffer()).rejects.toThrow('Invalid SOS parameters');
      expect(await pictures.take(odd)).toEqual(await pictures.take(jpeg));
    }
  });

  test('is upright, and its renditions are narrower copies that are never enlarged', async () => {
    const picture = await pictures.take(await fromCamera(), { name: 'DSC_1.JPG', type: 'image/jpeg' });
    expect([picture.width, picture.height]).toEqual([600, 800]);
    const sizes = picture.renditions
      .filter(({ type }) => type === 'image/jpeg')
      .map(({ width, height }) => [width, height]);
    expect(sizes).toEqual([
      [320, 427],
      [600, 800],
    ]);
  });

  test('offers caption, alternative text, credit, rights and time', async () => {
    expect((await pictures.take(await fromCamera())).offered).toEqual({
      caption: 'Ministers arrive at the hall. Morning',
      alt: 'Four people walk',
      credit: 'Example Agency',
      rights: '© Example',
      taken: '2026-11-28T10:20:30+01:00',
    });
  });

  test('keeps no place, serial number, thumbnail, comment or text in any rendition', async () => {
    const original = await fromCamera();
    const secrets = ['SECRET', 'Ann Example', 'Example Agency', 'Ministers', 'Four people'];
    for (const secret of secrets) expect(original.includes(secret)).toBe(true);
    expect(exif.load(original, { expanded: true }).gps?.Latitude).toBe(51.5);
    const { renditions } = await pictures.take(original);
    expect(renditions).toHaveLength(6);
    for (const { bytes, type } of renditions) {
      for (const secret of secrets) expect(bytes.includes(secret)).toBe(false);
      const { exif: block, iptc: texts, xmp: rest, icc, orientation } = await sharp(bytes).metadata();
      expect([type, block, texts, rest, icc, orientation]).toEqual([type, ...Array(5).fill(undefined)]);
      // Formats have a JFIF header, sizes and colours of their own; anything else is metadata.
      const { gps, exif: tags, Thumbnail: thumbnail } = exif.load(bytes, { expanded: true });
      expect([gps, thumbnail, tags && Object.keys(tags)]).toEqual([undefined, undefined, undefined]);
    }
  });

  test('with transparent parts has them white in JPEG and in its colour, and transparent elsewhere', async () => {
    const clear = { r: 0, g: 0, b: 0, alpha: 0 };
    const png = await sharp({ create: { width: 20, height: 20, channels: 4, background: clear } })
      .png()
      .toBuffer();
    const { colour, renditions } = await pictures.take(png);
    expect(colour).toBe('#ffffff');
    const last = (type: string) => sharp(renditions.find(each => each.type === type)!.bytes).stats();
    expect((await last('image/jpeg')).channels.map(({ min }) => min)).toEqual([255, 255, 255]);
    expect((await last('image/webp')).isOpaque).toBe(false);
  });

  test('of 40 megapixels is taken, in renditions of every width', async () => {
    const picture = await pictures.take(blackPng(8_000, 5_000));
    expect([picture.width, picture.height]).toEqual([8_000, 5_000]);
    const widths = picture.renditions.filter(({ type }) => type === 'image/webp').map(({ width }) => width);
    expect(widths).toEqual([...renditionWidths]);
  }, 60_000);

  test.each([
    [longestSide, 1],
    [1, longestSide],
  ])('with the longest side is taken: %d × %d', async (width, height) => {
    expect(await pictures.take(blackPng(width, height))).toMatchObject({ width, height });
  });

  test.each(['a.JPG', 'a.jpeg', 'a.jfif', 'no-extension', 'folder.d/a', undefined])('may be named %s', async name => {
    const jpeg = await made['image/jpeg']();
    for (const type of [undefined, 'application/octet-stream', 'image/jpg', 'IMAGE/JPEG; q=1'])
      if (name === undefined || type === undefined)
        expect(await pictures.take(jpeg, { name, type })).toMatchObject({ type: 'image/jpeg' });
  });
});

describe('the process of a picture', () => {
  const bounds = { ms: 60_000, memory: 900_000_000, atOnce: 2, waiting: 20 };
  const opened = (own: Partial<typeof bounds>) => openPictures(undefined, { ...bounds, ...own });

  test('is killed when it takes too long', async () => {
    await expect(opened({ ms: 1 }).take(blackPng(5_000, 5_000))).rejects.toMatchObject({ code: 'picture-too-slow' });
  });

  test('is killed when it takes too much memory', async () => {
    const hungry = opened({ memory: 10_000_000 }).take(blackPng(5_000, 5_000));
    await expect(hungry).rejects.toMatchObject({ code: 'picture-too-hungry' });
  });

  test('waits for its turn, and one picture too many is refused', async () => {
    const narrow = opened({ atOnce: 1, waiting: 1 });
    const jpeg = await made['image/jpeg']();
    const results = await Promise.allSettled([narrow.take(jpeg), narrow.take(jpeg), narrow.take(jpeg)]);
    expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled', 'rejected']);
    expect(results[2]).toMatchObject({ reason: { code: 'pictures-busy' } });
    expect(await narrow.take(jpeg)).toMatchObject({ type: 'image/jpeg' });
  });

  test('ends with the server, also for pictures that wait', async () => {
    const closing = opened({ atOnce: 1 });
    const jpeg = await made['image/jpeg']();
    const taken = Promise.allSettled([closing.take(jpeg), closing.take(jpeg), closing.take(jpeg)]);
    await closing.close();
    for (const result of await taken) expect(result).toMatchObject({ reason: { code: 'pictures-busy' } });
    await expect(closing.take(jpeg)).rejects.toMatchObject({ code: 'pictures-busy' });
  });
});
