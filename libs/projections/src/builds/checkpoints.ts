import type { Client, Pool } from '#postgres';

/** How far a build has come, and what becomes of it: its row of `dateline.build`. */
export interface Checkpoint {
  readonly name: string;
  /** The log's id; null before the first commit. */
  readonly log: string | null;
  readonly position: number;
  readonly next_offset: number;
  readonly last_record: string | null;
  readonly live: boolean;
  /** What made it, see `buildName`; several builds may share it. */
  readonly made: string;
  /** When it last became live; null if it never did. */
  readonly promoted_at: Date | null;
  readonly kept: boolean;
  /** The projections that it holds so far; null for all. */
  readonly folded: readonly string[] | null;
  /** Position of the last takedown that it has applied; null if there was none so far. */
  readonly shredded: number | null;
}

export async function checkpointOf(client: Client, build: string): Promise<Checkpoint | undefined> {
  const { rows } = await client.query<Checkpoint>('select * from dateline.build where name = $1', [build]);
  return rows[0];
}

/** The build that readers read; undefined before there is one. */
export async function liveBuild(client: Client | Pool): Promise<Checkpoint | undefined> {
  const { rows } = await client.query<Checkpoint>('select * from dateline.build where live');
  return rows[0];
}

/** Builds made beside the live one that no reader has read yet, whether or not a process still works on them. */
export async function buildsMade(client: Client | Pool): Promise<Checkpoint[]> {
  const { rows } = await client.query<Checkpoint>(
    `select * from dateline.build
     where not live and promoted_at is null and (name = made or starts_with(name, made || '_')) order by name`,
  );
  return rows;
}

/** Every build, the live one first, then as readers left them, the latest first. */
export async function allBuilds(client: Client | Pool): Promise<Checkpoint[]> {
  const { rows } = await client.query<Checkpoint>(
    'select * from dateline.build order by live desc, promoted_at desc nulls last, name',
  );
  return rows;
}

/** Builds that a rebuild has begun and no reader has read. */
export async function unfinishedBuilds(client: Client | Pool): Promise<Checkpoint[]> {
  const { rows } = await client.query<Checkpoint>(
    `select * from dateline.build where starts_with(name, made || '_') and promoted_at is null order by name`,
  );
  return rows;
}

/** The names of the builds that begin so. */
export async function buildsNamed(client: Client | Pool, prefix: string): Promise<string[]> {
  const { rows } = await client.query<Pick<Checkpoint, 'name'>>(
    'select name from dateline.build where starts_with(name, $1)',
    [prefix],
  );
  return rows.map(({ name }) => name);
}

/** The offset that a build has come to, which no projector moves until the transaction ends; 0 where there is no such build. */
export async function holdCheckpoint(client: Client, build: string): Promise<number> {
  const { rows } = await client.query<Pick<Checkpoint, 'next_offset'>>(
    'select next_offset from dateline.build where name = $1 for update',
    [build],
  );
  return rows[0]?.next_offset ?? 0;
}

/** It stays, however many builds go live after it. */
export async function keepBuild(client: Client | Pool, build: string): Promise<void> {
  await client.query('update dateline.build set kept = true where name = $1', [build]);
}

/** Notes which projections a build holds so far; null for all. */
export async function noteFolded(client: Client, build: string, folded: readonly string[] | null): Promise<void> {
  await client.query('update dateline.build set folded = $2 where name = $1', [build, folded]);
}
