import { counting, Fault, type Bytes, type Patch } from '#recordings/walk/bytes';

interface Box {
  readonly name: string;
  readonly at: number;
  /** Where its content begins. */
  readonly content: number;
  readonly end: number;
}

/** What stays in a file, at its top and in each box that is looked into. All else becomes free space. */
const kept = {
  top: ['ftyp', 'styp', 'moov', 'moof', 'mdat', 'mfra', 'sidx', 'ssix', 'pdin'],
  moov: ['mvhd', 'trak', 'mvex', 'iods'],
  moof: ['mfhd', 'traf'],
  traf: ['tfhd', 'tfdt', 'trun', 'sdtp', 'sbgp', 'sgpd', 'subs', 'saiz', 'saio'],
  trak: ['tkhd', 'edts', 'mdia', 'tref', 'trgr'],
  mdia: ['mdhd', 'hdlr', 'minf', 'elng'],
  minf: ['vmhd', 'smhd', 'nmhd', 'gmhd', 'hdlr', 'dinf', 'stbl'],
  // prettier-ignore
  stbl: [
    'stsd', 'stts', 'ctts', 'cslg', 'stsc', 'stsz', 'stz2', 'stco', 'co64', 'stss', 'stps', 'stsh', 'stdp', 'padb', 'sdtp', 'sbgp', 'sgpd',
    'subs', 'saiz', 'saio',
  ],
} as const;
/** Boxes that hold when the recording was made and changed. */
const timed = ['mvhd', 'tkhd', 'mdhd'];
/** Tracks of pictures, sound and time codes. Others, such as those of drones and sports cameras, may tell a place every second. */
const handlers = ['vide', 'soun', 'tmcd'];

/**
 * Follows the boxes of an MP4 to its end, and answers how to blank what readers must not get. Throws a Fault if it is cut, encrypted, or
 * holds something else. Linear in the number of boxes.
 */
export async function walkMp4(bytes: Bytes): Promise<Patch[]> {
  const patches: Patch[] = [];
  const step = counting();

  async function* boxesIn(from: number, to: number, isTop = false): AsyncGenerator<Box> {
    for (let at = from; at < to;) {
      step();
      const { name, said, headLength } = headIn(await bytes.read(at, 16), () => stray(isTop, to - at));
      const size = said === 0 && isTop ? to - at : said;
      const content = at + headLength;
      if (size < headLength) throw new Fault('recording-broken', `${name} has a wrong length`);
      if (at + size > to) throw overrun(isTop, name, at + size - to);
      yield { name, at, content, end: at + size };
      at += size;
    }
  }

  async function blank({ at, content, end }: Box): Promise<void> {
    const head = await bytes.read(at, content - at);
    head.write('free', 4, 'latin1');
    patches.push({ at, head: head.toString('hex'), zeros: end - content });
  }

  async function into(box: keyof typeof kept, from: number, to: number, look: (found: Box) => Promise<void>) {
    const names: readonly string[] = kept[box];
    for await (const found of boxesIn(from, to, box === 'top')) {
      if (!names.includes(found.name)) await blank(found);
      else {
        if (timed.includes(found.name)) await withoutTimes(found);
        await look(found);
      }
    }
  }

  async function withoutTimes({ content }: Box): Promise<void> {
    const version = (await bytes.read(content, 1))[0];
    patches.push({ at: content + 4, head: '', zeros: version === 1 ? 16 : 8 });
  }

  /** Zeros the name of a handler, which a camera or a person may have written. */
  function withoutName({ content, end }: Box): void {
    const at = content + 24;
    if (at < end) patches.push({ at, head: '', zeros: end - at });
  }

  async function ofTop({ name, content, end }: Box): Promise<void> {
    if (name === 'moov') await into('moov', content, end, ofMovie);
    if (name === 'moof') await into('moof', content, end, ofFragment);
  }
  async function ofFragment({ name, content, end }: Box): Promise<void> {
    if (name === 'traf') await into('traf', content, end, nothing);
  }
  async function ofMovie({ name, content, end }: Box): Promise<void> {
    if (name === 'trak') await into('trak', content, end, ofTrack);
  }
  async function ofTrack({ name, content, end }: Box): Promise<void> {
    if (name === 'mdia') await into('mdia', content, end, ofMedia);
  }
  async function ofMedia(box: Box): Promise<void> {
    const { name, content, end } = box;
    if (name === 'hdlr') {
      const handler = (await bytes.read(content + 8, 4)).toString('latin1');
      if (!handlers.includes(handler)) throw new Fault('recording-data', `a track of ${printable(handler)}`);
      withoutName(box);
    }
    if (name === 'minf') await into('minf', content, end, ofInformation);
  }
  async function ofInformation(box: Box): Promise<void> {
    const { name, content, end } = box;
    if (name === 'hdlr') withoutName(box);
    if (name === 'stbl') await into('stbl', content, end, ofTable);
    if (name !== 'dinf') return;
    for await (const table of boxesIn(content, end)) {
      if (table.name === 'dref')
        for await (const entry of boxesIn(table.content + 8, table.end)) {
          // The last bit of a reference says that the media are in this file.
          if (((await bytes.read(entry.content + 3, 1))[0]! & 1) === 0)
            throw new Fault('recording-broken', 'it refers to another file');
        }
    }
  }

  async function ofTable({ name, content, end }: Box): Promise<void> {
    if (name !== 'stsd') return;
    for await (const entry of boxesIn(content + 8, end))
      if (['encv', 'enca'].includes(entry.name)) throw new Fault('recording-encrypted', entry.name);
  }

  let [movies, last] = [0, ''];
  await into('top', 0, bytes.size, async box => {
    if (box.name === 'moov') movies += 1;
    if (['moov', 'moof', 'mdat'].includes(box.name)) last = last === 'mdat' && box.name === 'moov' ? last : box.name;
    await ofTop(box);
  });
  if (movies === 0) throw new Fault('recording-cut', 'it has no index: the recording was not finished');
  if (last !== 'mdat') throw new Fault('recording-cut', 'its index names media that are not there');
  if (movies > 1) throw new Fault('recording-mixed', 'it holds two movies');
  return patches;
}

/** The head of a box: its name, and the size that it says, which may have eight bytes. */
function headIn(head: Buffer, stray: () => Fault) {
  const name = head.toString('latin1', 4, 8);
  if (head.length < 8 || !/^[\x20-\x7e©]{4}$/.test(name)) throw stray();
  const isLong = head.readUInt32BE(0) === 1;
  if (isLong && head.length < 16) throw new Fault('recording-cut', `it ends in ${name}`);
  const said = isLong ? Number(head.readBigUInt64BE(8)) : head.readUInt32BE(0);
  return { name, said, headLength: isLong ? 16 : 8 };
}

const nothing = async () => undefined;
const printable = (text: string) => text.replace(/[^\x20-\x7e]/g, '?');

const stray = (isTop: boolean, length: number) =>
  isTop
    ? new Fault('recording-mixed', `${length} bytes follow the recording`)
    : new Fault('recording-broken', 'its structure is wrong');

function overrun(isTop: boolean, name: string, length: number): Fault {
  const names: readonly string[] = kept.top;
  if (!isTop) return new Fault('recording-broken', `${name} has a wrong length`);
  return names.includes(name)
    ? new Fault('recording-cut', `${length} bytes are missing`)
    : new Fault('recording-mixed', 'what follows the recording is no part of it');
}
