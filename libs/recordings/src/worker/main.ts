// One recording, or its captions: it asks for pieces of the file on stdout, gets them on stdin, answers, and ends. The product starts it
// for each file, with no secret in its environment, and kills it when it takes too long; see libs/pictures/src/worker/main.ts.
import { Fault, refuseOtherFormats, type Bytes } from '#recordings/walk/bytes';
import { readCaptions } from '#recordings/walk/captions';
import { walkMp3 } from '#recordings/walk/mp3';
import { walkMp4 } from '#recordings/walk/mp4';
import { walkWebm } from '#recordings/walk/webm';
import { fileTypeFromBuffer } from 'file-type';
import { LRUCache } from 'lru-cache';
import { CustomSource, EncodedPacketSink, Input, MP4, WEBM, type EncodedPacket, type InputTrack } from 'mediabunny';
import { writeFile } from 'node:fs/promises';
import type * as limits from '../limits.js';

type Limits = Pick<typeof limits, 'pieceBytes' | 'codecs'> & {
  readonly size: number;
  readonly largestCaptions: number;
};

const limit = JSON.parse(process.argv[2]!) as Limits;
const { size, pieceBytes } = limit;

Object.defineProperty(globalThis, 'fetch', { value: undefined });
// What a library says must not stand among the answers.
const silent = () => undefined;
Object.assign(console, { log: silent, info: silent, debug: silent });
// Where memory runs out, the kernel ends this process rather than the one that started it. Only Linux has the file.
await writeFile('/proc/self/oom_score_adj', '1000').catch(() => undefined);

const { stdout } = process;
const stdin = process.stdin[Symbol.asyncIterator]() as AsyncIterator<Buffer>;
let held: Buffer = Buffer.alloc(0);
const write = (line: object) =>
  new Promise<void>(resolve => stdout.write(`${JSON.stringify(line)}\n`, () => resolve()));

const pieces = new LRUCache<number, Buffer>({ max: 24 });
let last: Promise<unknown> = Promise.resolve();

async function asked(piece: number): Promise<Buffer> {
  const found = pieces.get(piece);
  if (found) return found;
  await write({ piece });
  const length = Math.min(pieceBytes, size - piece * pieceBytes);
  const chunks = [held];
  for (let come = held.length; come < length;) {
    const { done, value } = await stdin.next();
    if (done) throw new Error('no more pieces');
    chunks.push(value);
    come += value.length;
  }
  const all = Buffer.concat(chunks);
  held = all.subarray(length);
  const bytes = all.subarray(0, length);
  pieces.set(piece, bytes);
  return bytes;
}

/** Pieces come one after the other, as they are asked for. */
const pieceOf = (piece: number): Promise<Buffer> => {
  const next = last.then(() => asked(piece));
  last = next.catch(() => undefined);
  return next;
};

const bytes: Bytes = {
  size,
  async read(start, length) {
    const end = Math.min(size, start + length);
    const parts: Buffer[] = [];
    for (let at = start; at < end;) {
      const piece = Math.floor(at / pieceBytes);
      const from = at - piece * pieceBytes;
      const part = (await pieceOf(piece)).subarray(from, from + end - at);
      parts.push(part);
      at += part.length;
    }
    return Buffer.concat(parts);
  },
};

const walks = { mp4: walkMp4, webm: walkWebm } as const;
const containers: Readonly<Record<string, keyof typeof walks | 'mp3'>> = {
  'video/mp4': 'mp4',
  'video/x-m4v': 'mp4',
  'audio/mp4': 'mp4',
  'audio/x-m4a': 'mp4',
  'video/webm': 'webm',
  'audio/webm': 'webm',
  'audio/mpeg': 'mp3',
};

async function judge(): Promise<object> {
  const found = (await fileTypeFromBuffer(await bytes.read(0, pieceBytes)))?.mime as string | undefined;
  if (found === 'text/vtt') {
    if (size > limit.largestCaptions) throw new Fault('captions-too-large', `these have ${size} bytes`);
    const captions = await readCaptions(bytes);
    // Times without hours get them, so captions may be larger than they came.
    const written = Buffer.byteLength(captions);
    if (written > limit.largestCaptions)
      throw new Fault('captions-too-large', `with hours in all times, these have ${written} bytes`);
    return { captions };
  }
  const container = containers[found ?? ''];
  if (!container) throw new Fault('recording-type', found ? `it is ${found}` : 'its type is not known');
  await refuseOtherFormats(bytes);
  if (container === 'mp3') {
    const { patches, seconds } = await walkMp3(bytes);
    return { type: 'audio/mpeg', lasts: Math.round(seconds * 1_000), patches };
  }
  const patches = await walks[container](bytes);
  return { ...(await played(container)), patches };
}

async function played(container: keyof typeof walks) {
  const source = new CustomSource({ getSize: () => size, read: (start, end) => bytes.read(start, end - start) });
  const input = new Input({ source, formats: [MP4, WEBM] });
  const tracks = await input.getTracks();
  const videos = tracks.filter(track => track.isVideoTrack());
  const sounds = tracks.filter(track => track.isAudioTrack());
  if (videos.length + sounds.length === 0) throw new Fault('recording-tracks', 'no track of either');
  if (videos.length > 1) throw new Fault('recording-mixed', `${videos.length} tracks of pictures`);
  for (const track of [...videos, ...sounds]) {
    const codec = await track.getCodec();
    if (codec === null || !limit.codecs.includes(codec))
      throw new Fault('recording-codec', codec ?? 'its codec is not known');
  }
  const seconds = await lasting([...videos, ...sounds]);
  const [video] = videos;
  const sides = video && {
    width: Math.round(await video.getDisplayWidth()),
    height: Math.round(await video.getDisplayHeight()),
  };
  const type = `${video ? 'video' : 'audio'}/${container}`;
  return { type, lasts: Math.round(seconds * 1_000), ...sides };
}

/** Reads every packet of all tracks in the order of their times, and answers when the last ends, in seconds. */
async function lasting(tracks: readonly InputTrack[]): Promise<number> {
  const open: { readonly packets: AsyncGenerator<EncodedPacket>; packet: EncodedPacket }[] = [];
  for (const track of tracks) {
    const packets = new EncodedPacketSink(track).packets();
    const first = await packets.next();
    if (!first.done) open.push({ packets, packet: first.value });
  }
  if (open.length === 0) throw new Fault('recording-tracks', 'its tracks are empty');
  let end = 0;
  while (open.length > 0) {
    const at = open.reduce((n, each, m) => (each.packet.timestamp < open[n]!.packet.timestamp ? m : n), 0);
    const one = open[at]!;
    if (one.packet.data.byteLength === 0) throw new Fault('recording-broken', 'a packet is empty');
    end = Math.max(end, one.packet.timestamp + one.packet.duration);
    const next = await one.packets.next();
    if (next.done) open.splice(at, 1);
    else one.packet = next.value;
  }
  return end;
}

await judge().then(
  answer => write({ answer }),
  (error: Error) =>
    write({
      answer:
        error instanceof Fault
          ? { refused: error.code, detail: error.detail.slice(0, 200) }
          : { refused: 'recording-broken', detail: error.message.split('\n')[0]!.slice(0, 200) },
    }),
);
process.exit(0);
