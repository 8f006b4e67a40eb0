import { createReadStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';

const lineFeed = 10;
const missing = (error: unknown) => ['ENOENT', 'ENOTDIR'].includes((error as NodeJS.ErrnoException).code ?? '');

/** The text of a file in a folder; undefined where it is not there. */
export async function textOf(folder: string, name: string): Promise<string | undefined> {
  return readFile(join(folder, name), 'utf8').catch(error => {
    if (missing(error)) return undefined;
    throw error;
  });
}

/** Hex SHA-256 of a file; undefined where it is not there. */
export async function hashOf(folder: string, name: string): Promise<string | undefined> {
  const hash = createHash('sha256');
  try {
    await pipeline(createReadStream(join(folder, name)), hash);
  } catch (error) {
    if (missing(error)) return undefined;
    throw error;
  }
  return hash.digest('hex');
}

/** The lines of a file, without their ends; none where it is not there. Nothing but a line feed ends a line. */
export async function* linesOf(folder: string, name: string): AsyncGenerator<string> {
  let rest = Buffer.alloc(0);
  try {
    for await (const chunk of createReadStream(join(folder, name)) as AsyncIterable<Buffer>) {
      const held = Buffer.concat([rest, chunk]);
      let from = 0;
      for (let to = held.indexOf(lineFeed); to >= 0; [from, to] = [to + 1, held.indexOf(lineFeed, to + 1)])
        yield held.toString('utf8', from, to);
      rest = held.subarray(from);
    }
  } catch (error) {
    if (!missing(error)) throw error;
  }
  if (rest.length > 0) yield rest.toString();
}
