// The worker runs this file alone (see package.json, imports).
import { closed } from '#domain/bidi';
import exif from 'exifreader';

/** Texts and the time from a picture's metadata. They are offered to an editor, who decides; nobody vouches for them. */
export interface Offered {
  readonly caption?: string | undefined;
  readonly alt?: string | undefined;
  readonly credit?: string | undefined;
  readonly rights?: string | undefined;
  /** When it was taken: ISO 8601, without an offset if the camera gave none. */
  readonly taken?: string | undefined;
}

/** The blocks of metadata in a picture, as the image library hands them out. */
export interface Blocks {
  readonly exif?: Buffer | undefined;
  readonly iptc?: Buffer | undefined;
  readonly xmp?: Buffer | undefined;
}

type Bounds = { readonly [text in 'caption' | 'alt' | 'credit' | 'rights']: number };
interface Tag {
  readonly description?: unknown;
}
type Tags = Readonly<Record<string, Tag | undefined>>;

const longestSegment = 65_533;
const headers = { exif: 'Exif\0\0', xmp: 'http://ns.adobe.com/xap/1.0/\0', iptc: 'Photoshop 3.0\0' };

/** Reads the texts. Metadata that cannot be read offers nothing: it is no reason to refuse a picture. */
export function offeredBy(blocks: Blocks, longest: Bounds): Offered {
  const [camera, iptc, xmp] = (['exif', 'iptc', 'xmp'] as const).map(block => tagsOf(block, blocks[block]));
  const first = (limit: number, ...texts: unknown[]) => texts.map(text => tidy(text, limit)).find(Boolean);
  const said = (tags: Tags | undefined, ...names: string[]) => names.map(name => tags?.[name]?.description);
  const found = {
    caption: first(
      longest.caption,
      ...said(iptc, 'Caption/Abstract'),
      ...said(xmp, 'description'),
      ...said(camera, 'ImageDescription'),
    ),
    alt: first(longest.alt, ...said(xmp, 'AltTextAccessibility')),
    credit: first(
      longest.credit,
      ...said(iptc, 'Credit', 'By-line'),
      ...said(xmp, 'Credit', 'creator'),
      ...said(camera, 'Artist'),
    ),
    rights: first(
      longest.rights,
      ...said(iptc, 'Copyright Notice'),
      ...said(xmp, 'rights'),
      ...said(camera, 'Copyright'),
    ),
    taken: takenBy(camera),
  };
  return Object.fromEntries(Object.entries(found).filter(([, text]) => text !== undefined));
}

/**
 * One library reads all kinds of metadata, but not from all formats, and it would unpack compressed blocks of any size. So each block is
 * read in a JPEG without pixels, whose segments are bounded.
 */
function tagsOf(kind: keyof typeof headers, block: Buffer | undefined): Tags | undefined {
  if (!block) return undefined;
  const header = Buffer.from(headers[kind], 'latin1');
  const segment = block.subarray(0, header.length).equals(header) ? block : Buffer.concat([header, block]);
  if (segment.length > longestSegment) return undefined;
  const length = Buffer.alloc(2);
  length.writeUInt16BE(segment.length + 2);
  const marker = Buffer.of(0xff, kind === 'iptc' ? 0xed : 0xe1);
  const ends = [Buffer.of(0xff, 0xd8), Buffer.of(0xff, 0xd9)] as const;
  try {
    const tags = exif.load(Buffer.concat([ends[0], marker, length, segment, ends[1]]), { expanded: true });
    return tags[kind] as unknown as Tags | undefined;
  } catch {
    return undefined;
  }
}

function takenBy(camera: Tags | undefined): string | undefined {
  const [at, offset] = [camera?.DateTimeOriginal?.description, camera?.OffsetTimeOriginal?.description].map(text =>
    typeof text === 'string' ? text : '',
  );
  const parts = /^(\d{4}):(\d\d):(\d\d) (\d\d:\d\d:\d\d)$/.exec(at!);
  if (!parts) return undefined;
  const local = `${parts[1]}-${parts[2]}-${parts[3]}T${parts[4]}`;
  const zone = /^(Z|[+-]\d\d:\d\d)$/.test(offset!) ? offset! : '';
  // No 30 February, and no 25 o'clock. Without a zone it stays without one.
  const time = Date.parse(`${local}Z`);
  if (Number.isNaN(time) || new Date(time).toISOString().slice(0, 19) !== local) return undefined;
  return Number.isNaN(Date.parse(local + zone)) ? undefined : local + zone;
}

/** One line in plain letters, or undefined. A text that is too long is cut, as nobody here wrote it. */
export function tidy(text: unknown, longest: number): string | undefined {
  if (typeof text !== 'string') return undefined;
  const plain = text
    .normalize('NFC')
    .replaceAll(/[\p{Cc}\p{Zl}\p{Zp}\s]+/gu, ' ')
    .replaceAll(/[\p{Co}\p{Cn}\p{Cs}\ufffd]/gu, '')
    .trim();
  return closed([...plain].slice(0, longest).join('').trim()) || undefined;
}
