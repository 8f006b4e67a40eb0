import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { connectionOf } from './pool.js';

const retryMs = 500;
const aliveEveryMs = 5_000;

/** Where to listen, and what to call. */
export interface ListenOptions {
  /** A notification arrived, with its payload; or, without one, the connection was restored and notifications may have been missed. */
  onNews(payload?: string): void;
  /** Called when the connection is established or lost. */
  onState?(connected: boolean): void;
}

/** Listens on a channel until `signal` is aborted; reconnects whenever the connection is lost. Never rejects. */
export async function listen(
  databaseUrl: string,
  channel: string,
  { onNews, onState }: ListenOptions,
  signal: AbortSignal,
): Promise<void> {
  while (!signal.aborted) {
    const client = new pg.Client(connectionOf(databaseUrl, { application: `listen ${channel}` }));
    const over = new AbortController();
    const end = () => over.abort();
    client.on('error', end);
    client.on('end', end);
    client.on('notification', ({ payload }) => onNews(payload));
    signal.addEventListener('abort', end, { once: true, signal: over.signal });
    try {
      await client.connect();
      await client.query(`listen ${pg.escapeIdentifier(channel)}`);
      onState?.(true);
      onNews();
      await untilSilent(client, over.signal);
    } catch {
      // The next connection reports it.
    }
    end();
    onState?.(false);
    await client.end().catch(() => undefined);
    if (!signal.aborted) await sleep(retryMs, undefined, { signal }).catch(() => undefined);
  }
}

/** A connection can die without an error: an unanswered query reveals it. Rejects when `over` is aborted. */
async function untilSilent(client: pg.Client, over: AbortSignal): Promise<void> {
  for (;;) {
    await sleep(aliveEveryMs, undefined, { signal: over, ref: false });
    const answered = client.query('select 1').then(() => true);
    if (!(await Promise.race([answered, sleep(aliveEveryMs, false, { ref: false })]))) return;
  }
}
