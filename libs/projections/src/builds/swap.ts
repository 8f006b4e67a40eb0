import { escapeIdentifier, inTransaction, type Client, type Pool } from '#postgres';
import { dropBuild } from './build.js';
import { checkpointOf, keepBuild, type Checkpoint } from './checkpoints.js';
import { enterAllRefolded, enterReadFurther } from './refolded.js';
import { enterVisibility } from '../visibility-log/table.js';

/** Records that a live build may be ahead of one that is to take its place: its projector waits while those are folded. */
export const mostBehind = 1_000;
/** Should the process that holds a projector be stopped now, that must not stand still for long. */
export const longestHold = `set local idle_in_transaction_session_timeout = '10s'`;

/** Whoever folds for one version of the projections leads by this lock. */
export const projectorLock = (made: string) => `dateline projector ${made}`;

/** Makes it the build that readers read. In a transaction; readers see the one or the other, whole. */
export async function promote(client: Client, build: string): Promise<void> {
  const left = await client.query<Checkpoint>(
    'update dateline.build set live = false where live and name <> $1 returning *',
    [build],
  );
  await client.query('update dateline.build set live = true, promoted_at = clock_timestamp() where name = $1', [build]);
  for (const { name } of left.rows) await enterReadFurther(client, name, build);
  await enterVisibility(client, build);
  await client.query(`select pg_notify('dateline', $1)`, [JSON.stringify({ build })]);
}

export interface Swapping {
  /** The live build that it is to replace; whichever it is where not given. */
  readonly replacing?: string;
  /** Brings the build to this offset; the live build stands still meanwhile. */
  readonly catchUp?: (to: number) => Promise<void>;
  /** Rows that readers have passed are others in it. */
  readonly changed?: boolean;
  /** Whether the build that is replaced is to stay until it is dropped by its name. */
  readonly keep?: boolean;
}

/**
 * Gives readers this build in the place of the live one, in one transaction, and nobody goes back in the log by it:
 * `behind` when it has not come as far, or another one is live. This is the only way to another build. Rejects when it is of another log.
 */
export function swap(pool: Pool, build: string, swapping: Swapping = {}): Promise<'swapped' | 'behind'> {
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
    if (changed) await enterAllRefolded(client, build);
    return 'swapped';
  });
}

/** Brings the build to where the live one is held, if that is near enough. */
async function level(client: Client, live: Checkpoint, build: string, { catchUp }: Swapping): Promise<boolean> {
  const lacks = live.next_offset - (await standing(client, build)).next_offset;
  if (lacks > (catchUp ? mostBehind : 0)) return false;
  if (lacks > 0) await catchUp?.(live.next_offset);
  mustBeOfOneLog(live, await standing(client, build));
  return true;
}

async function standing(client: Client, build: string): Promise<Checkpoint> {
  const checkpoint = await checkpointOf(client, build);
  if (!checkpoint) throw new Error(`There is no build ${build} any more.`);
  return checkpoint;
}

function mustBeOfOneLog(live: Checkpoint, build: Checkpoint): void {
  if (live.log === null || live.log === build.log) return;
  throw new Error(
    `${build.name} was made from another log than ${live.name}, which readers read. Name the right log, or drop ${live.name}.`,
  );
}

/**
 * Drops the builds that readers have left, but for the one that they left last and those that are to be kept. Gives their
 * names. A build stays while a projector of its version runs, which would make it anew.
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

async function dropUnlessFolded(client: Client, name: string, made: string): Promise<boolean> {
  const { rows } = await client.query<{ folded: boolean }>(
    `select coalesce((select made from dateline.build where live) <> $1, true)
       and not pg_try_advisory_xact_lock(hashtextextended($2, 0)) as folded`,
    [made, projectorLock(made)],
  );
  if (rows[0]!.folded) return false;
  await dropBuild(client, name);
  return true;
}

/** Takes over from one build the rows of these tables, as the transaction's snapshot has them, into another where they are empty. */
export async function copyRows(client: Client, from: string, to: string, tables: readonly string[]): Promise<void> {
  for (const table of tables.map(escapeIdentifier))
    await client.query(`insert into ${escapeIdentifier(to)}.${table} select * from ${escapeIdentifier(from)}.${table}`);
}
