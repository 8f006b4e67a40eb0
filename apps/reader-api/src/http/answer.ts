import { sha256 } from '#domain';
import { pageSafeJson, sendPage } from '#pages';
import type { Reading } from '#projections';
import type { Response } from 'express';

/** A media type, as the Content-Type header names it. */
export const json = 'application/json; charset=utf-8';
export const html = 'text/html; charset=utf-8';

/** What a read gives: the answer's tag and media type, and its text unless the client holds it already. */
export interface Answer {
  readonly etag: string;
  readonly type: string;
  readonly text?: string;
}

/** The If-None-Match header that came with the request. */
export type Held = string | undefined;

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
export function holds(ifNoneMatch: Held, etag: string): boolean {
  if (ifNoneMatch === undefined) return false;
  if (ifNoneMatch.trim() === '*') return true;
  const tags: readonly string[] = ifNoneMatch.match(/"[^"]*"/g) ?? [];
  return tags.includes(etag);
}

/** JSON, tagged by the positions of everything that it rests on: it is made only when the client does not hold it. */
export async function byPositions<Body>(
  reading: Pick<Reading, 'build' | 'log'>,
  held: Held,
  positions: readonly number[],
  make: () => Body | Promise<Body>,
): Promise<Answer> {
  const etag = etagOf(reading, ...positions);
  return holds(held, etag) ? { etag, type: json } : { etag, type: json, text: pageSafeJson(await make()) };
}

/** A text, tagged by its own bytes: whatever it rests on cannot be missed. */
export const byBytes = ({ log }: Pick<Reading, 'log'>, held: Held, type: string, text: string): Answer =>
  unlessHeld({ etag: etagOfBytes(log, text), type, text }, held);

/** The same answer, without its text where the client holds it. */
export const unlessHeld = (answer: Answer, held: Held): Answer =>
  holds(held, answer.etag) ? { etag: answer.etag, type: answer.type } : answer;

/** Sends it, or says that nothing has changed. Caches may keep it for ever, and must ask each time whether it still holds. */
export function send({ etag, type, text }: Answer, response: Response): void {
  response.setHeader('Cache-Control', 'no-cache').setHeader('ETag', type === html ? `W/${etag}` : etag);
  // A page may be sent compressed: its tag is weak. The middleware that compresses says so only of answers that have a body.
  if (type === html) response.vary('Accept-Encoding');
  if (text === undefined) response.status(304).end();
  else if (type === html) sendPage(response, text);
  else response.setHeader('Content-Type', type).send(Buffer.from(text));
}
