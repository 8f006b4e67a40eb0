import { openHead, type SignedHead } from '#bundle';
import { readFile } from 'node:fs/promises';
import { notTrusted, type Trusted } from '../trust.js';

/** What was found where heads are kept. */
export interface HeadsRead {
  /** By the key expected. */
  readonly heads: readonly SignedHead[];
  /** Lines that are no heads, or are by another key: whoever may write there can add such, so they prove nothing. */
  readonly strange: readonly string[];
  readonly unchecked: readonly string[];
}

const isUrl = (from: string) => /^https?:\/\//.test(from);

/** Reads signed heads from a file, or a URL, one a line. Rejects where it is not there. */
export async function readHeads(from: string, expected: Trusted): Promise<HeadsRead> {
  const text = isUrl(from) ? await fetched(from) : await readFile(from, 'utf8');
  // What is behind the last line feed was being written.
  const lines = text.split('\n').slice(0, -1);
  const heads: SignedHead[] = [];
  const strange: string[] = [];
  for (const [at, line] of lines.entries()) {
    const head = await openHead(line).catch((error: Error) => error);
    if (head instanceof Error) strange.push(`Line ${at + 1} is no signed head: ${head.message}`);
    else if (expected && !expected.includes(head.fingerprint))
      strange.push(`Line ${at + 1} was signed by ${head.fingerprint}.`);
    else heads.push(head);
  }
  const none = heads.length === 0 ? [`${from} holds no head by the key expected.`] : [];
  return { heads, strange, unchecked: [...none, ...(expected ? [] : [notTrusted])] };
}

async function fetched(url: string): Promise<string> {
  const response = await fetch(url, { signal: AbortSignal.timeout(30_000) });
  if (!response.ok) throw new Error(`${url} answered ${response.status}.`);
  const text = await response.text();
  return text.endsWith('\n') || text === '' ? text : `${text}\n`;
}
