import { actorStream } from '#domain';
import type { Client } from '#postgres';

/**
 * The last position, up to one, at which readers got something: of a story, of the registry, or the log's beginning. What
 * they got nothing of, as under an embargo or between people of the newsroom, has a position too, and it does not show.
 */
export async function readablePosition(client: Client, position: number): Promise<number> {
  const { rows } = await client.query<{ position: number }>(
    `select greatest(
       (select max(position) from timeline_change where position <= $1),
       (select max(position) from commit where starts_with(stream, $2) and position <= $1),
       least($1::integer, 1)
     ) as position`,
    [position, actorStream('')],
  );
  return rows[0]!.position;
}
