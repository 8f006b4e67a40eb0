import { Fault, type Bytes, type Patch } from '#recordings/walk/bytes';

/** Kilobits a second by the number in a frame's head, of MPEG 1 and of MPEG 2. */
const rates = [
  [0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320],
  [0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160],
] as const;
const frequencies = [44_100, 48_000, 32_000] as const;
const tagBytes = 128;
const windowBytes = 65_536;

/** As `walkMp4`, for MP3: frame after frame, with its tags emptied; and how long it lasts. */
export async function walkMp3(bytes: Bytes): Promise<{ patches: Patch[]; seconds: number }> {
  const patches: Patch[] = [];
  let at = 0;
  for (let tag = await bytes.read(at, 10); tag.toString('latin1', 0, 3) === 'ID3'; tag = await bytes.read(at, 10)) {
    // Its size has seven bits in each byte; a footer is not counted.
    const size = [6, 7, 8, 9].reduce((sum, n) => sum * 128 + (tag[n]! & 127), 0) + (tag[5]! & 0x10 ? 10 : 0);
    if (at + 10 + size > bytes.size) throw new Fault('recording-cut', 'it ends in its tags');
    tag[5] = 0;
    for (let n = 9, rest = size; n > 5; n--, rest = Math.floor(rest / 128)) tag[n] = rest % 128;
    patches.push({ at, head: tag.toString('hex'), zeros: size });
    at += 10 + size;
  }
  let seconds = 0;
  // An hour has 140,000 frames: many heads are read at once.
  let [window, from]: [Buffer, number] = [Buffer.alloc(0), at];
  while (at < bytes.size) {
    if (at + 4 > from + window.length) [window, from] = [await bytes.read(at, windowBytes), at];
    const frame = frameAt(window.subarray(at - from, at - from + 4));
    if (!frame) break;
    const end = at + frame.length;
    if (end > bytes.size) throw new Fault('recording-cut', `${end - bytes.size} bytes are missing`);
    at = end;
    seconds += frame.seconds;
  }
  if (seconds === 0) throw new Fault('recording-broken', 'it has no sound where sound should begin');
  return { patches: [...patches, ...(await tailAt(bytes, at))], seconds };
}

/** Empties the tags after the sound. */
async function tailAt(bytes: Bytes, from: number): Promise<Patch[]> {
  const patches: Patch[] = [];
  let at = from;
  const ape = await bytes.read(at, 16);
  if (ape.toString('latin1', 0, 8) === 'APETAGEX') {
    const length = 32 + ape.readUInt32LE(12);
    patches.push({ at: at + ape.length, head: '', zeros: length - ape.length });
    at += length;
  }
  if (bytes.size - at === tagBytes && (await bytes.read(at, 3)).toString('latin1') === 'TAG') {
    patches.push({ at: at + 3, head: '', zeros: tagBytes - 3 });
    at += tagBytes;
  }
  if (at !== bytes.size) throw new Fault('recording-mixed', `${bytes.size - from} bytes follow the recording`);
  return patches;
}

/** The length of a frame of layer III and of its sound, by its head; undefined if it is none. */
function frameAt(head: Buffer): { readonly length: number; readonly seconds: number } | undefined {
  if (head.length < 4 || head[0] !== 0xff || (head[1]! & 0xe6) !== 0xe2) return undefined;
  const version = (head[1]! >> 3) & 3;
  const rate = rates[version === 3 ? 0 : 1][head[2]! >> 4];
  const frequency = frequencies[(head[2]! >> 2) & 3];
  if (version === 1 || !rate || !frequency) return undefined;
  const divided = frequency / { 0: 4, 2: 2, 3: 1 }[version as 0 | 2 | 3];
  const padding = (head[2]! >> 1) & 1;
  const samples = version === 3 ? 1_152 : 576;
  return { length: Math.floor((samples * 125 * rate) / divided) + padding, seconds: samples / divided };
}
