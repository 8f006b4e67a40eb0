import { setImmediate as turn, setTimeout as sleep } from 'node:timers/promises';
import type { Writable } from 'node:stream';
import type pg from 'pg';

/** How long an orderly end of a connection may take, in milliseconds: one that died without an error does not end in order. */
const endMs = 2_000;

/** The socket of a connection. pg has no types for it. */
export const streamOf = (client: pg.ClientBase): Writable =>
  (client as unknown as { readonly connection: { readonly stream: Writable } }).connection.stream;

/** Ends a connection: in order, or after two seconds without an answer by force. Never rejects. */
export async function closeConnection(client: pg.Client): Promise<void> {
  const over = new AbortController();
  const late = sleep(endMs, 'late', { signal: over.signal, ref: false }).catch(() => undefined);
  if ((await Promise.race([client.end().catch(() => undefined), late])) === 'late') streamOf(client).destroy();
  over.abort();
}

/** How often a connection that waits is asked whether it lives, and how long the answer may take, in milliseconds. */
export const aliveEveryMs = 5_000;

/**
 * A connection can die without an error: an unanswered query reveals it. Resolves when an answer takes too long. Rejects when the connection
 * reports an error, or `over` is aborted.
 */
export async function untilSilent(client: pg.Client, over: AbortSignal): Promise<void> {
  const wait = { signal: over, ref: false };
  for (;;) {
    await sleep(aliveEveryMs, undefined, wait);
    const answered = client.query('select 1').then(() => true);
    // Where this process itself was stopped for so long, the answer is there and is read first.
    const late = sleep(aliveEveryMs, false, wait).then(() => turn(false));
    if (!(await Promise.race([answered, late]))) return;
  }
}
