import { inTransaction } from '#postgres';
import { allTakenDown, dropOutdated, useBuild, type Checkpoint, type Stores } from '#projections';

/** Sees to it that what the build has taken down is nowhere else. */
export class Takedowns {
  /** Whether builds may stand there that were left before the last takedown. */
  private due = true;

  constructor(
    private readonly stores: Stores,
    private readonly log: { warn(message: string): void },
  ) {}

  /** Destroys keys again that came back, as with a backup of the key store. Rejects with a KeyStoreError. */
  async destroyAgain({ name }: Checkpoint): Promise<void> {
    const { pool, keys } = this.stores;
    const gone = await inTransaction(pool, 'read', async client => {
      await useBuild(client, name);
      return allTakenDown(client);
    });
    const back = [...(await keys.keysOf(gone))].flatMap(([id, key]) => ('secret' in key ? [id] : []));
    if (back.length === 0) return;
    await keys.destroy(back);
    this.log.warn(`keys of what was taken down were back, and are destroyed again: ${back.join(', ')}`);
  }

  /** To be told of every step from one checkpoint to another. */
  async after(before: Checkpoint, { shredded }: Checkpoint): Promise<void> {
    if (before.shredded !== shredded) this.due = true;
    if (!this.due) return;
    const { dropped, busy } = await dropOutdated(this.stores.pool);
    if (dropped.length > 0) this.log.warn(`dropped builds that still held what was taken down: ${dropped.join(', ')}`);
    this.due = busy.length > 0;
  }
}
