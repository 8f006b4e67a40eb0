import { inTransaction } from '#postgres';
import { allTakenDown, dropOutdated, useBuild, type Checkpoint, type Stores } from '#projections';

/** Removes taken-down content from the other places: keys that a backup restored, and outdated builds. */
export class Takedowns {
  /** Whether builds may exist that predate the last takedown. */
  private due = true;

  constructor(
    private readonly stores: Stores,
    private readonly log: { warn(message: string): void },
  ) {}

  /** Destroys restored keys again. Rejects with a KeyStoreError. */
  async destroyAgain({ name, shredded }: Checkpoint): Promise<void> {
    const { pool, keys } = this.stores;
    const gone = await inTransaction(pool, 'read', async client => {
      await useBuild(client, name);
      return allTakenDown(client, shredded);
    });
    const back = [...(await keys.keysOf(gone))].flatMap(([id, key]) => ('secret' in key ? [id] : []));
    if (back.length === 0) return;
    await keys.destroy(back);
    this.log.warn(`keys of taken-down developments had come back and were destroyed again: ${back.join(', ')}`);
  }

  /** Must be called after each step from one checkpoint to the next. */
  async after(before: Checkpoint, { shredded, live }: Checkpoint): Promise<void> {
    if (before.shredded !== shredded) this.due = true;
    if (!this.due) return;
    const { dropped, busy } = await dropOutdated(this.stores.pool);
    if (dropped.length > 0)
      this.log.warn(`dropped builds that still held taken-down developments: ${dropped.join(', ')}`);
    // While readers are on another build, what predates this one's takedowns is not outdated yet.
    this.due = busy.length > 0 || !live;
  }
}
