import { inTransaction, type Client, type Pool } from '#postgres';
import { holdCheckpoint, liveBuild, longestHold, mostBehind } from '#projections';

interface Meeting {
  /** The live build. */
  readonly live: string;
  /** The offset that the other build has come to. */
  readonly next: () => number;
  readonly catchUp: (to: number) => Promise<void>;
  /** Whether rows are to be written from the snapshot. */
  readonly mode?: 'read' | 'copy';
}

/**
 * Brings a build of one's own to where the live build stands and runs `work` in one snapshot of both. The projector is held only
 * until the snapshot is taken. Undefined where the live build is too far ahead: nothing was done then. So `work` must give something,
 * or it would be done again.
 */
export function inSharedSnapshot<T extends NonNullable<unknown>>(
  pool: Pool,
  { live, next, catchUp, mode = 'read' }: Meeting,
  work: (client: Client) => Promise<T>,
): Promise<T | undefined> {
  return inTransaction(pool, mode, async client => {
    const together = await inTransaction(pool, 'write', async holder => {
      await holder.query(longestHold);
      const to = await holdCheckpoint(holder, live);
      if (to - next() > mostBehind) return false;
      await catchUp(to);
      // The first statement takes the snapshot.
      await liveBuild(client);
      return true;
    });
    return together ? work(client) : undefined;
  });
}
