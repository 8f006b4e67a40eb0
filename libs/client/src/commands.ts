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
