import { actorStream, storyStream, type Commit } from '#domain';
import type { Client } from '#postgres';

const columns = 'position, id, stream, seq, parent, recorded, command, by, events';

/** A story's commits up to a position, in order. */
export async function commitsOfStory(
  client: Client,
  story: string,
  position: number,
  limit?: number,
): Promise<Commit[]> {
  const { rows } = await client.query<Commit>(
    `select ${columns} from commit where stream = $1 and position <= $2 order by position limit $3`,
    [storyStream(story), position, limit],
  );
  return rows;
}

/** A story's commits after a position, in order; at most `limit`. */
export async function nextCommitsOfStory(
  client: Client,
  story: string,
  after: number,
  limit: number,
): Promise<Commit[]> {
  const { rows } = await client.query<Commit>(
    `select ${columns} from commit where stream = $1 and position > $2 order by position limit $3`,
    [storyStream(story), after, limit],
  );
  return rows;
}

/** The commits at these positions, in order. */
export async function commitsAt(client: Client, positions: readonly number[]): Promise<Commit[]> {
  const { rows } = await client.query<Commit>(
    `select ${columns} from commit where position = any($1) order by position`,
    [positions],
  );
  return rows;
}

/** The commits of every actor's entry in the registry up to a position, in order. */
export async function commitsOfRegistry(client: Client, position: number, limit?: number): Promise<Commit[]> {
  const { rows } = await client.query<Commit>(
    `select ${columns} from commit where starts_with(stream, $1) and position <= $2 order by position limit $3`,
    [actorStream(''), position, limit],
  );
  return rows;
}

/** The last position whose commit was recorded at or before an instant (ISO 8601, UTC, milliseconds); 0 if there is none. */
export async function knownAt(client: Client, at: string): Promise<number> {
  const { rows } = await client.query<{ position: number }>(
    'select position from commit where recorded <= $1 order by position desc limit 1',
    [at],
  );
  return rows[0]?.position ?? 0;
}
