import { readAnswer, type Picture } from './answer.js';
import { PictureError, type PictureType } from './errors.js';
import { Turns, type WorkBounds } from './guard.js';
import { atOnce, largestPicture, longestWorkMs, mostWaiting, workMemory } from './limits.js';
import { workOn } from './worker-process.js';

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
 * Opens a queue of pictures for this process. `anchors` are the certificates, in PEM, of signers of content credentials that the newsroom
 * trusts.
 */
export function openPictures(
  anchors?: string,
  bounds: WorkBounds & { readonly atOnce: number; readonly waiting: number } = usual,
): Pictures {
  const turns = new Turns(bounds);

  async function take(bytes: Uint8Array, named: Named = {}): Promise<Picture> {
    if (bytes.length === 0) throw new PictureError('picture-empty');
    if (bytes.length > largestPicture)
      throw new PictureError('picture-too-large', `this one has ${bytes.length} bytes`);
    const work = (stop: AbortSignal) => workOn(bytes, bounds, stop, anchors);
    const picture = readAnswer(await turns.take(work, () => new PictureError('pictures-busy')));
    checkNamed(picture.type, named);
    return picture;
  }

  return { take, close: () => turns.close() };
}

function checkNamed(found: PictureType, { name, type }: Named): void {
  const said = type?.split(';')[0]!.trim().toLowerCase();
  if (said && said !== unknownType && said !== found && !(said === 'image/jpg' && found === 'image/jpeg'))
    throw new PictureError('picture-misnamed', `it is ${found}, but was sent as ${said.slice(0, 100)}`);
  const extension = /\.([^./\\]+)$/.exec(name ?? '')?.[1]?.toLowerCase();
  if (extension !== undefined && extensions[extension] !== found)
    throw new PictureError('picture-misnamed', `it is ${found}, but its name ends in .${extension.slice(0, 20)}`);
}
