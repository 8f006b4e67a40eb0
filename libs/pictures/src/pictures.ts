import { readAnswer, type Picture } from './answer.js';
import { PictureError, type PictureType } from './errors.js';
import { atOnce, largestPicture, longestWorkMs, mostWaiting, workMemory } from './limits.js';
import { workOn, type WorkBounds } from './worker-process.js';

/** What the sender says of a file. Neither is needed, and neither is believed: a contradiction refuses it. */
export interface Named {
  readonly name?: string | undefined;
  readonly type?: string | undefined;
}

/** Judges pictures, each in a process that is killed when it takes too much. */
export interface Pictures {
  /**
   * Decodes a picture and makes its renditions. Rejects with a PictureError; nothing was then written anywhere.
   */
  take(bytes: Uint8Array, named?: Named): Promise<Picture>;
  /** Kills what is running; those pictures are refused with `pictures-busy`. */
  close(): Promise<void>;
}

const extensions: Readonly<Record<string, PictureType>> = {
  jpg: 'image/jpeg',
  jpeg: 'image/jpeg',
  jpe: 'image/jpeg',
  jfif: 'image/jpeg',
  png: 'image/png',
  webp: 'image/webp',
  avif: 'image/avif',
  gif: 'image/gif',
};
/** What a browser sends when it does not know. */
const unknownType = 'application/octet-stream';

const usual = { ms: longestWorkMs, memory: workMemory, atOnce, waiting: mostWaiting };

/**
 * Opens a queue of pictures for this process. `anchors` is the path of a file with the certificates, in PEM, of signers of content
 * credentials that the newsroom trusts.
 */
export function openPictures(
  anchors?: string,
  bounds: WorkBounds & { readonly atOnce: number; readonly waiting: number } = usual,
): Pictures {
  const stop = new AbortController();
  const waiting: (() => void)[] = [];
  const running = new Set<Promise<unknown>>();
  let busy = 0;

  async function turn(): Promise<void> {
    if (busy < bounds.atOnce) {
      busy += 1;
      return;
    }
    if (waiting.length >= bounds.waiting) throw new PictureError('pictures-busy');
    await new Promise<void>(resolve => waiting.push(resolve));
  }

  /** Hands the turn to the next one that waits, so that nobody who comes now can take it. */
  function leave(): void {
    const next = waiting.shift();
    if (next) next();
    else busy -= 1;
  }

  async function take(bytes: Uint8Array, named: Named = {}): Promise<Picture> {
    if (bytes.length === 0) throw new PictureError('picture-empty');
    if (bytes.length > largestPicture)
      throw new PictureError('picture-too-large', `this one has ${bytes.length} bytes`);
    await turn();
    const work = workOn(bytes, bounds, stop.signal, anchors);
    running.add(work);
    try {
      const picture = readAnswer(await work);
      checkNamed(picture.type, named);
      return picture;
    } finally {
      running.delete(work);
      leave();
    }
  }

  return {
    take,
    close: async () => {
      stop.abort();
      // Those that wait get their turn one after the other, and are refused in it.
      while (running.size > 0) await Promise.allSettled(running);
    },
  };
}

function checkNamed(found: PictureType, { name, type }: Named): void {
  const said = type?.split(';')[0]!.trim().toLowerCase();
  if (said && said !== unknownType && said !== found && !(said === 'image/jpg' && found === 'image/jpeg'))
    throw new PictureError('picture-misnamed', `it is ${found}, but was sent as ${said.slice(0, 100)}`);
  const extension = /\.([^./\\]+)$/.exec(name ?? '')?.[1]?.toLowerCase();
  if (extension !== undefined && extensions[extension] !== found)
    throw new PictureError('picture-misnamed', `it is ${found}, but its name ends in .${extension.slice(0, 20)}`);
}
