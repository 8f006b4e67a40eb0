import type { LogRecord } from '#event-log';
import { inTransaction, tryLock, type Pool } from '#postgres';
import { applyBatch, dropBuild, loadProgress, type Progress, type Projection, type Stores } from '#projections';
import { randomUUID } from 'node:crypto';

const prefix = 'verify_';
const batchSize = 500;
const lockOf = (name: string) => `dateline ${name}`;

/** A build of one's own beside the live one, folded by the same folds; no reader ever sees it. */
export class Shadow {
  private constructor(
    private readonly stores: Stores,
    private readonly projections: readonly Projection[],
    private progress: Progress,
    private readonly release: () => Promise<void>,
  ) {}

  /** An empty one. What others left behind that were killed goes first. */
  static async open(stores: Stores, databaseUrl: string, projections: readonly Projection[]): Promise<Shadow> {
    const { pool } = stores;
    await sweep(pool, databaseUrl);
    const name = `${prefix}${randomUUID().replaceAll('-', '').slice(0, 12)}`;
    const lock = await tryLock(databaseUrl, lockOf(name));
    if (!lock) throw new Error(`Another process holds the lock of ${name}. Run it again.`);
    const progress = await loadProgress(pool, projections, name);
    return new Shadow(stores, projections, progress, () => lock.release());
  }

  get name(): string {
    return this.progress.checkpoint.name;
  }

  /** The offset of the next record that it has not folded. */
  get next(): number {
    return this.progress.checkpoint.next_offset;
  }

  get position(): number {
    return this.progress.checkpoint.position;
  }

  async fold(records: readonly LogRecord[]): Promise<void> {
    for (let at = 0; at < records.length; at += batchSize)
      this.progress = await applyBatch(this.stores, this.projections, this.progress, records.slice(at, at + batchSize));
  }

  async drop(): Promise<void> {
    await inTransaction(this.stores.pool, 'write', client => dropBuild(client, this.name));
    await this.release();
  }
}

async function sweep(pool: Pool, databaseUrl: string): Promise<void> {
  const { rows } = await pool.query<{ name: string }>('select name from dateline.build where starts_with(name, $1)', [
    prefix,
  ]);
  for (const { name } of rows) {
    const lock = await tryLock(databaseUrl, lockOf(name));
    if (!lock) continue;
    await inTransaction(pool, 'write', client => dropBuild(client, name)).finally(() => lock.release());
  }
}
