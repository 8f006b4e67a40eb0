import { actorStream } from '#domain';
import type { Client } from '#postgres';

/**
 * The last position, up to the given one, of a commit that shows readers something: of a story, of the registry, or the log's first.
 * Commits that show them nothing (embargoes, internal approvals) have positions too, which must not be revealed.
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
