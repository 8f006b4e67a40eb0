/** Maximum number of bytes in a line of a bundle: a record of 20 MiB in its longest encoding. */
export const longestLine = 128 * 1_024 * 1_024;
/** Maximum number of lines in a file, which is the maximum size of a Map. */
export const mostLines = 16_000_000;

const lineFeed = 10;

/** A line is longer than `longestLine`. The rest of its file was not read. */
export class LineTooLong extends Error {}

/** Bounds for reading lines. */
export interface LineBounds {
  /** Maximum number of bytes in a line, without its end. */
  readonly longest: number;
  readonly most: number;
  /** Omit a last line without a line feed: another process is still writing it. */
  readonly ended: boolean;
}

/** The lines of any stream of bytes; `name` is its name in errors. */
export async function* linesIn(
  chunks: AsyncIterable<Uint8Array>,
  name: string,
  { longest = longestLine, most = mostLines, ended = false }: Partial<LineBounds> = {},
): AsyncGenerator<string> {
  // A line of many chunks is joined only once, at its end.
  let begun: Buffer[] = [];
  let bytes = 0;
  let lines = 0;
  const line = (end: Buffer) => {
    if (++lines > most) throw new Error(`${name} has more than ${most} lines.`);
    const whole = begun.length === 0 ? end : Buffer.concat([...begun, end]);
    [begun, bytes] = [[], 0];
    return whole.toString();
  };
  const check = (more: number) => {
    if (bytes + more > longest) throw new LineTooLong(`${name} has a line of more than ${longest} bytes.`);
  };
  for await (const part of chunks) {
    const chunk = Buffer.from(part.buffer, part.byteOffset, part.byteLength);
    let from = 0;
    for (let to = chunk.indexOf(lineFeed); to >= 0; [from, to] = [to + 1, chunk.indexOf(lineFeed, to + 1)]) {
      check(to - from);
      yield line(chunk.subarray(from, to));
    }
    check(chunk.length - from);
    if (from === chunk.length) continue;
    begun.push(chunk.subarray(from));
    bytes += chunk.length - from;
  }
  if (bytes > 0 && !ended) yield line(Buffer.alloc(0));
}
