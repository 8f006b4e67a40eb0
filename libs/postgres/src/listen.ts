import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { connectionOf } from './pool.js';

const retryMs = 500;
const aliveEveryMs = 5_000;

export interface Listening {
  /** A notification came; or the connection stands anew and any number may have been missed. */
  onNews(): void;
  /** Whether the connection stands has changed. */
  onState?(stands: boolean): void;
}

/** Listens on a channel until `signal` is aborted, over as many connections as that takes. Never rejects. */
export async function listen(
  databaseUrl: string,
  channel: string,
  { onNews, onState }: Listening,
  signal: AbortSignal,
): Promise<void> {
  while (!signal.aborted) {
    const client = new pg.Client(connectionOf(databaseUrl, { application: `listen ${channel}` }));
    const lost = Promise.withResolvers<void>();
    client.on('error', () => lost.resolve());
    client.on('end', () => lost.resolve());
    client.on('notification', onNews);
    signal.addEventListener('abort', () => lost.resolve(), { once: true });
    try {
      await client.connect();
      await client.query(`listen ${pg.escapeIdentifier(channel)}`);
      onState?.(true);
      onNews();
      await Promise.race([lost.promise, untilSilent(client, signal)]);
    } catch {
      // The next connection tells.
    }
    onState?.(false);
    await client.end().catch(() => undefined);
    if (!signal.aborted) await sleep(retryMs, undefined, { signal }).catch(() => undefined);
  }
}

/** A connection can be dead without an error: a question that goes unanswered shows it. */
async function untilSilent(client: pg.Client, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    await sleep(aliveEveryMs, undefined, { signal, ref: false });
    const answered = client.query('select 1').then(() => true);
    if (!(await Promise.race([answered, sleep(aliveEveryMs, false, { ref: false })]))) return;
  }
}
