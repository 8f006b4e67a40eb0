import type { FileEntry } from '#bundle';
import { createHash } from 'node:crypto';
import { appendFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { longestLine, mostLines } from './files.js';

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
