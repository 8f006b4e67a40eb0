import { afterAll, describe, expect, test } from '@jest/globals';
import {
  bytesIn,
  inMemory,
  isRecordingHead,
  openRecordings,
  patched,
  pieceBytes,
  type Judged,
  type Pieces,
} from './index.js';
import { madeMp3, madeMp4, madeWebm } from './testing/made.js';

const recordings = openRecordings();
afterAll(() => recordings.close());
const judge = (bytes: Buffer, named = {}) => recordings.judge(inMemory(bytes), named) as Promise<Judged>;
async function cleaned(bytes: Buffer): Promise<Buffer> {
  const { patches } = await judge(bytes);
  return allOf(patched(inMemory(bytes), patches));
}
async function allOf(file: Pieces): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of bytesIn(file)) chunks.push(chunk);
  return Buffer.concat(chunks);
}

describe('what is kept', () => {
  const video = { width: 320, height: 180, lasts: 2_000 };
  test('an MP4, wherever its index is, with sound or without', async () => {
    for (const index of [false, 'in-memory', 'fragmented'] as const)
      expect(await judge(await madeMp4({ index }), { name: 'a.mp4' })).toMatchObject({ ...video, type: 'video/mp4' });
    const { lasts, ...both } = await judge(await madeMp4({ withSound: true }), { type: 'video/mp4' });
    expect([lasts > 1_999, both]).toEqual([true, expect.objectContaining({ width: 320, height: 180 })]);
  });
  test('a WebM and an MP3', async () => {
    expect(await judge(await madeWebm())).toMatchObject({ ...video, type: 'video/webm' });
    expect(await judge(madeMp3(3), { type: 'audio/mpeg', name: 'a.mp3' })).toEqual({
      ...{ type: 'audio/mpeg', lasts: 3_004, patches: [] },
    });
  });
  test('captions: their times and words, without comments and styles', async () => {
    const text =
      'WEBVTT\n\nNOTE by Ann\n\nSTYLE\n::cue { color: red }\n\none\n00:01.000 --> 01:00:02.500 line:0\nHello <b>you</b>\n';
    expect(await judge(Buffer.from(text), { name: 'a.vtt' })).toEqual({
      captions: 'WEBVTT\n\n00:00:01.000 --> 01:00:02.500\nHello <b>you</b>\n',
    });
  });
});

describe('nothing but picture and sound is left', () => {
  const title = 'Filmed at N 51.5 E 0.1';
  /** A box with a place, as phones write it, in the index of an MP4. */
  const place = Buffer.from('\0\0\0\x26udta\0\0\0\x1e\xa9xyz\0\x12\x15\xc7+51.5000+000.1000/', 'latin1');
  const withPlace = async () => {
    const file = await madeMp4();
    const at = file.indexOf('moov') - 4;
    file.writeUInt32BE(file.readUInt32BE(at) + place.length, at);
    return Buffer.concat([file, place]);
  };

  test.each([
    ['an MP4', () => madeMp4({ title, index: 'in-memory' })],
    ['an MP4 in fragments', () => madeMp4({ title, index: 'fragmented' })],
    ['a WebM', () => madeWebm({ title })],
    ['an MP4 of a phone', withPlace],
    [
      'an MP3',
      async () => Buffer.concat([Buffer.from(`ID3\x04\0\0\0\0\0\x40${title.padEnd(64)}`, 'latin1'), madeMp3()]),
    ],
    ['an MP3 with its tag last', async () => Buffer.concat([madeMp3(), Buffer.from(`TAG${title}`.padEnd(128))])],
  ] as const)('in %s, whose other bytes stay where they are', async (_, file) => {
    const bytes = await file();
    const clean = await cleaned(bytes);
    expect(bytes.toString('latin1')).toMatch(/Filmed at N 51\.5|\+51\.5000/);
    expect(clean.toString('latin1')).not.toMatch(/Filmed|51\.5/);
    expect(clean).toHaveLength(bytes.length);
    const before = await judge(bytes);
    expect(await judge(clean)).toMatchObject({ type: before.type, lasts: before.lasts });
  });

  test('and what is blanked may lie across two pieces', async () => {
    const file = inMemory(Buffer.alloc(3 * pieceBytes, 7));
    const across = patched(file, [{ at: pieceBytes - 2, head: '01020304', zeros: pieceBytes }]);
    const all = await allOf(across);
    expect([...all.subarray(pieceBytes - 3, pieceBytes + 3)]).toEqual([7, 1, 2, 3, 4, 0]);
    expect([all[2 * pieceBytes + 1], all[2 * pieceBytes + 2]]).toEqual([0, 7]);
  });
});

test('a file is read in pieces, and what reads it holds a few', async () => {
  // 60 MB of pictures, of which the process may take only a part.
  const bytes = await madeWebm({ seconds: 4 });
  const filler = Buffer.alloc(60_000_000 - bytes.length);
  filler[0] = 0xec;
  filler[1] = 0x01;
  filler.writeUIntBE(filler.length - 9, 3, 6);
  // The segment says its length, which is longer now: all ones say that it is not known.
  const whole = Buffer.concat([bytes, filler]);
  const segment = whole.indexOf(Buffer.from('18538067', 'hex'));
  const lengthBytes = Math.clz32(whole[segment + 4]!) - 23;
  whole.fill(0xff, segment + 4, segment + 4 + lengthBytes);
  whole[segment + 4] = (1 << (9 - lengthBytes)) - 1;
  let reads = 0;
  const file = {
    size: whole.length,
    piece: (n: number) => {
      reads += 1;
      return inMemory(whole).piece(n);
    },
  };
  expect(await recordings.judge(file)).toMatchObject({ type: 'video/webm', lasts: 4_000 });
  expect(reads).toBeLessThan(20);
});

test('what takes too long or too much is stopped, and a full queue says so', async () => {
  const webm = await madeWebm();
  const slow = openRecordings({ ms: 1, memory: 900_000_000, atOnce: 1, waiting: 0 });
  const [first, second] = [slow.judge(inMemory(webm)), slow.judge(inMemory(webm))];
  await expect(second).rejects.toMatchObject({ code: 'recordings-busy' });
  await expect(first).rejects.toMatchObject({ code: 'recording-too-slow' });
  const hungry = openRecordings({ ms: 60_000, memory: 1_000_000, atOnce: 1, waiting: 0 });
  // Its memory is measured from time to time, so the work must not end before: the first piece never comes.
  const unending = { size: webm.length, piece: () => new Promise<never>(() => undefined) };
  await expect(hungry.judge(unending)).rejects.toMatchObject({ code: 'recording-too-hungry' });
});

test('the first bytes say whether a file is to be judged as a recording', async () => {
  for (const bytes of [await madeMp4(), await madeWebm(), madeMp3(), Buffer.from('WEBVTT\n'), Buffer.from('OggS')])
    expect(isRecordingHead(bytes)).toBe(true);
  for (const head of [
    '\xff\xd8\xff\xe0',
    '\x89PNG',
    'RIFF1234WEBP',
    '\0\0\0\x1cftypavif',
    '\0\0\0\x1cftypheic',
    '<svg',
  ])
    expect(isRecordingHead(Buffer.from(head, 'latin1'))).toBe(false);
});
