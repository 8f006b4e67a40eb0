import { programFile } from '#checkout';
import { credentialsBounds } from '#domain';
import { spawn } from 'node:child_process';
import { PictureError, pictureTypes } from './errors.js';
import { guarded, WorkEnded, type WorkBounds } from './guard.js';
import * as limits from './limits.js';

const program = programFile('libs/pictures/src/worker/main');
const heapMb = 200;

/**
 * Runs the worker on one picture and resolves to what it wrote. Kills it when a bound is exceeded or `stop` is aborted. The process gets
 * no setting of ours in its environment, since a decoder that is taken over could read them.
 */
export async function workOn(bytes: Uint8Array, bounds: WorkBounds, stop: AbortSignal, anchors = ''): Promise<Buffer> {
  if (stop.aborted) throw stopping();
  const { mostPixels, longestSide, renditionWidths, tallestRendition, longestOffered } = limits;
  const given = { mostPixels, longestSide, renditionWidths, tallestRendition, longestOffered, credentialsBounds };
  const task = JSON.stringify({ ...given, types: pictureTypes, anchorsBytes: Buffer.byteLength(anchors) });
  const args = [`--max-old-space-size=${heapMb}`, program, task];
  const child = spawn(process.execPath, args, {
    stdio: ['pipe', 'pipe', 'ignore'],
    env: { MALLOC_ARENA_MAX: '2', VIPS_DISC_THRESHOLD: '8g' },
  });
  const chunks: Buffer[] = [];
  let length = 0;
  const work = (wrong: () => void) => {
    child.stdout.on('data', (chunk: Buffer) => {
      length += chunk.length;
      if (length > limits.largestAnswer) wrong();
      else chunks.push(chunk);
    });
    // An argument holds 128 KiB at most, so the certificates go this way too.
    child.stdin.write(anchors);
    child.stdin.end(bytes);
  };
  await guarded(child, bounds, stop, work).catch(refused);
  return Buffer.concat(chunks);
}

const stopping = () => new PictureError('pictures-busy', 'the server is stopping');

function refused(error: unknown): never {
  if (!(error instanceof WorkEnded)) throw error;
  throw {
    slow: () => new PictureError('picture-too-slow'),
    hungry: () => new PictureError('picture-too-hungry'),
    stopped: stopping,
    wrong: () => new PictureError('picture-broken', 'its renditions are too large'),
    broken: () => new PictureError('picture-broken', 'it broke the process that reads pictures'),
  }[error.why]();
}
