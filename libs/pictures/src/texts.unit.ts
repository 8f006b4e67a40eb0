import { expect, test } from '@jest/globals';
import { longestOffered } from './limits.js';
import { iptc, xmp } from './testing/made.js';
import { offeredBy } from './texts.js';

const fromIptc = (texts: Record<number, string>) => offeredBy({ iptc: iptc(texts) }, longestOffered);
const fromXmp = (texts: Record<string, string>) => offeredBy({ xmp: Buffer.from(xmp(texts)) }, longestOffered);

test('nothing is offered from no metadata, and from metadata that cannot be read', () => {
  expect(offeredBy({}, longestOffered)).toEqual({});
  for (const block of ['exif', 'iptc', 'xmp'] as const)
    for (const bytes of ['', 'x', '\xff'.repeat(500), '<x:xmpmeta', 'Exif\0\0II*\0\xff\xff\xff\xff'])
      expect(offeredBy({ [block]: Buffer.from(bytes, 'latin1') }, longestOffered)).toEqual({});
});

test('a text of IPTC comes before the same of XMP', () => {
  const both = { iptc: iptc({ 120: 'from IPTC' }), xmp: Buffer.from(xmp({ 'dc:description': 'from XMP' })) };
  expect(offeredBy(both, longestOffered)).toEqual({ caption: 'from IPTC' });
  expect(fromXmp({ 'dc:description': 'from XMP', 'dc:rights': '© X' })).toEqual({ caption: 'from XMP', rights: '© X' });
});

test('a text is one line without control characters, and its directions are closed', () => {
  expect(fromIptc({ 120: ' one\r\n\ttwo\u0000 \u0007three ' })).toEqual({ caption: 'one two three' });
  expect(fromIptc({ 110: 'left \u202eright' })).toEqual({ credit: 'left \u202eright\u202c' });
  expect(fromIptc({ 110: ' \u0000 ' })).toEqual({});
});

test('a text has at most so many letters', () => {
  const { caption } = longestOffered;
  expect(fromIptc({ 120: 'é'.repeat(caption) }).caption).toBe('é'.repeat(caption));
  expect(fromIptc({ 120: 'é'.repeat(caption + 1) }).caption).toBe('é'.repeat(caption));
});

test('XMP that names an entity to expand, or a file to read, offers no expansion', () => {
  const bomb = `<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;"><!ENTITY f SYSTEM "file:///etc/passwd">]>`;
  const offered = offeredBy({ xmp: Buffer.from(bomb + xmp({ 'dc:description': '&b;&f;' })) }, longestOffered);
  expect(JSON.stringify(offered)).not.toMatch(/aaaa|root:/);
});
