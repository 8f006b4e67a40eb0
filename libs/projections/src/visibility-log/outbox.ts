import type { LogAppender } from '#event-log';
import type { Pool } from '#postgres';
import { setTimeout as sleep } from 'node:timers/promises';
import type { VisibilityEntry } from './entry.js';
import { encodeVisibility } from './record.js';
import { markVisibilitySent, unsentVisibility } from './table.js';

const retryMs = 1_000;

/**
 * Sends the entries of the visibility log's table to its topic, in order, until the topic is known to hold them. After a crash the next
 * process sends the rest, so the topic may hold an entry twice: see `onlyBeyond`.
 */
export class VisibilityOutbox {
  private filled = Promise.withResolvers<void>();

  constructor(
    private readonly pool: Pool,
    private readonly appender: LogAppender,
  ) {}

  /** Call when there may be more to send. */
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
      const entries = await unsentVisibility(this.pool);
      if (entries.length === 0) return true;
      for (const entry of entries) {
        if (signal.aborted || !(await this.send(entry))) return false;
        await markVisibilitySent(this.pool, entry);
      }
    }
  }

  private async send(entry: VisibilityEntry): Promise<boolean> {
    return (await this.appender.append(encodeVisibility(entry))) === 'sent';
  }
}
