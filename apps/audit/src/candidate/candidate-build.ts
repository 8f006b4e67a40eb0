import { handedOverAtOnce, type LogRecord } from '#event-log';
import { inTransaction } from '#postgres';
import { applyBatch, dropBuild, loadProgress, type Progress, type Projection, type Stores } from '#projections';

/** A build beside the live one, made by the same folds. No reader sees it before a swap, and it sends no notifications. */
export class CandidateBuild {
  protected constructor(
    protected readonly stores: Stores,
    private folds: readonly Projection[],
    private progress: Progress,
  ) {}

  /** Opens the build of that name, or creates it. */
  static async of(stores: Stores, projections: readonly Projection[], name: string): Promise<CandidateBuild> {
    return new CandidateBuild(stores, projections, await loadProgress(stores.pool, projections, name));
  }

  get name(): string {
    return this.progress.checkpoint.name;
  }

  /** The offset of the next record to fold. */
  get next(): number {
    return this.progress.checkpoint.next_offset;
  }

  get position(): number {
    return this.progress.checkpoint.position;
  }

  get checkpoint(): Progress['checkpoint'] {
    return this.progress.checkpoint;
  }

  /** From now on folds only these projections. */
  foldOnly(projections: readonly Projection[]): void {
    this.folds = projections;
  }

  async fold(records: readonly LogRecord[]): Promise<void> {
    for (let at = 0; at < records.length; at += handedOverAtOnce) {
      const batch = records.slice(at, at + handedOverAtOnce);
      this.progress = await applyBatch(this.stores, this.folds, this.progress, batch);
    }
  }

  drop(): Promise<void> {
    return inTransaction(this.stores.pool, 'write', client => dropBuild(client, this.name));
  }
}
