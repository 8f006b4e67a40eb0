import {
  BufferTarget,
  EncodedAudioPacketSource,
  EncodedPacket,
  EncodedVideoPacketSource,
  Mp4OutputFormat,
  Output,
  WebMOutputFormat,
} from 'mediabunny';
import sharp from 'sharp';

/** What a test wants of a video. */
export interface Wanted {
  readonly seconds?: number;
  readonly width?: number;
  readonly height?: number;
  readonly withSound?: boolean;
  readonly title?: string;
  /** Where the index is: before the media, after them, or in fragments. */
  readonly index?: false | 'in-memory' | 'fragmented';
}

const background = (n: number) => ({ r: 20, g: 60 + ((n * 40) % 180), b: 140 });
const still = (n: number, width: number, height: number) =>
  sharp({ create: { width, height, channels: 3, background: background(n) } });

/** A frame of VP8: what a lossy WebP holds. */
async function vp8(n: number, width: number, height: number): Promise<Buffer> {
  const webp = await still(n, width, height).webp({ quality: 40 }).toBuffer();
  const at = webp.indexOf('VP8 ');
  return webp.subarray(at + 8, at + 8 + webp.readUInt32LE(at + 4));
}

/** A frame of AV1 and its configuration: what an AVIF holds. */
async function av1(n: number, width: number, height: number): Promise<{ frame: Buffer; description: Buffer }> {
  const avif = await still(n, width, height).avif({ quality: 40, effort: 0 }).toBuffer();
  const config = avif.indexOf('av1C');
  const data = avif.indexOf('mdat');
  return {
    frame: avif.subarray(data + 4, data - 4 + avif.readUInt32BE(data - 4)),
    description: avif.subarray(config + 4, config - 4 + avif.readUInt32BE(config - 4)),
  };
}

/** A frame of MPEG 1, layer III, 128 kbit/s, 44.1 kHz, which is silent: 26 ms. */
const silence = Buffer.concat([Buffer.from('fffb9064', 'hex'), Buffer.alloc(413)]);
const silenceSeconds = 1_152 / 44_100;

/** A silent MP3. */
export const madeMp3 = (seconds = 1): Buffer =>
  Buffer.concat(Array.from({ length: Math.max(2, Math.ceil(seconds / silenceSeconds)) }, () => silence));

/** A frame for half a second, and how it is decoded. */
async function frameOf(codec: 'vp8' | 'av1', n: number, width: number, height: number) {
  const { frame, ...coded } =
    codec === 'vp8'
      ? { frame: await vp8(n, width, height), codec: 'vp8' }
      : { ...(await av1(n, width, height)), codec: 'av01.0.04M.08' };
  const decoderConfig = { ...coded, codedWidth: width, codedHeight: height };
  return [new EncodedPacket(frame, 'key', n / 2, 0.5), { decoderConfig }] as const;
}

async function made(format: Mp4OutputFormat | WebMOutputFormat, codec: 'vp8' | 'av1', wanted: Wanted): Promise<Buffer> {
  const { seconds = 2, width = 320, height = 180, withSound = false, title } = wanted;
  const target = new BufferTarget();
  const output = new Output({ format, target });
  const picture = new EncodedVideoPacketSource(codec);
  output.addVideoTrack(picture, { frameRate: 2 });
  const sound = new EncodedAudioPacketSource('mp3');
  if (withSound) output.addAudioTrack(sound);
  if (title !== undefined) output.setMetadataTags({ title });
  await output.start();
  for (let n = 0; n < seconds * 2; n++) await picture.add(...(await frameOf(codec, n, width, height)));
  if (withSound)
    for (let at = 0; at < seconds; at += silenceSeconds)
      await sound.add(new EncodedPacket(silence, 'key', at, silenceSeconds), {
        decoderConfig: { codec: 'mp3', numberOfChannels: 2, sampleRate: 44_100 },
      });
  await output.finalize();
  return Buffer.from(target.buffer!);
}

/** A WebM that browsers play. */
export const madeWebm = (wanted: Wanted = {}): Promise<Buffer> => made(new WebMOutputFormat(), 'vp8', wanted);
/** An MP4 that browsers play. */
export const madeMp4 = ({ index = false, ...wanted }: Wanted = {}): Promise<Buffer> =>
  made(new Mp4OutputFormat({ fastStart: index }), 'av1', wanted);
