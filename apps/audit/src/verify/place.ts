import type { Client } from '#postgres';
import { lastCommitAbout, liveCommitAt, placeAt, type Builds, type Row } from '#projections';
import type { Fault, RowAt } from './faults.js';

type Place = Pick<Fault, 'stream' | 'seq' | 'position'>;

/** The commit that a row of either build comes from, if it can be determined. */
export async function placeOf(client: Client, builds: Builds, known: number | null, row: Row): Promise<Place> {
  const position = known ?? (await lastCommitAbout(client, builds.shadow, row));
  const place = (await placeAt(client, builds.shadow, position)) ?? (await placeAt(client, builds.live, position));
  return place ?? { stream: null, seq: null, position };
}

/** The live table's entry for a commit that the log's fold omits; null if it has none either. */
export async function liveCommit(client: Client, builds: Builds, position: number): Promise<RowAt | null> {
  const row = await liveCommitAt(client, builds, position);
  return row ? addedCommit(row) : null;
}

/** The place of a row in the commit table that the log does not account for. */
export const addedCommit = (row: Row): RowAt => ({
  table: 'commit',
  key: { position: row.position },
  column: null,
  log: null,
  live: row,
});
