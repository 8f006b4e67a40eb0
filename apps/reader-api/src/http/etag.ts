import { sha256 } from '#domain';
import type { Reading } from '#projections';

/** Raise it whenever the same rows are written in other bytes, so that nobody keeps the old ones. */
const presentation = 3;

/**
 * The tag of an answer made from one build's rows. Folds are pure, so the same build of the same log and the same
 * positions of what the answer rests on give the same bytes: the tag is a strong one. Each position stands for itself,
 * as a stream that comes back from quarantine moves only its own.
 */
export const etagOf = ({ build, log }: Pick<Reading, 'build' | 'log'>, ...positions: number[]): string =>
  `"${build}.${log?.slice(0, 12) ?? 'none'}.${presentation}-${positions.join('-')}"`;

/** The tag of an answer whose bytes are made already: another log or other bytes are another tag. */
export const etagOfBytes = (log: Reading['log'], bytes: string): string =>
  `"${log?.slice(0, 12) ?? 'none'}.${sha256(bytes).slice(0, 32)}"`;

/** Whether an If-None-Match header names the tag; weakness does not matter to it (RFC 9110, 13.1.2). */
export function holds(ifNoneMatch: string | undefined, etag: string): boolean {
  if (ifNoneMatch === undefined) return false;
  if (ifNoneMatch.trim() === '*') return true;
  const tags: readonly string[] = ifNoneMatch.match(/"[^"]*"/g) ?? [];
  return tags.includes(etag);
}
