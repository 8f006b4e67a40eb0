import { storyStream } from '#domain';
import { escapeIdentifier, type Client, type Pool } from '#postgres';
import { endless, type Row } from '#projections';
import type { Fault, RowAt } from './faults.js';

/** Two builds in one database: the shadow follows from the log, the live one serves readers. */
export interface Builds {
  readonly shadow: string;
  readonly live: string;
}

/** SQL: the position in a row (as JSON), of the last commit that wrote it. */
export const positionIn = (row: string) =>
  `coalesce(nullif((${row} -> 'valid_to')::integer, ${endless}), (${row} -> 'valid_from')::integer, (${row} -> 'position')::integer)`;

type Place = Pick<Fault, 'stream' | 'seq' | 'position'>;

/** The commit that a row of either build comes from, if it can be determined. */
export async function placeOf(client: Client, builds: Builds, position: number | null, row: Row): Promise<Place> {
  const stands = position ?? (await positionOf(client, builds, row));
  for (const build of [builds.shadow, builds.live]) {
    const { rows } = await client.query<Place>(
      `select stream, seq, position from ${commits(build)} where position = $1`,
      [stands],
    );
    if (rows[0]) return rows[0];
  }
  return { stream: null, seq: null, position: stands };
}

/** The position of the last commit about the row's development, or at the row's head. */
async function positionOf(client: Client, { shadow }: Builds, row: Row): Promise<number | null> {
  const about = JSON.stringify([{ data: { development: row.development } }]);
  const { rows } = await client.query<{ position: number | null }>(
    typeof row.development === 'string'
      ? `select max(position) as position from ${commits(shadow)} where stream = $1 and events @> $2`
      : `select max(position) as position from ${commits(shadow)} where id = $1`,
    typeof row.development === 'string' ? [storyStream(String(row.story)), about] : [row.head],
  );
  return rows[0]?.position ?? null;
}

/** The live table's entry for a commit that the log's fold omits; null if it has none either. */
export async function liveCommit(client: Client, { shadow, live }: Builds, position: number): Promise<RowAt | null> {
  const { rows } = await client.query<Row>(
    `select * from ${commits(live)} where position = $1 and not exists (select from ${commits(shadow)} where position = $1)`,
    [position],
  );
  return rows[0] ? addedCommit(rows[0]) : null;
}

/** The place of a row in the commit table that the log does not account for. */
export const addedCommit = (row: Row): RowAt => ({
  table: 'commit',
  key: { position: row.position },
  column: null,
  log: null,
  live: row,
});

/** The first commit of the live build beyond a position. */
export async function firstBeyond(client: Client | Pool, build: string, position: number): Promise<Row | undefined> {
  const { rows } = await client.query<Row>(
    `select * from ${commits(build)} where position > $1 order by position limit 1`,
    [position],
  );
  return rows[0];
}

const commits = (build: string) => `${escapeIdentifier(build)}.commit`;
