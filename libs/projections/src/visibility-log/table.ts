import { preparing, sizeClass, type Client, type Pool } from '#postgres';
import { onlyBeyond, type VisibilityEntry } from './entry.js';

/**
 * Adds an entry for the positions that no earlier one covers, if the build is live. Call it in the transaction that makes them visible,
 * so that neither exists without the other. The time is the database's, so that all projectors use one clock.
 */
export async function enterVisibility(client: Client, build: string): Promise<void> {
  await client.query(
    `insert into dateline.visibility (first, last, at, sent)
     select coalesce(held.last, 0) + 1, build.position,
       greatest(held.at, to_char(clock_timestamp() at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') collate "C"), false
     from dateline.build left join (select last, at from dateline.visibility order by last desc limit 1) held on true
     where build.name = $1 and build.live and build.position > coalesce(held.last, 0)`,
    [build],
  );
}

/** The database's time, which dates the entries. */
export async function databaseTime(pool: Pool): Promise<Date> {
  const { rows } = await pool.query<{ now: Date }>('select clock_timestamp() as now');
  return rows[0]!.now;
}

/** Copies those entries of the topic into the table that go beyond the entries in it. */
export async function takeOverVisibility(pool: Pool, entries: readonly VisibilityEntry[]): Promise<void> {
  const fresh = onlyBeyond(entries, await lastVisibility(pool));
  await pool.query(
    `insert into dateline.visibility (first, last, at, sent)
     select first, last, at, true from jsonb_to_recordset($1) as entry (first integer, last integer, at text)`,
    [JSON.stringify(fresh)],
  );
}

/** The first entry that the topic may lack; undefined if it has them all. */
export async function unsentVisibility(pool: Pool): Promise<VisibilityEntry | undefined> {
  const { rows } = await pool.query<VisibilityEntry>(
    'select first, last, at from dateline.visibility where not sent order by last limit 1',
  );
  return rows[0];
}

/**
 * Marks the entry as held by the topic. Returns the next one that it may lack. This commit does not wait for the disk, where a post’s key
 * would wait behind it: if a crash of the server undoes the mark, the entry is sent again.
 */
export async function markVisibilitySent(pool: Pool, { last }: VisibilityEntry): Promise<VisibilityEntry | undefined> {
  const { rows } = await preparing(pool, `visibility ${sizeClass(last)}`).query<VisibilityEntry>(
    `with marked as (
       update dateline.visibility set sent = true
       from (select set_config('synchronous_commit', 'off', true)) as in_memory where last = $1
     )
     select first, last, at from dateline.visibility where not sent and last <> $1 order by last limit 1`,
    [last],
  );
  return rows[0];
}

/** The last position that readers could see at an instant (ISO 8601, UTC, milliseconds); 0 if there was none. */
export async function visibleAt(client: Client, at: string): Promise<number> {
  const { rows } = await client.query<{ last: number }>(
    'select last from dateline.visibility where at <= $1 order by at desc, last desc limit 1',
    [at],
  );
  return rows[0]?.last ?? 0;
}

/** The latest entry. */
export async function lastVisibility(client: Client | Pool): Promise<VisibilityEntry | undefined> {
  const { rows } = await client.query<VisibilityEntry>(
    'select first, last, at from dateline.visibility order by last desc limit 1',
  );
  return rows[0];
}

/** When readers could first see these positions; each instant once, in no particular order, in one row of JSON. */
export async function momentsSeen(client: Client, positions: readonly number[]): Promise<string[]> {
  const { rows } = await client.query<{ instants: string[] }>(
    `select coalesce(json_agg(distinct at), '[]') as instants from unnest($1::integer[]) asked cross join lateral (
       select first, at from dateline.visibility where last >= asked order by last limit 1
     ) shown where first <= asked`,
    [positions],
  );
  return rows[0]!.instants;
}

/** The entries that cover positions from `first` to `last`, in order. */
export async function visibilityOf(client: Client, first: number, last: number): Promise<VisibilityEntry[]> {
  const { rows } = await client.query<VisibilityEntry>(
    'select first, last, at from dateline.visibility where last >= $1 and first <= $2 order by last',
    [first, last],
  );
  return rows;
}
