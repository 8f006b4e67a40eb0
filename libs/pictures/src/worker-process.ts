import { projectFile } from '#checkout';
import { credentialsBounds } from '#domain';
import { spawn } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { extname } from 'node:path';
import { PictureError, pictureTypes } from './errors.js';
import * as limits from './limits.js';

/** The bounds of one process: time in milliseconds, memory in bytes. */
export interface WorkBounds {
  readonly ms: number;
  readonly memory: number;
}

/** Where the worker's program is: a source while this file is one, else compiled. */
const extension = extname(import.meta.url);
const program = projectFile(`${extension === '.ts' ? '' : 'dist/'}libs/pictures/src/worker/main${extension}`);
const heapMb = 200;

/**
 * Runs the worker on one picture and resolves to what it wrote. Kills it when a bound is exceeded or `stop` is aborted. The process gets
 * no setting of ours in its environment, since a decoder that is taken over could read them.
 */
export async function workOn(
  bytes: Uint8Array,
  bounds: WorkBounds,
  stop: AbortSignal,
  anchors?: string,
): Promise<Buffer> {
  if (stop.aborted) throw stopping();
  const { mostPixels, longestSide, renditionWidths, tallestRendition, longestOffered } = limits;
  const given = { mostPixels, longestSide, renditionWidths, tallestRendition, longestOffered, credentialsBounds };
  const from = extension === '.ts' ? ['--conditions=dateline'] : [];
  const args = [
    ...from,
    `--max-old-space-size=${heapMb}`,
    program,
    JSON.stringify({ ...given, types: pictureTypes, anchors }),
  ];
  const child = spawn(process.execPath, args, {
    stdio: ['pipe', 'pipe', 'ignore'],
    env: { MALLOC_ARENA_MAX: '2', VIPS_DISC_THRESHOLD: '8g' },
  });
  let why: PictureError | undefined;
  const kill = (error: PictureError) => {
    why ??= error;
    child.kill('SIGKILL');
  };
  const late = setTimeout(() => kill(new PictureError('picture-too-slow')), bounds.ms);
  const measured = setInterval(async () => {
    if ((await memoryOf(child.pid)) > bounds.memory) kill(new PictureError('picture-too-hungry'));
  }, limits.measureEveryMs);
  const stopped = () => kill(stopping());
  stop.addEventListener('abort', stopped);

  const chunks: Buffer[] = [];
  let length = 0;
  child.stdout.on('data', (chunk: Buffer) => {
    length += chunk.length;
    if (length > limits.largestAnswer) kill(new PictureError('picture-broken', 'its renditions are too large'));
    else chunks.push(chunk);
  });
  // It may end before it has read all of its input; how it ended says why.
  child.stdin.on('error', () => undefined);
  child.stdin.end(bytes);
  try {
    const [status, signal] = await new Promise<[number | null, string | null]>((resolve, reject) => {
      child.on('error', reject);
      child.on('close', (...ended) => resolve(ended));
    });
    if (why) throw why;
    // The kernel ended it, as the machine or the container had no more memory.
    if (signal === 'SIGKILL') throw new PictureError('picture-too-hungry');
    if (status !== 0) throw new PictureError('picture-broken', 'it broke the process that reads pictures');
    return Buffer.concat(chunks);
  } finally {
    clearTimeout(late);
    clearInterval(measured);
    stop.removeEventListener('abort', stopped);
  }
}

const stopping = () => new PictureError('pictures-busy', 'the server is stopping');

/** The memory that a process has in use. Only Linux tells; elsewhere the container or the machine is the bound. */
async function memoryOf(pid: number | undefined): Promise<number> {
  if (process.platform !== 'linux' || pid === undefined) return 0;
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
  return Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1] ?? 0) * 1_024;
}
