import { inTransaction } from '#postgres';
import { allTakenDown, dropOutdated, takenDownUnfolded, useBuild, type Checkpoint, type Stores } from '#projections';
import { setTimeout as sleep } from 'node:timers/promises';

/** How long after a look that found a build in use the next one comes, in milliseconds, also without a commit. */
const lookAgainMs = 5_000;

/** Removes taken-down content from the other places: keys that a backup restored, and outdated builds. */
export class Takedowns {
  /** Whether builds may exist that predate the last takedown. */
  private due = true;
  /** Whether readers are on this build. */
  private live = false;

  constructor(
    private readonly stores: Stores,
    private readonly log: { warn(message: string): void },
  ) {}

  /** Destroys restored keys again. Rejects with a KeyStoreError. */
  async destroyAgain({ name, shredded }: Checkpoint): Promise<void> {
    const { pool, keys } = this.stores;
    const gone = await inTransaction(pool, 'read', async client => {
      await useBuild(client, name);
      return [...(await allTakenDown(client, shredded)), ...(await takenDownUnfolded(client))];
    });
    const back = [...(await keys.keysOf(gone))].flatMap(([id, key]) => ('secret' in key ? [id] : []));
    if (back.length === 0) return;
    await keys.destroy(back);
    this.log.warn(`keys of taken-down developments had come back and were destroyed again: ${back.join(', ')}`);
  }

  /** Must be called after each step from one checkpoint to the next. */
  async after(before: Checkpoint, { shredded, live }: Checkpoint): Promise<void> {
    this.live = live;
    if (before.shredded !== shredded) this.due = true;
    if (this.due) await this.look();
  }

  /** Looks again for outdated builds that were in use, until `signal` is aborted. A failed look is repeated later. */
  async watch(signal: AbortSignal, everyMs = lookAgainMs): Promise<void> {
    while (!signal.aborted) {
      await sleep(everyMs, undefined, { signal }).catch(() => undefined);
      if (!signal.aborted && this.due) await this.look().catch(() => undefined);
    }
  }

  private async look(): Promise<void> {
    // A takedown during this look makes another one due.
    this.due = false;
    let again = true;
    try {
      const { dropped, busy } = await dropOutdated(this.stores.pool);
      if (dropped.length > 0)
        this.log.warn(`dropped builds that still held taken-down developments: ${dropped.join(', ')}`);
      // While readers are on another build, what predates this one's takedowns is not outdated yet.
      again = busy.length > 0 || !this.live;
    } finally {
      if (again) this.due = true;
    }
  }
}
