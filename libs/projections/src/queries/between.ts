import type { Client } from '#postgres';
import type { After } from '../folds/timeline/queries.js';

/** The lower of two states of a story: as of a position, or what had begun by an instant (milliseconds since 1970) at the same position. */
export type Lower = { readonly position: number } | { readonly begun: number };

const lowerOf = (lower: Lower) => ('begun' in lower ? [null, lower.begun] : [lower.position, null]);

/** The number of entries of a story, retracted and taken-down ones included. */
export async function countEntries(client: Client, story: string): Promise<number> {
  const { rows } = await client.query<{ count: number }>(
    'select count(*)::integer as count from timeline where story = $1',
    [story],
  );
  return rows[0]!.count;
}

/** The place of the last of so many newest entries; null for none. */
export async function placeOfNewest(client: Client, story: string, count: number): Promise<After | null> {
  if (count === 0) return null;
  const { rows } = await client.query<After>(
    'select position, ordinal from timeline where story = $1 order by position desc, ordinal desc offset $2 limit 1',
    [story, count - 1],
  );
  return rows[0] ?? null;
}

/** The newest entries that the lower state lacks, by id; at most `limit`. */
export async function entriesBeyond(client: Client, story: string, lower: Lower, limit: number): Promise<string[]> {
  const { rows } = await client.query<{ development: string }>(
    `select development from timeline where story = $1
       and ($2::integer is null or position > $2) and ($3::double precision is null or begun is null or begun > $3)
     order by position desc, ordinal desc limit $4`,
    [story, ...lowerOf(lower), limit],
  );
  return rows.map(({ development }) => development);
}

/** The entries up to a position that changed after it, those that changed last first, by id; at most `limit`. */
export async function changedSincePosition(
  client: Client,
  story: string,
  position: number,
  limit: number,
): Promise<string[]> {
  const { rows } = await client.query<{ development: string }>(
    `select development from timeline where story = $1 and changed > $2 and changed > position and position <= $2
     order by changed desc limit $3`,
    [story, position, limit],
  );
  return rows.map(({ development }) => development);
}

/** The newest entries, of those that had begun by an instant, that replace others, are replaced or are linked, by id; at most `limit`. */
export async function relatedBegun(client: Client, story: string, begun: number, limit: number): Promise<string[]> {
  const { rows } = await client.query<{ development: string }>(
    `select development from timeline where story = $1 and begun <= $2
       and (superseded_by is not null or supersedes <> '{}' or links <> '[]')
     order by position desc limit $3`,
    [story, begun, limit],
  );
  return rows.map(({ development }) => development);
}

/** The newest entries of the lower state that depend on one of these conditions, by id; at most `limit`. */
export async function entriesDependingOn(
  client: Client,
  story: string,
  conditions: readonly string[],
  limit: number,
): Promise<string[]> {
  if (conditions.length === 0) return [];
  const { rows } = await client.query<{ development: string }>(
    `select development from timeline where story = $1 and conditions <> '{}' and conditions && $2
     order by position desc, ordinal desc limit $3`,
    [story, conditions, limit],
  );
  return rows.map(({ development }) => development);
}
