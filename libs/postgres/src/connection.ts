import { setTimeout as sleep } from 'node:timers/promises';
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
