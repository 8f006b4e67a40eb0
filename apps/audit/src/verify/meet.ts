import { inTransaction, type Client, type Pool } from '#postgres';
import type { Checkpoint } from '#projections';

/** Records that the live build may be ahead while it is held: its projector waits as long as it takes to fold them. */
const mostBehind = 1_000;
const longestHold = '10s';

export async function liveBuild(client: Client | Pool): Promise<Checkpoint | undefined> {
  const { rows } = await client.query<Checkpoint>('select * from dateline.build where live');
  return rows[0];
}

/**
 * Brings the shadow to where the live build stands and runs `work` in one snapshot of both. The projector is held only
 * until the snapshot is taken. Undefined where the live build is too far ahead: nothing was done then.
 */
export function met<T>(
  pool: Pool,
  { live, next, catchUp }: { live: string; next: () => number; catchUp: (to: number) => Promise<void> },
  work: (client: Client) => Promise<T>,
): Promise<T | undefined> {
  return inTransaction(pool, 'read', async client => {
    const together = await inTransaction(pool, 'write', async holder => {
      // Should this process be stopped now, the projector must not stand still for long.
      await holder.query(`set local idle_in_transaction_session_timeout = '${longestHold}'`);
      const { rows } = await holder.query<{ next_offset: number }>(
        'select next_offset from dateline.build where name = $1 for update',
        [live],
      );
      const to = rows[0]?.next_offset ?? 0;
      if (to - next() > mostBehind) return false;
      await catchUp(to);
      // The first statement takes the snapshot.
      await client.query('select from dateline.build');
      return true;
    });
    return together ? work(client) : undefined;
  });
}
