// One picture: trusted certificates and its bytes come on stdin, the answer leaves on stdout, and the process ends. The product starts it
// for each picture, with no secret in its environment, and kills it when it takes too long. Beside packages it imports only files that
// stand in package.json, so that Node runs it from the sources as well.
import { credentialsOf, type CredentialsBounds } from '#pictures/credentials';
import { faultOf, withPlainScans } from '#pictures/structure';
import { offeredBy } from '#pictures/texts';
import { fileTypeFromBuffer } from 'file-type';
import { writeFile } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import sharp, { type Metadata, type Sharp } from 'sharp';
import type { PictureErrorCode, PictureType } from '../errors.js';
import type * as limits from '../limits.js';

type Limits = Pick<
  typeof limits,
  'mostPixels' | 'longestSide' | 'renditionWidths' | 'tallestRendition' | 'longestOffered'
> & {
  readonly credentialsBounds: CredentialsBounds;
  readonly types: readonly string[];
  /** How many bytes come before those of the picture: the certificates whose signatures the newsroom trusts. */
  readonly anchorsBytes: number;
};

interface Refusal {
  readonly refused: PictureErrorCode;
  readonly detail?: string;
}
const refuse = (refused: PictureErrorCode, detail?: string): Refusal => ({ refused, ...(detail && { detail }) });

const limit = JSON.parse(process.argv[2]!) as Limits;
const encoders: readonly [string, (picture: Sharp) => Sharp][] = [
  ['image/avif', picture => picture.avif({ quality: 55, effort: 2 })],
  ['image/webp', picture => picture.webp({ quality: 78, effort: 4 })],
  ['image/jpeg', picture => picture.flatten({ background: '#ffffff' }).jpeg({ quality: 78, mozjpeg: true })],
];

sharp.cache(false);
sharp.concurrency(1);
// Of the library's readers only these: no SVG, TIFF or PDF, whatever file-type says.
sharp.block({ operation: ['VipsForeignLoad'] });
sharp.unblock({
  operation: ['Jpeg', 'Png', 'Webp', 'Heif', 'Nsgif'].map(format => `VipsForeignLoad${format}Buffer`),
});

// A picture names servers in its metadata; nothing here asks any.
Object.defineProperty(globalThis, 'fetch', { value: undefined });
// Where memory runs out, the kernel ends this process rather than the one that started it. Only Linux has the file.
await writeFile('/proc/self/oom_score_adj', '1000').catch(() => undefined);
const given = await input();
const anchors = given.toString('utf8', 0, limit.anchorsBytes);
const bytes = given.subarray(limit.anchorsBytes);
await write(await judge());

async function input(): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of process.stdin) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

async function judge() {
  const found = (await fileTypeFromBuffer(bytes))?.mime;
  if (found === 'image/heic' || found === 'image/heif') return refuse('picture-heic');
  // An animated PNG has its own type.
  if (found === 'image/apng') return refuse('picture-animated', 'an animated PNG');
  if (!found || !limit.types.includes(found)) return refuse('picture-type', found && `it is ${found}`);
  const type = found as PictureType;
  const fault = faultOf(type, bytes);
  if (fault) return refuse(fault.code, fault.detail);
  try {
    return await decoded(type);
  } catch (error) {
    return refuse('picture-broken', (error as Error).message.split('\n')[0]!.slice(0, 200));
  }
}

async function decoded(type: PictureType) {
  const readable = type === 'image/jpeg' ? withPlainScans(bytes) : bytes;
  const open = () => sharp(readable, { limitInputPixels: limit.mostPixels, failOn: 'warning', sequentialRead: true });
  const metadata = await sharp(bytes, { limitInputPixels: false }).metadata();
  const { width, height } = metadata.autoOrient;
  const size = `${width} × ${height}`;
  if (Math.max(width, height) > limit.longestSide) return refuse('picture-too-long', size);
  if (width * height > limit.mostPixels) return refuse('picture-too-many-pixels', size);
  if ((metadata.pages ?? 1) > 1) return refuse('picture-animated', `${metadata.pages} frames`);
  const widest = limit.renditionWidths.at(-1)!;
  const box = { fit: 'inside', withoutEnlargement: true } as const;
  // The picture is decoded once, upright and in sRGB; what follows starts from plain pixels, which carry no metadata.
  const { data, info } = await open()
    .autoOrient()
    .resize({ width: widest, height: limit.tallestRendition, ...box })
    .toColourspace('srgb')
    .raw({ depth: 'uchar' })
    .toBuffer({ resolveWithObject: true });
  const raw = { width: info.width, height: info.height, channels: info.channels };
  const renditions: { type: string; width: number; height: number; bytes: Buffer }[] = [];
  const narrower = limit.renditionWidths.filter(each => each < raw.width);
  for (const each of [...narrower, raw.width]) {
    for (const [rendered, encode] of encoders) {
      const made = await encode(sharp(data, { raw }).resize({ width: each, ...box })).toBuffer({
        resolveWithObject: true,
      });
      renditions.push({ type: rendered, width: made.info.width, height: made.info.height, bytes: made.data });
    }
  }
  const credentials = await credentialsOf(type, bytes, anchors, limit.credentialsBounds);
  const found = { colour: await colourOf(data, raw), offered: offers(metadata), ...(credentials && { credentials }) };
  return { type, width, height, ...found, renditions };
}

function offers({ exif, iptc, xmp }: Metadata) {
  return offeredBy({ exif, iptc, xmp }, limit.longestOffered);
}

/** The average colour, shown until the picture is there. */
async function colourOf(
  data: Buffer,
  raw: { width: number; height: number; channels: 1 | 2 | 3 | 4 },
): Promise<string> {
  const one = await sharp(data, { raw })
    .flatten({ background: '#ffffff' })
    .resize(1, 1, { fit: 'fill' })
    .toColourspace('srgb')
    .raw()
    .toBuffer();
  const [red, green, blue] = one.length >= 3 ? one : [one[0]!, one[0]!, one[0]!];
  return `#${Buffer.of(red!, green!, blue!).toString('hex')}`;
}

/** Four bytes with the length of the header, the header in JSON, and the renditions in its order. */
async function write(answer: Awaited<ReturnType<typeof judge>>): Promise<void> {
  const renditions = 'refused' in answer ? [] : answer.renditions;
  const described = renditions.map(({ bytes, ...rest }) => ({ ...rest, size: bytes.length }));
  const header = Buffer.from(JSON.stringify('refused' in answer ? answer : { ...answer, renditions: described }));
  const length = Buffer.alloc(4);
  length.writeUInt32BE(header.length);
  const all = Buffer.concat([length, header, ...renditions.map(rendition => rendition.bytes)]);
  await pipeline([all], process.stdout);
}
