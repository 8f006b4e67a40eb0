import { openHead, type SignedHead } from '#bundle';
import { existsSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import { linesIn, linesOf } from '../bundle/files.js';
import { notTrusted, type Trusted } from '../trust.js';

/** The lines of a sink of heads. */
export interface HeadsRead {
  /** Heads by the expected key. */
  readonly heads: readonly SignedHead[];
  /**
   * Lines that are not heads, or are signed by another key. Anyone with access to the sink can add such lines, so they prove
   * nothing.
   */
  readonly strange: readonly string[];
  readonly unchecked: readonly string[];
}

const isUrl = (from: string) => /^https?:\/\//.test(from);
/** Maximum number of bytes in a line; a head has about 500. */
const longestHead = 64 * 1_024;
/** Maximum number of strange lines in a report. All are counted. */
const mostStrangePrinted = 20;
/** How long a URL may send nothing, in milliseconds. */
const longestSilenceMs = 30_000;

/** Reads signed heads from a file or a URL, one a line. Rejects if it does not exist, or if the URL sends nothing for 30 seconds. */
export async function readHeads(from: string, expected: Trusted): Promise<HeadsRead> {
  const bounds = { longest: longestHead };
  if (!isUrl(from) && !existsSync(from)) throw new Error(`${from} does not exist.`);
  const lines = isUrl(from)
    ? linesIn(fetched(from), from, bounds)
    : linesOf(dirname(from), basename(from), { ...bounds, ended: true });
  const heads: SignedHead[] = [];
  const strange: string[] = [];
  let [at, more] = [0, 0];
  const point = (what: string) => (strange.length < mostStrangePrinted ? strange.push(`Line ${at} ${what}`) : more++);
  for await (const line of lines) {
    at++;
    const head = await openHead(line).catch((error: Error) => error);
    if (head instanceof Error) point(`is not a signed head: ${head.message}`);
    else if (expected && !expected.includes(head.fingerprint)) point(`was signed by ${head.fingerprint}.`);
    else heads.push(head);
  }
  if (more > 0) strange.push(`and ${more} more lines.`);
  const none = heads.length === 0 ? [`${from} holds no head signed by the expected key.`] : [];
  return { heads, strange, unchecked: [...none, ...(expected ? [] : [notTrusted])] };
}

async function* fetched(url: string): AsyncGenerator<Uint8Array> {
  const silence = new AbortController();
  const end = () => silence.abort(new Error(`${url} sent nothing for ${longestSilenceMs / 1_000} seconds.`));
  let timer = setTimeout(end, longestSilenceMs);
  try {
    const response = await fetch(url, { signal: silence.signal });
    if (!response.ok) throw new Error(`${url} answered ${response.status}.`);
    for await (const bytes of response.body ?? []) {
      // The time in which their heads are verified is not silence.
      clearTimeout(timer);
      yield bytes;
      timer = setTimeout(end, longestSilenceMs);
    }
  } finally {
    clearTimeout(timer);
  }
}
