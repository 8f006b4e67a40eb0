import { canonicalJson, storyStream } from '#domain';
import type { Client } from '#postgres';
import type { ReadableCommit, ShownEvent } from '../fold.js';

const columns = 'position, stream, recorded, by, events';

/** Postgres does not keep the order of members, on which the order of a content's actors depends. */
const asLogged = ({ events, ...commit }: ReadableCommit): ReadableCommit => ({
  ...commit,
  events: JSON.parse(canonicalJson(events)) as ShownEvent[],
});

/**
 * A story's commits up to a position as readers may see them, in order, that change more of the story's row than the count of developments
 * and the time; at most `limit`.
 */
export async function shapingCommitsOf(
  client: Client,
  story: string,
  position: number,
  limit: number,
): Promise<ReadableCommit[]> {
  const { rows } = await client.query<ReadableCommit>(
    `select ${columns} from shown_commit where stream = $1 and position <= $2 and shaping order by position limit $3`,
    [storyStream(story), position, limit],
  );
  return rows.map(asLogged);
}

type Moment = Pick<ReadableCommit, 'position' | 'recorded'>;

/** Where and when a story was opened; undefined if it never was, or its commit cannot be read. */
export async function openingOf(client: Client, story: string): Promise<Moment | undefined> {
  const { rows } = await client.query<Moment>(
    'select position, recorded from shown_commit where stream = $1 order by position limit 1',
    [storyStream(story)],
  );
  return rows[0];
}

/** When the last commit that readers may see was recorded; undefined in an empty build. */
export async function lastRecorded(client: Client): Promise<string | undefined> {
  return (await lastOf(client, lastWhere('true'), 'true', []))?.recorded;
}

/**
 * The last position, up to the given one, whose commit shows readers something; 0 if there is none. Commits that show them nothing
 * (embargoes, internal approvals) have positions too, which must not be revealed.
 */
export async function readablePosition(client: Client, position: number): Promise<number> {
  return (await lastOf(client, lastWhere('position <= $1'), 'position <= $1', [position]))?.position ?? 0;
}

const lastWhere = (condition: string) =>
  `select position, recorded from shown_commit where ${condition} order by position desc limit 1`;

/**
 * The last commit that shows readers something, of those for which a condition on `position` and `recorded` holds: of a story, or else of
 * the registry after it, so that few changes of the registry are examined. `ofStories` selects the one of a story.
 */
async function lastOf(
  client: Client,
  ofStories: string,
  condition: string,
  values: readonly unknown[],
): Promise<Moment | undefined> {
  const { rows } = await client.query<Moment>(
    `with last as (${ofStories})
     (select position, recorded from readable_actor_change
      where position > coalesce((select position from last), 0) and ${condition})
     union all select position, recorded from last order by position desc limit 1`,
    [...values],
  );
  return rows[0];
}

// Clocks differ and are put back, so a later position may have an earlier time: no order of the times finds the last position. The last large
// block of positions whose earliest commit was recorded by then is looked up, in it the last small block, and in that one the commit.
const lastBy = `
  select last.position, last.recorded from (
    select small from (
      select large from generate_series((select position >> 14 from shown_commit order by position desc limit 1), 0, -1) large
      where (select min(recorded) from shown_commit where position >> 14 = large) <= $1 order by large desc limit 1
    ) in_large, generate_series(((large + 1) << 7) - 1, large << 7, -1) small
    where (select min(recorded) from shown_commit where position >> 7 = small) <= $1 order by small desc limit 1
  ) in_small cross join lateral (
    select position, recorded from shown_commit
    where position between small << 7 and (small << 7) + 127 and recorded <= $1 order by position desc limit 1
  ) last`;

/** As `readablePosition`, of the commits recorded at or before an instant (ISO 8601, UTC, milliseconds). */
export async function readableAt(client: Client, at: string): Promise<number> {
  return (await lastOf(client, lastBy, 'recorded <= $1', [at]))?.position ?? 0;
}

/** The recording time of those of these positions whose commits show readers something. */
export async function recordedAt(client: Client, positions: readonly number[]): Promise<Map<number, string>> {
  const { rows } = await client.query<Moment>(
    `select position, recorded from shown_commit where position = any($1)
     union all select position, recorded from readable_actor_change where position = any($1)`,
    [positions],
  );
  return new Map(rows.map(({ position, recorded }) => [position, recorded]));
}
