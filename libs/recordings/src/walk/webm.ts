import { counting, Fault, type Bytes, type Patch } from '#recordings/walk/bytes';

const id = {
  head: 0x1a45dfa3,
  segment: 0x18538067,
  seek: 0x114d9b74,
  info: 0x1549a966,
  tracks: 0x1654ae6b,
  track: 0xae,
  trackType: 0x83,
  encodings: 0x6d80,
  encoding: 0x6240,
  encryption: 0x5035,
  cluster: 0x1f43b675,
  cues: 0x1c53bb6b,
  tags: 0x1254c367,
  chapters: 0x1043a770,
  attachments: 0x1941a469,
  checksum: 0xbf,
  void: 0xec,
} as const;
const ofSegment: readonly number[] = [id.seek, id.info, id.tracks, id.cluster, id.cues, id.checksum];
/** They end a cluster whose size is not said. */
const endsCluster: readonly number[] = [...ofSegment, id.tags, id.chapters, id.attachments];
/** What stays of the description: the scale of times, the duration and the programs that wrote it. */
const ofInfo: readonly number[] = [0x2ad7b1, 0x4489, 0x4d80, 0x5741, id.checksum];
/** What a person or a program may have written into a track: its name, that of its codec, settings, two addresses, and free space. */
const wordsOfTrack: readonly number[] = [0x536e, 0x258688, 0x3a9697, 0x3b4040, 0x26b240, id.void];
/** Tracks of pictures and of sound. */
const trackTypes = [1, 2];

interface Element {
  readonly id: number;
  readonly at: number;
  readonly content: number;
  /** Undefined where the file does not say how long it is, as a recording that was written while it was made. */
  readonly end: number | undefined;
}

/** As `walkMp4`, for WebM. */
export async function walkWebm(bytes: Bytes): Promise<Patch[]> {
  const patches: Patch[] = [];
  const step = counting();

  async function elementAt(at: number, to: number): Promise<Element> {
    step();
    const head = await bytes.read(at, Math.min(12, to - at));
    const idLength = lengthOf(head[0], 4);
    const sizeLength = lengthOf(head[idLength], 8);
    if (idLength === 0 || sizeLength === 0) throw new Fault('recording-mixed', 'what follows is no part of it');
    if (head.length < idLength + sizeLength) throw new Fault('recording-cut', 'it ends in the head of a part');
    const said = numberIn(head.subarray(idLength, idLength + sizeLength));
    const content = at + idLength + sizeLength;
    const end = said === undefined ? undefined : content + said;
    if (end !== undefined && end > to)
      throw to === bytes.size
        ? new Fault('recording-cut', `${end - to} bytes are missing`)
        : new Fault('recording-broken', 'a part has a wrong length');
    return { id: head.readUIntBE(0, idLength), at, content, end };
  }

  /** Elements that say their size. */
  async function* elementsIn(from: number, to: number): AsyncGenerator<Element & { readonly end: number }> {
    for (let at = from; at < to;) {
      const found = await elementAt(at, to);
      const { end } = found;
      if (end === undefined) throw new Fault('recording-broken', 'a part does not say its length');
      yield { ...found, end };
      at = end;
    }
  }

  /** Makes an element one that holds nothing, of the same length. */
  function blank({ at, end }: { readonly at: number; readonly end: number }): void {
    const length = end - at;
    const head = Buffer.alloc(length - 2 < 127 ? 2 : 9);
    head[0] = 0xec;
    if (head.length === 2) head[1] = 0x80 | (length - 2);
    else {
      head[1] = 0x01;
      head.writeUIntBE(length - 9, 3, 6);
    }
    patches.push({ at, head: head.toString('hex'), zeros: length - head.length });
  }

  /** Where a cluster ends that does not say so. */
  async function endOfCluster(from: number, to: number): Promise<number> {
    for (let at = from; at < to;) {
      const found = await elementAt(at, to);
      if (endsCluster.includes(found.id)) return at;
      if (found.end === undefined) throw new Fault('recording-broken', 'a part does not say its length');
      at = found.end;
    }
    return to;
  }

  async function ofTracks(from: number, to: number): Promise<void> {
    for await (const track of elementsIn(from, to)) {
      if (track.id === id.void) blank(track);
      if (track.id !== id.track) continue;
      for await (const field of elementsIn(track.content, track.end)) {
        if (wordsOfTrack.includes(field.id)) blank(field);
        if (field.id === id.trackType) {
          const type = (await bytes.read(field.content, 1))[0]!;
          if (!trackTypes.includes(type)) throw new Fault('recording-data', `a track of type ${type}`);
        }
        if (field.id === id.encodings) await ofEncodings(field.content, field.end);
      }
    }
  }

  async function ofEncodings(from: number, to: number): Promise<void> {
    for await (const encoding of elementsIn(from, to)) {
      if (encoding.id !== id.encoding) continue;
      for await (const { id: each } of elementsIn(encoding.content, encoding.end))
        if (each === id.encryption) throw new Fault('recording-encrypted', 'its tracks are encrypted');
    }
  }

  async function ofTop({ id: name, at, content, end }: Element & { readonly end: number }): Promise<void> {
    if (!ofSegment.includes(name)) blank({ at, end });
    if (name === id.tracks) await ofTracks(content, end);
    if (name === id.info)
      for await (const field of elementsIn(content, end)) if (!ofInfo.includes(field.id)) blank(field);
  }

  const head = await elementAt(0, bytes.size);
  const segment = await elementAt(head.end ?? bytes.size, bytes.size);
  if (head.id !== id.head || segment.id !== id.segment) throw new Fault('recording-broken', 'it has no segment');
  const end = segment.end ?? bytes.size;
  for (let at = segment.content; at < end;) {
    const found = await elementAt(at, end);
    const isOpen = found.end === undefined && found.id === id.cluster;
    const until = isOpen ? await endOfCluster(found.content, end) : found.end;
    if (until === undefined) throw new Fault('recording-broken', 'a part does not say its length');
    await ofTop({ ...found, end: until });
    at = until;
  }
  if (end < bytes.size) throw new Fault('recording-mixed', `${bytes.size - end} bytes follow the recording`);
  return patches;
}

/** How many bytes a number has by its first byte; 0 if it has more than `most`. */
function lengthOf(first: number | undefined, most: number): number {
  if (first === undefined || first === 0) return 0;
  const length = Math.clz32(first) - 23;
  return length <= most ? length : 0;
}

/** The number; undefined where all its bits say that it is not known. */
function numberIn(bytes: Buffer): number | undefined {
  const marked = BigInt(`0x${bytes.toString('hex')}`);
  const mask = (1n << BigInt(7 * bytes.length)) - 1n;
  const value = marked & mask;
  return value === mask ? undefined : Number(value);
}
