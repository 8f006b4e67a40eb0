import { storyStream } from '#domain';
import { escapeIdentifier, type Client, type Pool } from '#postgres';
import type { Row } from '../folds/fold.js';
import { checkpointOf } from './checkpoints.js';
import { endless } from './past.js';

/** Two builds in one database: the shadow follows from the log, the live one serves readers. */
export interface Builds {
  readonly shadow: string;
  readonly live: string;
}

/** The place of a commit in the log. */
export interface CommitPlace {
  readonly stream: string;
  readonly seq: number;
  readonly position: number;
}

const commits = (build: string) => `${escapeIdentifier(build)}.commit`;

/** SQL: the position in a row (as JSON), of the last commit that wrote it. */
const positionIn = (row: string) =>
  `coalesce(nullif((${row} -> 'valid_to')::integer, ${endless}), (${row} -> 'valid_from')::integer, (${row} -> 'position')::integer)`;

/** The place of the commit that a build has at a position; undefined if it has none. */
export async function placeAt(
  client: Client,
  build: string,
  position: number | null,
): Promise<CommitPlace | undefined> {
  const { rows } = await client.query<CommitPlace>(
    `select stream, seq, position from ${commits(build)} where position = $1`,
    [position],
  );
  return rows[0];
}

/** The position of a build's last commit about the row's development or, for a row of a stream, of its head; null if there is none. */
export async function lastCommitAbout(client: Client, build: string, row: Row): Promise<number | null> {
  const about = JSON.stringify([{ data: { development: row.development } }]);
  const { rows } = await client.query<{ position: number | null }>(
    typeof row.development === 'string'
      ? `select max(position) as position from ${commits(build)} where stream = $1 and events @> $2`
      : `select max(position) as position from ${commits(build)} where id = $1`,
    typeof row.development === 'string' ? [storyStream(String(row.story)), about] : [row.head],
  );
  return rows[0]?.position ?? null;
}

/** The commit at a position that the live build has and the shadow has not; undefined if there is none. */
export async function liveCommitAt(
  client: Client,
  { shadow, live }: Builds,
  position: number,
): Promise<Row | undefined> {
  const { rows } = await client.query<Row>(
    `select * from ${commits(live)} where position = $1 and not exists (select from ${commits(shadow)} where position = $1)`,
    [position],
  );
  return rows[0];
}

/** A build's first commit after a position; undefined if there is none. */
export async function firstCommitAfter(
  client: Client | Pool,
  build: string,
  position: number,
): Promise<Row | undefined> {
  const { rows } = await client.query<Row>(
    `select * from ${commits(build)} where position > $1 order by position limit 1`,
    [position],
  );
  return rows[0];
}

/** A row that differs between the builds, and the position of the last commit that wrote it, if known. */
export interface DifferingRow {
  readonly log: Row | null;
  readonly live: Row | null;
  readonly position: number | null;
}

/** Compares a table's rows byte for byte: the number of different rows, and the first by position. */
export async function differingRows(
  client: Client,
  { shadow, live }: Builds,
  table: string,
  key: readonly string[],
): Promise<{ readonly count: number; readonly first: DifferingRow | undefined }> {
  const [says, has] = [shadow, live].map(build => `${escapeIdentifier(build)}.${escapeIdentifier(table)}`);
  const columns = key.map(escapeIdentifier).join(', ');
  // A row may hold any number as its position. No commit beyond the end of both builds wrote it, so positions are limited to that end.
  const ends = [await checkpointOf(client, shadow), await checkpointOf(client, live)];
  const last = Math.max(...ends.map(end => end?.position ?? 0));
  const { rows } = await client.query<DifferingRow & { count: number }>(
    `select log, live, case when wrote is not null then least(wrote, $1::integer) end as position,
       (count(*) over ())::integer as count
     from (
       select *, greatest(${positionIn('log')}, ${positionIn('live')}) as wrote
       from (select ${columns}, to_jsonb(says) as log from ${says} says) of_log
       full join (select ${columns}, to_jsonb(has) as live from ${has} has) of_live using (${columns})
     ) both_rows
     where log::text is distinct from live::text
     order by position nulls last, ${columns} limit 1`,
    [last],
  );
  return { count: rows[0]?.count ?? 0, first: rows[0] };
}
