import type { ChildProcess } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { measureEveryMs } from './limits.js';

/** The bounds of one process: time in milliseconds, memory in bytes. */
export interface WorkBounds {
  readonly ms: number;
  readonly memory: number;
}

/** Why a process did not do its work. */
export type WhyEnded = 'slow' | 'hungry' | 'stopped' | 'wrong' | 'broken';
/** A process that read a hostile file was killed, or broke. */
export class WorkEnded extends Error {
  constructor(readonly why: WhyEnded) {
    super(`the process was ${why}`);
  }
}

/**
 * Resolves when the process has done its work. Kills it, and rejects with a WorkEnded, when a bound is exceeded, `stop` is aborted, or
 * `wrong` is called.
 */
export async function guarded(
  child: ChildProcess,
  bounds: WorkBounds,
  stop: AbortSignal,
  work: (wrong: () => void) => void,
): Promise<void> {
  let why: WhyEnded | undefined;
  const kill = (because: WhyEnded) => {
    why ??= because;
    child.kill('SIGKILL');
  };
  const late = setTimeout(() => kill('slow'), bounds.ms);
  const measured = setInterval(async () => {
    if ((await memoryOf(child.pid)) > bounds.memory) kill('hungry');
  }, measureEveryMs);
  const stopped = () => kill('stopped');
  stop.addEventListener('abort', stopped);
  // It may end before it has read all of its input; how it ended says why.
  child.stdin?.on('error', () => undefined);
  work(() => kill('wrong'));
  try {
    const [status, signal] = await new Promise<[number | null, string | null]>((resolve, reject) => {
      child.on('error', reject);
      child.on('close', (...ended) => resolve(ended));
    });
    if (why) throw new WorkEnded(why);
    // The kernel ended it, as the machine or the container had no more memory.
    if (signal === 'SIGKILL') throw new WorkEnded('hungry');
    if (status !== 0) throw new WorkEnded('broken');
  } finally {
    clearTimeout(late);
    clearInterval(measured);
    stop.removeEventListener('abort', stopped);
  }
}

/** The memory that a process has in use. Only Linux tells; elsewhere the container or the machine is the bound. */
async function memoryOf(pid: number | undefined): Promise<number> {
  if (process.platform !== 'linux' || pid === undefined) return 0;
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
  return Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1] ?? 0) * 1_024;
}

/** A queue of works: so many at once, and so many more that wait. */
export class Turns {
  private readonly stop = new AbortController();
  private readonly waiting: (() => void)[] = [];
  private readonly running = new Set<Promise<unknown>>();
  private busy = 0;

  constructor(private readonly bounds: { readonly atOnce: number; readonly waiting: number }) {}

  /** Does the work in its turn. Rejects with what `full` makes if too many wait. */
  async take<Done>(work: (stop: AbortSignal) => Promise<Done>, full: () => Error): Promise<Done> {
    await this.turn(full);
    const done = work(this.stop.signal);
    this.running.add(done);
    try {
      return await done;
    } finally {
      this.running.delete(done);
      this.leave();
    }
  }

  /** Stops what is running. Those that wait get their turn one after the other, and are refused in it. */
  async close(): Promise<void> {
    this.stop.abort();
    while (this.running.size > 0) await Promise.allSettled(this.running);
  }

  private async turn(full: () => Error): Promise<void> {
    if (this.busy < this.bounds.atOnce) {
      this.busy += 1;
      return;
    }
    if (this.waiting.length >= this.bounds.waiting) throw full();
    await new Promise<void>(resolve => this.waiting.push(resolve));
  }

  /** Hands the turn to the next one that waits, so that nobody who comes now can take it. */
  private leave(): void {
    const next = this.waiting.shift();
    if (next) next();
    else this.busy -= 1;
  }
}
