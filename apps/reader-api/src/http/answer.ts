import { sha256 } from '#domain';
import { pageSafeJson, sendPage } from '#pages';
import type { Reading } from '#projections';
import type { Response } from 'express';

/** A media type, as the Content-Type header holds it. */
export const json = 'application/json; charset=utf-8';
/** The media type of pages. */
export const html = 'text/html; charset=utf-8';

/** The answer to a read: its tag, its media type, and its text unless the client already holds it. */
export interface Answer {
  readonly etag: string;
  readonly type: string;
  readonly text?: string;
}

/** The request's If-None-Match header. */
export type Held = string | undefined;

/** Increase it whenever the same rows are rendered as other bytes, so that no client keeps the old ones. */
const presentation = 3;

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
export function holds(ifNoneMatch: Held, etag: string): boolean {
  if (ifNoneMatch === undefined) return false;
  if (ifNoneMatch.trim() === '*') return true;
  const tags: readonly string[] = ifNoneMatch.match(/"[^"]*"/g) ?? [];
  return tags.includes(etag);
}

/** A JSON answer, tagged by every position that it depends on. It is built only if the client does not hold it. */
export async function byPositions<Body>(
  reading: Pick<Reading, 'build' | 'log'>,
  held: Held,
  positions: readonly number[],
  make: () => Body | Promise<Body>,
): Promise<Answer> {
  const etag = etagOf(reading, ...positions);
  return holds(held, etag) ? { etag, type: json } : { etag, type: json, text: pageSafeJson(await make()) };
}

/** A text answer, tagged by its bytes, so the tag changes whenever the text does. */
export const byBytes = ({ log }: Pick<Reading, 'log'>, held: Held, type: string, text: string): Answer =>
  unlessHeld({ etag: etagOfBytes(log, text), type, text }, held);

/** The answer without its text if the client holds it. */
export const unlessHeld = (answer: Answer, held: Held): Answer =>
  holds(held, answer.etag) ? { etag: answer.etag, type: answer.type } : answer;

/** Sends an answer, or 304. Caches may keep it permanently and must revalidate it for each request. */
export function send({ etag, type, text }: Answer, response: Response): void {
  response.setHeader('Cache-Control', 'no-cache').setHeader('ETag', type === html ? `W/${etag}` : etag);
  // A page may be sent compressed: its tag is weak. The compression middleware adds this header only to answers with a body.
  if (type === html) response.vary('Accept-Encoding');
  if (text === undefined) response.status(304).end();
  else if (type === html) sendPage(response, text);
  else response.setHeader('Content-Type', type).send(Buffer.from(text));
}
