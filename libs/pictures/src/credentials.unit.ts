import { credentialsBounds } from '#domain';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { openPictures, type Pictures } from './pictures.js';
import { pictures as made, withSegment } from './testing/made.js';
import { signerOf, type Claim, type Signer } from './testing/signed.js';

let agency: Signer;
let stranger: Signer;
let trusting: Pictures;
let plain: Pictures;
beforeAll(async () => {
  [agency, stranger] = [await signerOf('Example Agency'), await signerOf('Someone Else')];
  [trusting, plain] = [openPictures(agency.anchors), openPictures()];
});
afterAll(() => Promise.all([trusting?.close(), plain?.close()]));

const jpeg = () => made['image/jpeg']();
const of = async (bytes: Buffer, pictures = trusting) => (await pictures.take(bytes)).credentials;
const signed = async (claim?: Claim, signer = agency) => signer.sign('image/jpeg', await jpeg(), claim);

describe('content credentials of a picture', () => {
  test.each(Object.entries(made))('of type %s are verified', async (type, bytes) => {
    const picture = await agency.sign(type, await bytes(), { tool: { name: 'Camera', version: '2' } });
    const found = { signer: 'Example Agency', tool: 'Camera 2', actions: ['created'] };
    expect(await of(picture)).toEqual({ state: 'trusted', ...found });
    expect(await of(picture, plain)).toEqual({ state: 'valid', ...found });
    // Where a signature covers the pixels, one other byte of them breaks it.
    const altered = Buffer.from(picture);
    altered[altered.length - 12]! ^= 1;
    const outcome = await of(altered).catch(({ code }: { code: string }) => code);
    expect([{ state: 'broken' }, 'picture-broken']).toContainEqual(outcome);
  });

  test('a picture without any has none, also if the letters are in it', async () => {
    expect(await of(await jpeg())).toBeUndefined();
    expect(await of(withSegment(await jpeg(), 0xfe, 'c2pa'))).toBeUndefined();
  });

  test('say what was done with which tool, and whether a generative model made it', async () => {
    const source = 'http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia';
    const actions = ['c2pa.created', 'c2pa.cropped', 'c2pa.cropped', 'com.example.polished', 'c2pa.color_adjustments'];
    const picture = await signed({
      tool: { name: 'Dream\u202emachine' },
      actions: actions.map(action => ({ action, ...(action === 'c2pa.created' && { digitalSourceType: source }) })),
    });
    expect(await of(picture)).toEqual({
      ...{ state: 'trusted', signer: 'Example Agency', tool: 'Dream\u202emachine\u202c', generated: true },
      actions: ['created', 'cropped', 'color_adjustments'],
    });
  });

  test('are bounded', async () => {
    const many = Array.from({ length: 30 }, (_, n) => ({
      action: `c2pa.a_${String.fromCharCode(97 + n)}`.slice(0, 40),
    }));
    const picture = await signed({
      tool: { name: 't'.repeat(500) },
      actions: [{ action: 'c2pa.created' }, ...many.slice(0, 25)],
    });
    const found = (await of(picture)) as { tool: string; actions: string[] };
    expect([found.tool.length, found.actions.length]).toEqual([credentialsBounds.tool, credentialsBounds.actions]);
  });

  test('are trusted as well where the list of certificates is long', async () => {
    const others = `${stranger.anchors}\n`.repeat(Math.ceil(200_000 / stranger.anchors.length));
    const many = openPictures(others + agency.anchors);
    expect(await of(await signed(), many)).toMatchObject({ state: 'trusted' });
    await many.close();
  });

  test('of a signer whom the newsroom does not trust are valid, and no more', async () => {
    expect(await of(await signed(undefined, stranger))).toMatchObject({ state: 'valid', signer: 'Someone Else' });
  });

  test('of an expired certificate, or moved to another picture, say nothing', async () => {
    const expired = await signerOf('Example Agency', { expired: true });
    expect(await of(await signed(undefined, expired))).toEqual({ state: 'broken' });
    const own = await signed();
    const at = own.indexOf(Buffer.of(0xff, 0xeb));
    const credentials = own.subarray(at + 4, at + 2 + own.readUInt16BE(at + 2));
    expect(credentials.includes('c2pa')).toBe(true);
    expect(await of(withSegment(await jpeg(), 0xeb, credentials))).toEqual({ state: 'broken' });
  });

  test('any byte of them that is changed is found, and the picture is taken all the same', async () => {
    const picture = await signed();
    const [from, to] = [picture.indexOf('jumb') + 8, picture.indexOf('c2pa.hash.data') + 100];
    for (let n = 0; n < 6; n++) {
      const altered = Buffer.from(picture);
      altered[from + Math.floor(((to - from) * n) / 6)]! ^= 0x40;
      const outcome = await of(altered);
      expect([undefined, 'broken']).toContain(outcome?.state);
    }
  });
});
