import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { connectionOf } from './pool.js';

const retryMs = 500;
const aliveEveryMs = 5_000;

export interface ListenOptions {
  /** A notification came, with what it says; or, with nothing, the connection stands anew and any number may have been missed. */
  onNews(payload?: string): void;
  /** Whether the connection stands has changed. */
  onState?(stands: boolean): void;
}

/** Listens on a channel until `signal` is aborted, over as many connections as that takes. Never rejects. */
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
      // The next connection tells.
    }
    end();
    onState?.(false);
    await client.end().catch(() => undefined);
    if (!signal.aborted) await sleep(retryMs, undefined, { signal }).catch(() => undefined);
  }
}

/** A connection can be dead without an error: a question that goes unanswered shows it. Rejects when it is `over`. */
async function untilSilent(client: pg.Client, over: AbortSignal): Promise<void> {
  for (;;) {
    await sleep(aliveEveryMs, undefined, { signal: over, ref: false });
    const answered = client.query('select 1').then(() => true);
    if (!(await Promise.race([answered, sleep(aliveEveryMs, false, { ref: false })]))) return;
  }
}
