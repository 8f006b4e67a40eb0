import { execFileSync } from 'node:child_process';
import { closeSync, mkdirSync, openSync, rmSync, rmdirSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const mount = (...args: string[]) => execFileSync('mount', args, { stdio: 'pipe' });
const chunk = Buffer.alloc(1 << 20, 1);

/** Why this machine cannot mount a small disk; undefined if it can. */
export function lackedBySmallDisks(folder: string): string | undefined {
  if (process.platform !== 'linux' || process.getuid?.() !== 0)
    return 'a small disk is a tmpfs, which root can mount on Linux';
  try {
    new SmallDisk(join(folder, 'tried'), 1).close();
    return undefined;
  } catch (error) {
    return `a tmpfs cannot be mounted: ${(error as Error).message.trim()}`;
  }
}

/** A file system of its own in memory, which can be filled, and be made read-only. */
export class SmallDisk {
  readonly #ballast: string;

  constructor(
    readonly path: string,
    mebibytes: number,
  ) {
    mkdirSync(path, { recursive: true });
    mount('-t', 'tmpfs', '-o', `size=${mebibytes}m,mode=0711`, 'tmpfs', path);
    this.#ballast = join(path, 'ballast');
  }

  /** Takes all space that is left, again and again, as servers give some back. */
  fill(): void {
    const file = openSync(this.#ballast, 'a');
    try {
      for (let size = chunk.length; size >= 1;)
        try {
          if (writeSync(file, chunk, 0, size) < size) size = Math.floor(size / 2);
        } catch (error) {
          if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
          size = Math.floor(size / 2);
        }
    } finally {
      closeSync(file);
    }
  }

  free(): void {
    rmSync(this.#ballast, { force: true });
  }

  /** The kernel refuses to make a disk read-only while a file is open for writing: then this tries again, for ten seconds. */
  async setReadOnly(is: boolean): Promise<void> {
    for (const end = performance.now() + 10_000; ; await sleep(50))
      try {
        return void mount('-o', `remount,${is ? 'ro' : 'rw'}`, this.path);
      } catch (error) {
        if (!/busy/.test((error as Error).message) || performance.now() > end) throw error;
      }
  }

  close(): void {
    execFileSync('umount', ['--lazy', this.path], { stdio: 'pipe' });
    rmdirSync(this.path);
  }
}
