import { assetsPath, type ServedFile } from '#pages';
import { ConfigError } from '#platform';
import { createHash } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';

/** Maximum number of bytes of a logo: it is on every page. */
export const logoBytes = 64 * 1_024;
/** Maximum number of bytes of a font. */
export const fontBytes = 256 * 1_024;

/** A file to serve, with its path. */
export interface Named extends ServedFile {
  readonly url: string;
}

/** Names a file by its content, so that browsers may keep it without asking. */
export function named(name: string, end: string, type: string, bytes: Buffer): Named {
  const hash = createHash('sha256').update(bytes).digest('hex').slice(0, 8);
  const file = `${name}.${hash}.${end}`;
  return { file, type, bytes, url: `${assetsPath}/${file}` };
}

function read(setting: string, path: string, most: number): Buffer {
  try {
    const { size } = statSync(path);
    if (size > most) throw new ConfigError(`${setting} names a file of ${size} bytes. Use one of at most ${most}.`);
    return readFileSync(path);
  } catch (error) {
    if (error instanceof ConfigError) throw error;
    throw new ConfigError(`${setting} names a file that cannot be read: ${(error as Error).message}.`, {
      cause: error,
    });
  }
}

/** A logo, and its size in pixels. */
export interface LogoFile extends Named {
  readonly width: number;
  readonly height: number;
}

const png = Buffer.from('89504e470d0a1a0a', 'hex');

/** The size of a PNG or SVG picture; undefined for anything else. The content decides, not the name. */
function pictureOf(bytes: Buffer): { type: string; end: string; width: number; height: number } | undefined {
  if (bytes.subarray(0, 8).equals(png) && bytes.toString('latin1', 12, 16) === 'IHDR' && bytes.length >= 24)
    return { type: 'image/png', end: 'png', width: bytes.readUInt32BE(16), height: bytes.readUInt32BE(20) };
  const root = /<svg\b[^>]*>/.exec(bytes.toString('utf8'))?.[0];
  if (!root) return undefined;
  const attribute = (name: string) => new RegExp(`\\s${name}\\s*=\\s*["']([^"']*)["']`).exec(root)?.[1];
  const pixels = (name: string) => Number(/^([\d.]+)(px)?$/.exec(attribute(name)?.trim() ?? '')?.[1]);
  const box = (attribute('viewBox') ?? '')
    .trim()
    .split(/[\s,]+/)
    .map(Number);
  return { type: 'image/svg+xml', end: 'svg', width: pixels('width') || box[2]!, height: pixels('height') || box[3]! };
}

/** Reads a logo. Throws a ConfigError if it is not a picture that pages can show. */
export function readLogo(setting: string, path: string): LogoFile {
  const bytes = read(setting, path, logoBytes);
  const picture = pictureOf(bytes);
  if (!picture)
    throw new ConfigError(`${setting} names a file that is neither SVG nor PNG. Convert it to one of them.`);
  const { type, end, width, height } = picture;
  if (!(width > 0 && height > 0))
    throw new ConfigError(`${setting} names an SVG without a size. Give it a width and a height, or a viewBox.`);
  return { ...named(setting.toLowerCase().replaceAll('_', '-'), end, type, bytes), width, height };
}

/** Reads a font. Throws a ConfigError if it is not WOFF2. */
export function readFont(setting: string, path: string): Named {
  const bytes = read(setting, path, fontBytes);
  if (bytes.toString('latin1', 0, 4) !== 'wOF2')
    throw new ConfigError(`${setting} names a file that is not a WOFF2 font. Convert it to WOFF2.`);
  return named(setting.toLowerCase().replaceAll('_', '-'), 'woff2', 'font/woff2', bytes);
}
