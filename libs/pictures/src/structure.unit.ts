import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { PictureType } from './errors.js';
import { faultOf } from './structure.js';
import { box, pictures, segment } from './testing/made.js';

const all = Object.entries(pictures) as [PictureType, () => Promise<Buffer>][];

describe.each(all)('the structure of %s', (type, make) => {
  test('a whole picture has no fault, and cut anywhere it is broken', async () => {
    const bytes = await make();
    expect(faultOf(type, bytes)).toBeUndefined();
    const codes = Array.from({ length: bytes.length }, (_, end) => faultOf(type, bytes.subarray(0, end))?.code);
    const other = codes.filter(code => code !== 'picture-broken');
    // Where one of its boxes ends, only the decoder of an AVIF can tell that another is missing.
    if (type !== 'image/avif') expect(other).toEqual([]);
    else expect(other.filter(code => code === undefined).length).toBeLessThan(5);
  });

  test('one more byte than the picture is a fault', async () => {
    const bytes = Buffer.concat([await make(), Buffer.from('x')]);
    expect(faultOf(type, bytes)).toMatchObject({ code: 'picture-mixed' });
  });

  test('changed and random bytes never throw', async () => {
    const bytes = await make();
    const positions = fc.array(fc.tuple(fc.nat(bytes.length - 1), fc.nat(255)), { maxLength: 20 });
    fc.assert(
      fc.property(positions, fc.uint8Array({ maxLength: 200 }), (changes, tail) => {
        const changed = Buffer.concat([bytes, tail]);
        for (const [at, value] of changes) changed[at] = value;
        faultOf(type, changed);
        faultOf(type, Buffer.from(tail));
      }),
      { numRuns: 300 },
    );
  });
});

describe('after a JPEG', () => {
  const after = async (...rest: Buffer[]) =>
    faultOf('image/jpeg', Buffer.concat([await pictures['image/jpeg'](), ...rest]))?.code;

  test('what cameras write is accepted: other JPEGs, padding, a motion picture, a trailer', async () => {
    const preview = await pictures['image/jpeg']();
    expect(await after(preview)).toBeUndefined();
    expect(await after(preview, preview, Buffer.alloc(100))).toBeUndefined();
    expect(await after(Buffer.concat([box('ftyp', 'mp42'), box('moov'), box('mdat', 'x'.repeat(50))]))).toBeUndefined();
    expect(await after(Buffer.from('maker data, then SEFT'))).toBeUndefined();
  });

  test('anything else is not', async () => {
    expect(await after(segment(0xfe, 'x'))).toBe('picture-mixed');
    expect(await after(Buffer.concat([box('ftyp', 'mp42'), Buffer.from('more')]))).toBe('picture-mixed');
    expect(await after(await pictures['image/png']())).toBe('picture-mixed');
  });
});
