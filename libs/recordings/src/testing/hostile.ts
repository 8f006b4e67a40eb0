import type { RecordingErrorCode } from '../errors.js';
import type { Named } from '../recordings.js';
import { madeMp3, madeMp4, madeWebm } from './made.js';

interface Hostile extends Named {
  readonly code: RecordingErrorCode;
  bytes(): Promise<Buffer> | Buffer;
}

const box = (name: string, content: Uint8Array) => {
  const head = Buffer.alloc(8);
  head.writeUInt32BE(8 + content.length);
  head.write(name, 4, 'latin1');
  return Buffer.concat([head, content]);
};
const indexed = () => madeMp4({ index: 'in-memory' });
const zip = Buffer.concat([
  Buffer.from('504b0304', 'hex'),
  Buffer.alloc(60),
  Buffer.from('504b0506', 'hex'),
  Buffer.alloc(18),
]);
const cut = (bytes: Buffer, share: number) => bytes.subarray(0, Math.floor(bytes.length * share));
const and = async (bytes: Promise<Buffer> | Buffer, more: Uint8Array | string) =>
  Buffer.concat([await bytes, Buffer.from(more as string)]);
const captions = (text: string) => Buffer.from(`WEBVTT\n\n${text}`);

/** The same file with bytes written at the first place of a name. */
async function changed(
  bytes: Promise<Buffer>,
  name: string,
  write: (file: Buffer, at: number) => void,
): Promise<Buffer> {
  const file = Buffer.from(await bytes);
  const at = file.indexOf(name, 0, 'latin1');
  if (at < 0) throw new Error(`${name} is not in the file`);
  write(file, at);
  return file;
}
const renamed = (bytes: Promise<Buffer>, from: string, to: string) =>
  changed(bytes, from, (file, at) => file.write(to, at, 'latin1'));

/** Files that are no recordings, or more than one; what each is called, and the code that refuses it. */
export const hostile: Readonly<Record<string, Hostile>> = {
  'a text': { code: 'recording-type', bytes: () => Buffer.from('ID4 this is no sound at all, but words') },
  'an Ogg': { code: 'recording-type', bytes: () => Buffer.concat([Buffer.from('OggS\0\x02'), Buffer.alloc(100)]) },
  'a WAVE': {
    code: 'recording-type',
    bytes: () => Buffer.concat([Buffer.from('RIFF\x40\0\0\0WAVEfmt '), Buffer.alloc(60)]),
  },
  'a QuickTime film': { code: 'recording-type', bytes: () => renamed(indexed(), 'ftypisom', 'ftypqt  ') },
  'a Matroska file': { code: 'recording-type', bytes: () => renamed(madeWebm(), 'webm', 'matr') },
  'a video that is sent as a sound': { code: 'recording-misnamed', type: 'audio/mpeg', bytes: indexed },
  'an MP4 that is called WebM': { code: 'recording-misnamed', name: 'a.webm', bytes: indexed },
  'a WebM that is called MP4': { code: 'recording-misnamed', name: 'a.mp4', bytes: () => madeWebm() },
  'half an MP4 with its index first': { code: 'recording-cut', bytes: async () => cut(await indexed(), 0.7) },
  'half an MP4 with its index last': { code: 'recording-cut', bytes: async () => cut(await madeMp4(), 0.5) },
  'an MP4 without its last byte': { code: 'recording-cut', bytes: async () => (await madeMp4()).subarray(0, -1) },
  'half a fragmented MP4': {
    code: 'recording-cut',
    bytes: async () => cut(await madeMp4({ index: 'fragmented' }), 0.8),
  },
  'an MP4 without its media': {
    code: 'recording-cut',
    bytes: async () => {
      const file = await indexed();
      return file.subarray(0, file.indexOf('mdat') - 4);
    },
  },
  'half a WebM': { code: 'recording-cut', bytes: async () => cut(await madeWebm(), 0.6) },
  'a WebM without its last byte': { code: 'recording-cut', bytes: async () => (await madeWebm()).subarray(0, -1) },
  'an MP3 that ends in a frame': { code: 'recording-cut', bytes: () => madeMp3(2).subarray(0, -100) },
  'an MP3 that ends in its tags': {
    code: 'recording-cut',
    bytes: () => and(Buffer.from('ID3\x04\0\0\0\x7f\0\0', 'latin1'), madeMp3()),
  },
  'an MP4 with a ZIP after it': { code: 'recording-mixed', bytes: () => and(indexed(), zip) },
  'a WebM with a ZIP after it': { code: 'recording-mixed', bytes: () => and(madeWebm(), zip) },
  'an MP3 with a ZIP after it': { code: 'recording-mixed', bytes: () => and(madeMp3(), zip) },
  'an MP3 with words after it': { code: 'recording-mixed', bytes: () => and(madeMp3(), 'and then some more') },
  'an MP4 with a page after it': {
    code: 'recording-mixed',
    bytes: () => and(indexed(), '<script >alert(1)</script>'),
  },
  'an MP4 with a page in free space': {
    code: 'recording-mixed',
    bytes: () => and(indexed(), box('free', Buffer.from('<html ><script>'))),
  },
  'an MP4 with binary rubbish after it': {
    code: 'recording-mixed',
    bytes: () => and(indexed(), Buffer.alloc(40, 0xfe)),
  },
  'an MP4 with two indexes': {
    code: 'recording-mixed',
    bytes: async () => and(indexed(), box('moov', Buffer.alloc(0))),
  },
  'an MP4 that is a PDF too': {
    code: 'recording-mixed',
    bytes: async () => {
      const file = await indexed();
      const end = file.readUInt32BE(0);
      return Buffer.concat([file.subarray(0, end), box('free', Buffer.from('%PDF-1.7')), file.subarray(end)]);
    },
  },
  'an MP4 without tracks': { code: 'recording-tracks', bytes: () => renamed(indexed(), 'trak', 'free') },
  'an MP4 of a codec that few play': { code: 'recording-codec', bytes: () => renamed(indexed(), 'av01', 'hvc1') },
  'an MP4 of a codec that nobody knows': {
    code: 'recording-codec',
    bytes: () => renamed(indexed(), 'av01', 'zzzz'),
  },
  'an encrypted MP4': { code: 'recording-encrypted', bytes: () => renamed(indexed(), 'av01', 'encv') },
  'an MP4 with a track of a drone’s places': {
    code: 'recording-data',
    bytes: () => renamed(indexed(), 'vide', 'meta'),
  },
  'an MP4 whose media are in another file': {
    code: 'recording-broken',
    bytes: () => changed(indexed(), 'url ', (file, at) => file.writeUInt32BE(0, at + 4)),
  },
  'an MP4 with a box that is larger than its parent': {
    code: 'recording-broken',
    bytes: () => changed(indexed(), 'trak', (file, at) => file.writeUInt32BE(0x7fffffff, at - 4)),
  },
  'an MP4 with a box that is smaller than its head': {
    code: 'recording-broken',
    bytes: () => changed(indexed(), 'trak', (file, at) => file.writeUInt32BE(3, at - 4)),
  },
  'an MP4 with a length of 64 bits that is beyond all files': {
    code: 'recording-cut',
    bytes: async () => and(indexed(), Buffer.from('000000016d64617' + '4ffffffffffffffff', 'hex')),
  },
  'an MP4 with four thousand million frames': {
    code: 'recording-broken',
    bytes: () => changed(indexed(), 'stsz', (file, at) => file.writeUInt32BE(0xffffffff, at + 12)),
  },
  'captions without times': { code: 'captions-broken', bytes: () => captions('Hello\n') },
  'captions that end before they begin': {
    code: 'captions-broken',
    bytes: () => captions('00:05.000 --> 00:01.000\nHello\n'),
  },
  'captions without a caption': { code: 'captions-broken', bytes: () => captions('') },
  'captions that are not UTF-8': {
    code: 'captions-broken',
    bytes: () => Buffer.concat([captions('00:01.000 --> 00:02.000\n'), Buffer.from([0xff, 0xfe, 10])]),
  },
  'captions without end': {
    code: 'captions-too-large',
    bytes: () => captions('00:01.000 --> 00:02.000\nHello\n\n'.repeat(20_000)),
  },
  'captions that are too large once their times have hours': {
    code: 'captions-too-large',
    bytes: () => captions('00:01.000 --> 00:02.000\nHello\n\n'.repeat(15_900)),
  },
};
