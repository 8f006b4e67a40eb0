import type { Client } from '#postgres';
import { readableAt } from '../shown-commits/queries.js';
import type { KeyPointRow } from './rows.js';

/** The key points of a story, in order. A story has few at once. */
export async function keyPointsOf(client: Client, story: string): Promise<KeyPointRow[]> {
  const { rows } = await client.query<KeyPointRow>(
    'select * from key_point where story = $1 and place is not null order by place',
    [story],
  );
  return rows;
}

/**
 * The key points that a story had by an instant (milliseconds since 1970), as of a position: without those written later, which may tell the
 * outcome. A takedown up to that position shows whenever it was.
 */
export async function keyPointsWrittenBy(
  asOf: (position: number) => Client,
  story: string,
  position: number,
  instant: number,
): Promise<KeyPointRow[]> {
  const written = await readableAt(asOf(position), new Date(instant).toISOString());
  const then = await keyPointsOf(asOf(Math.min(position, written)), story);
  const { rows } = await asOf(position).query<Pick<KeyPointRow, 'text' | 'takedown'>>(
    'select text, takedown from key_point where story = $1 and text = any($2)',
    [story, then.map(({ text }) => text)],
  );
  const takedowns = new Map(rows.map(({ text, takedown }) => [text, takedown]));
  return then.map(row => ({ ...row, takedown: takedowns.get(row.text) ?? null }));
}

/**
 * Changes the rows of a story's key points, current and former, to what they were if the keys of these texts had never existed. Resolves to
 * those of them that were readable, and where each was written.
 */
export async function forgetKeyPoints(
  client: Client,
  story: string,
  texts: readonly string[],
): Promise<{ readonly text: string; readonly position: number }[]> {
  const { rows } = await client.query<{ text: string; position: number }>(
    `with gone as (
       update key_point_versions set words = null where story = $1 and text = any($2) and words is not null returning text
     ) select text, min(valid_from) as position from key_point_versions
     where story = $1 and text in (select text from gone) group by text`,
    [story, texts],
  );
  return rows;
}
