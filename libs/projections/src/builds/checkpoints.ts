import type { Client, Pool } from '#postgres';

/** A build's progress and state: its row of `dateline.build`. */
export interface Checkpoint {
  readonly name: string;
  /** The log's id; null before the first commit. */
  readonly log: string | null;
  readonly position: number;
  readonly next_offset: number;
  readonly last_record: string | null;
  readonly live: boolean;
  /** The name of the version that made it, see `buildName`; several builds may share it. */
  readonly made: string;
  /** When it last became live; null if it never did. */
  readonly promoted_at: Date | null;
  readonly kept: boolean;
  /** The projections that it holds so far; null means all. */
  readonly folded: readonly string[] | null;
  /** Position of the last takedown that it has applied; null if there was none. */
  readonly shredded: number | null;
}

// Named, because the plans of prepared statements do not survive a column that a migration adds to `*`.
const columns = 'name, log, position, next_offset, last_record, live, made, promoted_at, kept, folded, shredded';

/** The checkpoint of a build; undefined if it does not exist. */
export async function checkpointOf(client: Client | Pool, build: string): Promise<Checkpoint | undefined> {
  const { rows } = await client.query<Checkpoint>(`select ${columns} from dateline.build where name = $1`, [build]);
  return rows[0];
}

/** The build that readers read; undefined before there is one. */
export async function liveBuild(client: Client | Pool): Promise<Checkpoint | undefined> {
  const text = `select ${columns} from dateline.build where live`;
  const { rows } = await client.query<Checkpoint>({ name: 'live build', text });
  return rows[0];
}

/** Replacement builds that readers have not used yet, whether or not a process still works on them. */
export async function buildsMade(client: Client | Pool): Promise<Checkpoint[]> {
  const { rows } = await client.query<Checkpoint>(
    `select * from dateline.build
     where not live and promoted_at is null and (name = made or starts_with(name, made || '_')) order by name`,
  );
  return rows;
}

/** Every build: the live one first, then by when readers left them, latest first. */
export async function allBuilds(client: Client | Pool): Promise<Checkpoint[]> {
  const { rows } = await client.query<Checkpoint>(
    'select * from dateline.build order by live desc, promoted_at desc nulls last, name',
  );
  return rows;
}

/** Rebuilds that were begun and that readers have not used. */
export async function unfinishedBuilds(client: Client | Pool): Promise<Checkpoint[]> {
  const { rows } = await client.query<Checkpoint>(
    `select * from dateline.build where starts_with(name, made || '_') and promoted_at is null order by name`,
  );
  return rows;
}

/** The names of the builds that start with the prefix. */
export async function buildsNamed(client: Client | Pool, prefix: string): Promise<string[]> {
  const { rows } = await client.query<Pick<Checkpoint, 'name'>>(
    'select name from dateline.build where starts_with(name, $1)',
    [prefix],
  );
  return rows.map(({ name }) => name);
}

/** Locks the build's checkpoint until the transaction ends, and returns its offset. Returns 0 if no such build exists, or if the role may not lock it. */
export async function holdCheckpoint(client: Client, build: string): Promise<number> {
  const { rows } = await client.query<Pick<Checkpoint, 'next_offset'>>(
    'select next_offset from dateline.build where name = $1 for update',
    [build],
  );
  return rows[0]?.next_offset ?? 0;
}

/** Marks the build as kept, however many builds go live after it. */
export async function keepBuild(client: Client | Pool, build: string): Promise<void> {
  await client.query('update dateline.build set kept = true where name = $1', [build]);
}

/** Marks a new build as one that readers left, if they read another version's: it replaces that one which they left, and which was dropped. */
export async function markLeft(client: Client | Pool, build: string): Promise<void> {
  await client.query(
    `update dateline.build set promoted_at = clock_timestamp()
     where name = $1 and promoted_at is null and exists (select from dateline.build other where other.live and other.made <> build.made)`,
    [build],
  );
}

/** Records which projections a build holds so far; null means all. */
export async function noteFolded(client: Client, build: string, folded: readonly string[] | null): Promise<void> {
  await client.query('update dateline.build set folded = $2 where name = $1', [build, folded]);
}
