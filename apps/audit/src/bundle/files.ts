import { linesIn, longestLine, mostLines, type FileEntry, type LineBounds } from '#bundle';
import { createHash } from 'node:crypto';
import { constants } from 'node:fs';
import {
  appendFile,
  mkdir,
  mkdtemp,
  open,
  opendir,
  rename,
  rm,
  stat,
  writeFile,
  type FileHandle,
} from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';

/** Maximum number of bytes in a manifest. A story's manifest names each registered actor. */
export const largestManifest = 64 * 1_024 * 1_024;
/** Maximum number of other files in a bundle's folder that are read and reported. */
export const mostOthers = 20;

const lineFeed = 10;
const chunkBytes = 1 << 20;
const missing = (error: unknown) => ['ENOENT', 'ENOTDIR'].includes((error as NodeJS.ErrnoException).code ?? '');

/** The path is not a regular file. It was not read, because reading might never end. */
export class NoRegularFile extends Error {}

/** Undefined if the file does not exist. Rejects with NoRegularFile; it does not wait for a pipe or a device. */
async function opened(path: string): Promise<{ handle: FileHandle; bytes: number } | undefined> {
  const handle = await open(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0)).catch(error => {
    if (missing(error)) return undefined;
    if (['ENXIO', 'ENODEV'].includes(error.code)) throw new NoRegularFile(`${path} is not a regular file.`);
    throw error;
  });
  if (!handle) return undefined;
  const stats = await handle.stat();
  if (stats.isFile()) return { handle, bytes: stats.size };
  await handle.close();
  throw new NoRegularFile(`${path} is not a regular file but a folder, a pipe or a device. Remove it.`);
}

/** The bytes of a file; none if it does not exist. Rejects with NoRegularFile. */
export async function* chunksOf(path: string): AsyncGenerator<Buffer> {
  const file = await opened(path);
  if (!file) return;
  try {
    for (;;) {
      const { bytesRead, buffer } = await file.handle.read({ buffer: Buffer.allocUnsafe(chunkBytes) });
      if (bytesRead === 0) return;
      yield buffer.subarray(0, bytesRead);
    }
  } finally {
    await file.handle.close();
  }
}

/** The text of a file of at most `most` bytes; undefined if it does not exist. */
export async function textOf(path: string, most: number): Promise<string | undefined> {
  const file = await opened(path);
  if (!file) return undefined;
  await file.handle.close();
  if (file.bytes > most) throw new Error(`${path} has ${file.bytes} bytes; the limit is ${most}.`);
  const chunks: Buffer[] = [];
  for await (const chunk of chunksOf(path)) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}

/** A file's hash and size, as in a manifest. */
export interface Measured {
  readonly bytes: number;
  /** Neither is computed for a file of unexpected length. */
  readonly lines: number | undefined;
  readonly sha256: string | undefined;
}

/** Undefined if the file does not exist. `due`: its expected length in bytes. Rejects with the signal's reason. */
export async function measure(path: string, due: number, signal: AbortSignal): Promise<Measured | undefined> {
  const file = await opened(path);
  if (!file) return undefined;
  await file.handle.close();
  const { bytes } = file;
  if (bytes !== due) return { bytes, lines: undefined, sha256: undefined };
  const hash = createHash('sha256');
  let lines = 0;
  for await (const chunk of chunksOf(path)) {
    signal.throwIfAborted();
    hash.update(chunk);
    for (let at = chunk.indexOf(lineFeed); at >= 0; at = chunk.indexOf(lineFeed, at + 1)) lines++;
  }
  return { bytes, lines, sha256: hash.digest('hex') };
}

/**
 * The lines of a file without their ends; none if it does not exist. Only a line feed ends a line. Rejects with LineTooLong
 * or NoRegularFile, and if there are too many lines.
 */
export const linesOf = (folder: string, name: string, bounds?: Partial<LineBounds>): AsyncGenerator<string> =>
  linesIn(chunksOf(join(folder, name)), name, bounds);

/** Names in the folder besides the given ones: the first of them, and whether there are more. */
export async function othersIn(
  folder: string,
  known: ReadonlySet<string>,
): Promise<{ names: string[]; more: boolean }> {
  const names: string[] = [];
  for await (const { name } of await opendir(folder)) {
    if (known.has(name)) continue;
    if (names.length === mostOthers) return { names, more: true };
    names.push(name);
  }
  return { names, more: false };
}

const bufferCharacters = 1 << 20;

/** Writes a file of lines, each ended by a line feed, and computes its hash. */
export class LinesFile {
  private readonly hash = createHash('sha256');
  private held = '';
  private bytes = 0;
  private lines = 0;

  private constructor(
    private readonly folder: string,
    private readonly name: string,
  ) {}

  /** `mode` as in open(2). Rejects if the file exists already. */
  static async create(folder: string, name: string, mode = 0o644): Promise<LinesFile> {
    await writeFile(join(folder, name), '', { flag: 'wx', mode });
    return new LinesFile(folder, name);
  }

  /** Rejects if the line is too long to be read again. */
  async write(line: string): Promise<void> {
    if (Buffer.byteLength(line) > longestLine || this.lines === mostLines)
      throw new Error(
        `${this.name} would have a line of more than ${longestLine} bytes, or more than ${mostLines} lines: that exceeds the limits of a bundle.`,
      );
    this.held += `${line}\n`;
    this.lines++;
    if (this.held.length >= bufferCharacters) await this.append({ flush: false });
  }

  /** Flushes the file to the disk. */
  async end(): Promise<FileEntry> {
    await this.append({ flush: true });
    const { name, bytes, lines } = this;
    return { name, bytes, lines, sha256: this.hash.digest('hex') };
  }

  private async append({ flush }: { readonly flush: boolean }): Promise<void> {
    const chunk = Buffer.from(this.held);
    this.held = '';
    this.hash.update(chunk);
    this.bytes += chunk.length;
    await appendFile(join(this.folder, this.name), chunk, { flush });
  }
}

/**
 * Creates a folder completely or not at all: `fill` writes beside it, and the result is renamed at the end. Rejects if the
 * name exists already. A killed process leaves a folder with the suffix `.partial-`.
 */
export async function wholeFolder<T>(folder: string, fill: (draft: string) => Promise<T>): Promise<T> {
  const to = resolve(folder);
  if (await stat(to).catch(() => undefined))
    throw new Error(`${folder} already exists. Name another folder with --to.`);
  await mkdir(dirname(to), { recursive: true });
  const draft = await mkdtemp(`${to}.partial-`);
  try {
    const filled = await fill(draft);
    await syncFolder(draft);
    await rename(draft, to);
    await syncFolder(dirname(to));
    return filled;
  } catch (error) {
    await rm(draft, { recursive: true, force: true });
    throw error;
  }
}

/** Makes a change of the names in a folder durable. */
export async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
