import { sha256 } from '#domain';
import { pageSafeJson } from '#pages';
import type { Reading } from '#projections';

/** A media type, as the Content-Type header holds it. */
export const json = 'application/json; charset=utf-8';
/** The media type of pages. */
export const html = 'text/html; charset=utf-8';

/** The answer to a read. */
export interface Answer {
  /** Changes whenever the text does. */
  readonly etag: string;
  /** Its media type. */
  readonly type: string;
  readonly text: string;
  /** Further headers, such as Link. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Another story whose header it shows. */
  readonly names?: string;
}

/** Increase it whenever the same rows are rendered as other bytes, so that no client keeps the old ones. */
const presentation = 4;

/**
 * The tag of an answer made from one build's rows. Folds are pure, so the same build of the same log at the same positions
 * gives the same bytes: the tag is strong. It contains each position separately, because a stream that leaves quarantine
 * moves only its own position.
 */
export const etagOf = ({ build, log }: Pick<Reading, 'build' | 'log'>, ...positions: number[]): string =>
  `"${build}.${log?.slice(0, 12) ?? 'none'}.${presentation}-${positions.join('-')}"`;

/** The tag of an answer whose bytes exist already. Another log or other bytes give another tag. */
export const etagOfBytes = (log: Reading['log'], bytes: string): string =>
  `"${log?.slice(0, 12) ?? 'none'}.${sha256(bytes).slice(0, 32)}"`;

/** Whether an If-None-Match header contains the tag. Weak and strong tags compare as equal (RFC 9110, 13.1.2). */
export function holds(ifNoneMatch: string | undefined, etag: string): boolean {
  if (ifNoneMatch === undefined) return false;
  if (ifNoneMatch.trim() === '*') return true;
  const tags: readonly string[] = ifNoneMatch.match(/"[^"]*"/g) ?? [];
  return tags.includes(etag);
}

/** A JSON answer, tagged by every position that it depends on. */
export const byPositions = <Body>(
  reading: Pick<Reading, 'build' | 'log'>,
  positions: readonly number[],
  body: Body,
): Answer => ({ etag: etagOf(reading, ...positions), type: json, text: pageSafeJson(body) });

/** A text answer, tagged by its bytes, so the tag changes whenever the text does. */
export const byBytes = ({ log }: Pick<Reading, 'log'>, type: string, text: string): Answer => ({
  etag: etagOfBytes(log, text),
  type,
  text,
});
