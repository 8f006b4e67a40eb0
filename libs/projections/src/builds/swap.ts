import { escapeIdentifier, inTransaction, type Client, type Pool } from '#postgres';
import { dropUnlessLive } from './build.js';
import { checkpointOf, holdCheckpoint, keepBuild, type Checkpoint } from './checkpoints.js';
import { hasUnreadTakedown } from './kept.js';
import { storedColumns, storedIn } from './past.js';
import { enterAllRewritten, enterReadFurther } from './rewritten.js';
import type { Projection } from '../folds/fold.js';
import { enterVisibility } from '../visibility-log/table.js';

/** How many records the live build may be ahead of its replacement at a swap: its projector waits while they are folded. */
export const mostBehind = 1_000;
/** If the process that holds a projector is stopped meanwhile, the projector must not wait long. */
export const longestHold = `set local idle_in_transaction_session_timeout = '10s'`;

/** The projector that leads for one version of the projections holds this lock. */
export const projectorLock = (made: string) => `dateline projector ${made}`;

/** Makes it the build that readers read. Call it in a transaction: readers see one build or the other, never a mixture. */
export async function promote(client: Client, build: string): Promise<void> {
  const left = await client.query<Checkpoint>(
    'update dateline.build set live = false where live and name <> $1 returning *',
    [build],
  );
  const entered = await client.query<Checkpoint>(
    'update dateline.build set live = true, promoted_at = clock_timestamp() where name = $1 returning *',
    [build],
  );
  for (const { name, shredded: last } of left.rows) {
    await enterReadFurther(client, name, build);
    // Open pages may show words that only the new build took down.
    if (entered.rows.some(({ shredded }) => (shredded ?? 0) > (last ?? 0))) await enterAllRewritten(client, build);
  }
  await enterVisibility(client, build);
  await client.query(`select pg_notify('dateline', $1)`, [JSON.stringify({ build })]);
}

/** This version's build may never replace the live one: words that were taken down could be back. */
export class SwapRefused extends Error {
  constructor(
    readonly live: string,
    build: string,
  ) {
    super(
      `Readers stay on ${live}: ${build} may still have words that were taken down, because its version cannot read every takedown. ` +
        `Start the projector of the version that made ${live}, or of a newer one.`,
    );
  }
}

/** How to replace the live build. */
export interface SwapOptions {
  /** The live build to replace. Default: any. */
  readonly replacing?: string;
  /** Brings the build to this offset; the live build waits meanwhile. */
  readonly catchUp?: (to: number) => Promise<void>;
  /** Whether rows differ in it at positions that readers have already read. */
  readonly changed?: boolean;
  /** Whether the replaced build is kept until an operator drops it by name. */
  readonly keep?: boolean;
}

/**
 * Replaces the live build by this one, in one transaction. Readers never go back in the log: resolves with `behind` if this build has
 * not caught up, or if the live build is not `replacing`. This is the only way to change the live build. Rejects if the two come from
 * different logs, and with SwapRefused if this version cannot read a takedown that the live build has applied.
 */
export function swap(pool: Pool, build: string, swapping: SwapOptions = {}): Promise<'swapped' | 'behind'> {
  const { replacing, changed = false, keep = false } = swapping;
  return inTransaction(pool, 'write', async client => {
    await client.query(longestHold);
    await client.query(`select pg_advisory_xact_lock(hashtextextended('dateline swap', 0))`);
    const { rows } = await client.query<Checkpoint>('select * from dateline.build where live for update');
    const [live] = rows;
    if (live?.name === build) return 'swapped';
    if (replacing !== undefined && live?.name !== replacing) return 'behind';
    if (live && !(await level(client, live, build, swapping))) return 'behind';
    if (live && keep) await keepBuild(client, live.name);
    await promote(client, build);
    if (changed) await enterAllRewritten(client, build);
    return 'swapped';
  });
}

/** Catches up with the held live build, if the gap is small enough. */
async function level(client: Client, live: Checkpoint, build: string, { catchUp }: SwapOptions): Promise<boolean> {
  const lacks = live.next_offset - (await standing(client, build)).next_offset;
  if (lacks > (catchUp ? mostBehind : 0)) return false;
  if (lacks > 0) await catchUp?.(live.next_offset);
  // Before its tables are read, as `dropBuild` does, or the two would deadlock.
  await holdCheckpoint(client, build);
  const caughtUp = await standing(client, build);
  mustBeOfOneLog(live, caughtUp);
  if ((caughtUp.shredded ?? 0) < (live.shredded ?? 0) || (await hasUnreadTakedown(client, live.name, build)))
    throw new SwapRefused(live.name, build);
  return true;
}

async function standing(client: Client, build: string): Promise<Checkpoint> {
  const checkpoint = await checkpointOf(client, build);
  if (!checkpoint) throw new Error(`Build ${build} no longer exists.`);
  return checkpoint;
}

function mustBeOfOneLog(live: Checkpoint, build: Checkpoint): void {
  if (live.log === null || live.log === build.log) return;
  throw new Error(
    `${build.name} was made from another log than ${live.name}, which readers read. Name the right log, or drop ${live.name}.`,
  );
}

/**
 * Drops the builds that readers no longer use, except the latest of them and those marked `kept`. Returns their names. A build is also
 * kept while a projector of its version runs, which would only create it again.
 */
export async function dropLeft(pool: Pool): Promise<string[]> {
  const { rows } = await pool.query<Pick<Checkpoint, 'name' | 'made' | 'kept'>>(
    'select name, made, kept from dateline.build where not live and promoted_at is not null order by promoted_at desc offset 1',
  );
  const dropped: string[] = [];
  for (const { name, made, kept } of rows)
    if (!kept && (await inTransaction(pool, 'write', client => dropUnlessFolded(client, name, made))))
      dropped.push(name);
  return dropped;
}

/** Whether a projector of the version `made` runs and leads. */
export async function isFolded(pool: Pool, made: string): Promise<boolean> {
  // The lock is free again as soon as the statement is over.
  const { rows } = await pool.query<{ folded: boolean }>(
    'select not pg_try_advisory_xact_lock(hashtextextended($1, 0)) as folded',
    [projectorLock(made)],
  );
  return rows[0]!.folded;
}

async function dropUnlessFolded(client: Client, name: string, made: string): Promise<boolean> {
  const { rows } = await client.query<{ folded: boolean }>(
    `select coalesce((select made from dateline.build where live) <> $1, true)
       and not pg_try_advisory_xact_lock(hashtextextended($2, 0)) as folded`,
    [made, projectorLock(made)],
  );
  if (rows[0]!.folded) return false;
  return dropUnlessLive(client, name);
}

/** Copies the rows of these tables, as the transaction's snapshot shows them, into another build whose tables are empty. */
export async function copyRows(client: Client, from: string, to: string, tables: Projection['tables']): Promise<void> {
  for (const { relation } of Object.values(storedIn(tables))) {
    const columns = (await storedColumns(client, from, relation)).map(escapeIdentifier).join(', ');
    const [source, target] = [from, to].map(build => `${escapeIdentifier(build)}.${escapeIdentifier(relation)}`);
    await client.query(`insert into ${target} (${columns}) select ${columns} from ${source}`);
  }
}
