import { sha256, storyStream } from '#domain';
import { escapeIdentifier, type Client } from '#postgres';

/** How often, and when last, rows of a story were rewritten at positions that readers had already read. */
export interface Rewritten {
  /** How often rows were rewritten in this database. */
  readonly times: number;
  /** The log's position at the last rewrite; 0 if there was none. */
  readonly position: number;
  /** The story's own position just after that: a client that loads the story later gets this position or a later one. */
  readonly loaded: number;
  /** The log's position when a build with other rows last went live; 0 if none did. */
  readonly swapped: number;
  /**
   * A number that changes with each rewrite. It also counts the takedowns in the log, so that it differs in a new database,
   * which knows nothing of rewrites in an earlier one.
   */
  readonly rewrites: number;
}

/** A stream's key in Postgres: a stream's name may have any length and characters. */
export const streamId = (stream: string) => sha256(stream);

const enter = 'insert into dateline.refolded as held (stream, position, times)';
const again = `on conflict (stream) do update set position = excluded.position, times = held.times + 1, at = clock_timestamp()`;

/**
 * Notes that rows of a stream were rewritten, if the build is live: open pages that follow the stream must load it again. Call it
 * in the transaction that rewrites them, after it moved the checkpoint; that transaction also notifies.
 */
export async function enterRewritten(client: Client, build: string, stream: string): Promise<void> {
  await client.query(`${enter} select $2, position, 1 from dateline.build where name = $1 and live ${again}`, [
    build,
    streamId(stream),
  ]);
}

/** Notes that rows of every stream may have been rewritten. */
export async function enterAllRewritten(client: Client, build: string): Promise<void> {
  await client.query(`${enter} select '*', position, 1 from dateline.build where name = $1 and live ${again}`, [build]);
}

/** Notes a rewrite of each stream that one build could read further than the other. Call it in the swap, once `to` is live. */
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

/** The rewrites of a story so far. */
export async function rewritesOf(client: Client, story: string): Promise<Rewritten> {
  const { rows } = await client.query<Rewritten>(
    `select held.times, held.position, coalesce(loaded, 0) as loaded, held.swapped, held.times + coalesce(shredded, 0) as rewrites
     from (
       select coalesce(sum(times), 0)::integer as times, coalesce(max(position), 0)::integer as position,
         coalesce(max(position) filter (where stream = '*'), 0)::integer as swapped
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
