import type { LogAppender } from '#event-log';
import type { Pool } from '#postgres';
import { encodeVisible, markSent, unsent, type Visible } from '#projections';
import { setTimeout as sleep } from 'node:timers/promises';

const retryMs = 1_000;

/**
 * Sends to the topic what the ledger's table has, in order, until it is known to stand there. What a killed process left
 * is sent by the next one; an entry may so come twice, which whoever reads the topic leaves out.
 */
export class Outbox {
  private filled = Promise.withResolvers<void>();

  constructor(
    private readonly pool: Pool,
    private readonly appender: LogAppender,
  ) {}

  /** There may be more to send. */
  fill(): void {
    this.filled.resolve();
  }

  /** Sends until `signal` is aborted. Never rejects. */
  async run(signal: AbortSignal): Promise<void> {
    const over = new Promise(resolve => signal.addEventListener('abort', resolve));
    while (!signal.aborted) {
      this.filled = Promise.withResolvers();
      const sentAll = await this.sendAll(signal).catch(() => false);
      if (sentAll) await Promise.race([this.filled.promise, over]);
      else await sleep(retryMs, undefined, { signal }).catch(() => undefined);
    }
  }

  private async sendAll(signal: AbortSignal): Promise<boolean> {
    for (;;) {
      const entries = await unsent(this.pool);
      if (entries.length === 0) return true;
      for (const entry of entries) {
        if (signal.aborted || !(await this.send(entry))) return false;
        await markSent(this.pool, entry);
      }
    }
  }

  private async send(entry: Visible): Promise<boolean> {
    return (await this.appender.append(encodeVisible(entry))) === 'sent';
  }
}
