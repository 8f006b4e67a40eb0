import { expect, test } from '@jest/globals';
import { bytesIn, inMemory, patched } from '../index.js';
import type { Bytes } from './bytes.js';
import { walkMp4 } from './mp4.js';
import { walkWebm } from './webm.js';

const words = 'Filmed at N 51.5 by Ann';
const filled = (length: number) => Buffer.from(words.padEnd(length));

async function blankedBy(walk: typeof walkMp4, file: Buffer): Promise<string> {
  const bytes: Bytes = { size: file.length, read: async (start, length) => file.subarray(start, start + length) };
  const chunks: Uint8Array[] = [];
  for await (const chunk of bytesIn(patched(inMemory(file), await walk(bytes)))) chunks.push(chunk);
  const blank = Buffer.concat(chunks);
  expect(blank).toHaveLength(file.length);
  expect(file.includes(words)).toBe(true);
  return blank.toString('latin1');
}

const box = (name: string, ...content: Buffer[]): Buffer => {
  const head = Buffer.alloc(8);
  head.writeUInt32BE(8 + Buffer.concat(content).length);
  head.write(name, 4, 'latin1');
  return Buffer.concat([head, ...content]);
};
const handler = box('hdlr', Buffer.from('\0\0\0\0\0\0\0\0vide'.padEnd(24, '\0')), filled(30));
const inTrack = (...boxes: Buffer[]) => box('moov', box('trak', box('mdia', ...boxes)));
const inTables = (...boxes: Buffer[]) => inTrack(handler, box('minf', box('stbl', ...boxes)));
const media = box('mdat', Buffer.alloc(8));

test.each([
  ['the name of a handler', [inTrack(handler), media], 'hdlr'],
  ['an unknown box in the tables', [inTables(box('stsz', Buffer.alloc(12)), box('uuid', filled(40))), media], 'stsz'],
  [
    'an unknown box in a fragment',
    [box('moov'), box('moof', box('traf', box('tfhd', Buffer.alloc(8)), box('uuid', filled(40)))), media],
    'tfhd',
  ],
  ['the time of a fragment', [box('moov'), box('prft', filled(24)), media], 'mdat'],
])('an MP4 loses %s', async (_, boxes, kept) => {
  const file = await blankedBy(walkMp4, Buffer.concat([box('ftyp', Buffer.from('isom\0\0\0\0')), ...boxes]));
  expect(file).not.toMatch(/Filmed|uuid|prft/);
  expect(file).toContain(kept);
});

const element = (id: string, ...content: Buffer[]): Buffer => {
  const all = Buffer.concat(content);
  return Buffer.concat([Buffer.from(id, 'hex'), Buffer.of(0x40, all.length), all]);
};

test.each([
  ['the name of a codec', '258688'],
  ['settings of a codec', '3a9697'],
  ['what lies in free space', 'ec'],
])('a track of a WebM loses %s', async (_, id) => {
  const track = element('ae', element('86', Buffer.from('V_VP8')), element(id, filled(40)));
  const tracks = element('1654ae6b', track, element('ec', filled(30)));
  const file = await blankedBy(walkWebm, Buffer.concat([element('1a45dfa3'), element('18538067', tracks)]));
  expect(file).not.toContain('Filmed');
  expect(file).toContain('V_VP8');
});
