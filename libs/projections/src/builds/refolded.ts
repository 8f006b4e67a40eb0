import { sha256, storyStream } from '#domain';
import { escapeIdentifier, type Client } from '#postgres';

/** How the rows of one story at positions that readers had passed have changed so far. */
export interface Refolded {
  /** How often they were folded anew in this database. */
  readonly times: number;
  /** Where the log stood when that happened last; 0 where it never did. */
  readonly position: number;
  /** The story's own position just after that: whoever loads the story from then on gets this one or a later one. */
  readonly loaded: number;
  /**
   * A number that is another one after each time. It counts the takedowns that the log tells of too, so that it also
   * changes where this database is a new one that knows nothing of earlier times.
   */
  readonly rewrites: number;
}

/** A stream's key wherever Postgres holds one: names are of any length and characters. */
export const streamId = (stream: string) => sha256(stream);

const enter = 'insert into dateline.refolded as held (stream, position, times)';
const again = `on conflict (stream) do update set position = excluded.position, times = held.times + 1, at = clock_timestamp()`;

/**
 * Says that rows of a stream were folded anew, if the build is the live one: open pages that follow it must load it again. In
 * the transaction that does so, after its checkpoint was moved, and with a notification in it.
 */
export async function enterRefolded(client: Client, build: string, stream: string): Promise<void> {
  await client.query(`${enter} select $2, position, 1 from dateline.build where name = $1 and live ${again}`, [
    build,
    streamId(stream),
  ]);
}

/** The same of every stream. */
export async function enterAllRefolded(client: Client, build: string): Promise<void> {
  await client.query(`${enter} select '*', position, 1 from dateline.build where name = $1 and live ${again}`, [build]);
}

/** The same of each stream that the one build could read further than the other; in the swap, once `to` is live. */
export async function enterReadFurther(client: Client, from: string, to: string): Promise<void> {
  const [before, after] = [from, to].map(build => `${escapeIdentifier(build)}.stream`);
  await client.query(
    `${enter} select id, build.position, 1
     from (select id, quarantined_at from ${before} where quarantined_at is not null) was
     full join (select id, quarantined_at from ${after} where quarantined_at is not null) now using (id)
     join dateline.build on build.name = $1 and live
     where was.quarantined_at is distinct from now.quarantined_at ${again}`,
    [to],
  );
}

/** What was folded anew of a story so far. */
export async function refolded(client: Client, story: string): Promise<Refolded> {
  const { rows } = await client.query<Refolded>(
    `select held.times, held.position, coalesce(loaded, 0) as loaded, held.times + coalesce(shredded, 0) as rewrites
     from (
       select coalesce(sum(times), 0)::integer as times, coalesce(max(position), 0)::integer as position
       from dateline.refolded where stream in ($1, '*')
     ) held
     left join lateral (
       select max(change.position) as loaded from timeline_change change where change.story = $2 and change.position <= held.position
     ) since on true
     left join story on story.story = $2`,
    [streamId(storyStream(story)), story],
  );
  return rows[0]!;
}
