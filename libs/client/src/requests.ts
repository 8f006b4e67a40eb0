/**
 * Encodes the segments and joins them into a path. Use only this to build paths from ids: an id with a slash, question mark or hash
 * would otherwise lead to another route. Throws a RangeError for `.` and `..`, which browsers and servers remove in any encoding.
 */
export function pathTo(...steps: string[]): string {
  const lost = steps.find(step => /^[.]{0,2}$/.test(step));
  if (lost !== undefined) throw new RangeError(`“${lost}” cannot be a step of a path.`);
  return steps.map(step => `/${encodeURIComponent(step)}`).join('');
}

/** A command to the editor API. */
export interface Command {
  readonly method?: 'POST' | 'PUT';
  readonly body: unknown;
  /** Idempotency-Key: a command that is sent again with the same key takes effect once. */
  readonly key: string;
  /** If-Match: the id of the stream's last commit that the editor saw. */
  readonly head?: string | undefined;
}

/** The command as a request of `fetch`, without the token. */
export const commandRequest = ({ method = 'POST', body, key, head }: Command) => ({
  method,
  headers: {
    'Content-Type': 'application/json',
    'Idempotency-Key': key,
    ...(head && { 'If-Match': `"${head}"` }),
  },
  body: JSON.stringify(body),
});
