import { inTransaction, type Client, type Pool } from '#postgres';
import { holdCheckpoint, liveBuild, longestHold, mostBehind } from '#projections';

interface Meeting {
  /** The name of the build that was live just now. */
  readonly live: string;
  /** The next offset of the other build. */
  readonly next: () => number;
  readonly catchUp: (to: number) => Promise<void>;
  /** `copy` if `work` writes rows from the snapshot. */
  readonly mode?: 'read' | 'copy';
}

/**
 * Brings the other build to the live build's position and runs `work` in one snapshot of both. Until the snapshot exists the
 * projector waits, unless row security keeps the role from locking the live build, as it does an auditor. Resolves to undefined,
 * without running `work`, if the live build is too far ahead, is another one by now, or has moved on: look which one is live,
 * and try again. So `work` must return a value, or it would run again.
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
      const now = await liveBuild(client);
      return now?.name === live && now.next_offset === next();
    });
    return together ? work(client) : undefined;
  });
}
