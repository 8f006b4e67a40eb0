import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { aliveEveryMs, closeConnection, untilSilent } from './connection.js';
import { connectionOf } from './pool.js';

const retryMs = 500;

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
    const application = `listen ${channel}`;
    const client = new pg.Client(connectionOf(databaseUrl, { application, statementTimeout: aliveEveryMs }));
    const over = new AbortController();
    const lost = new Promise(resolve => over.signal.addEventListener('abort', resolve));
    const end = () => over.abort();
    client.on('error', end);
    client.on('end', end);
    client.on('notification', ({ payload }) => onNews(payload));
    signal.addEventListener('abort', end, { once: true, signal: over.signal });
    try {
      const begun = client.connect().then(() => client.query(`listen ${pg.escapeIdentifier(channel)}`));
      await Promise.race([begun, lost]);
      over.signal.throwIfAborted();
      onState?.(true);
      onNews();
      await untilSilent(client, over.signal);
    } catch {
      // The next connection reports it.
    }
    end();
    onState?.(false);
    await closeConnection(client);
    if (!signal.aborted) await sleep(retryMs, undefined, { signal }).catch(() => undefined);
  }
}
