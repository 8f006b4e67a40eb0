import { headLinesAt, longestHead, openHead, type SignedHead } from '#bundle';
import { existsSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import { linesOf } from '../bundle/files.js';
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
/** Maximum number of strange lines in a report. All are counted. */
const mostStrangePrinted = 20;

/**
 * Reads signed heads from a file or a URL, one a line. Rejects if it does not exist, or if the URL sends nothing for 30 seconds, or with the
 * signal's reason.
 */
export async function readHeads(from: string, expected: Trusted, signal: AbortSignal): Promise<HeadsRead> {
  if (!isUrl(from) && !existsSync(from)) throw new Error(`${from} does not exist.`);
  const lines = isUrl(from)
    ? headLinesAt(from, { signal })
    : linesOf(dirname(from), basename(from), { longest: longestHead, ended: true });
  const heads: SignedHead[] = [];
  const strange: string[] = [];
  let [at, more] = [0, 0];
  const point = (what: string) => (strange.length < mostStrangePrinted ? strange.push(`Line ${at} ${what}`) : more++);
  for await (const line of lines) {
    signal.throwIfAborted();
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
