import { decode, type Decoded, type Headers } from '#event-log';
import { escapeIdentifier, type Client, type Pool } from '#postgres';

/** A commit of a quarantined stream: a row of a build's table `quarantined`. */
export interface KeptRow {
  readonly position: number;
  readonly id: string;
  readonly seq: number;
  readonly headers: string;
  readonly value: Buffer;
}

/** The commit, if this version can read it. */
export const decodeKept = (stream: string, { headers, value, position, id, seq }: KeptRow): Decoded =>
  decode(JSON.parse(headers) as Headers, value, { won: true, stream, position, id, seq });

/** Whether a kept commit `held` is a takedown that this live build has folded. */
const isTakedownIn = (live: string) =>
  `(select jsonb_path_exists(events, '$[*] ? (@.type like_regex "Shredded$")')
    from ${escapeIdentifier(live)}.commit where commit.position = held.position)`;

/** Whether the live build has applied a takedown that is in a quarantined stream of this version's build, and this version cannot read it. */
export async function hasUnreadTakedown(client: Client, live: string, build: string): Promise<boolean> {
  const kept = escapeIdentifier(build);
  const { rows } = await client.query<KeptRow & { readonly stream: string }>(
    `select held.position, held.id, held.seq, held.headers, held.value, stream.name as stream
     from ${kept}.quarantined held join ${kept}.stream on stream.id = held.stream
     where ${isTakedownIn(live)}`,
  );
  return rows.some(row => 'unreadable' in decodeKept(JSON.parse(row.stream) as string, row));
}

/**
 * Whether the live build has applied a takedown that is in a quarantined stream of another version's build. Nobody here knows whether that
 * version could read it. False if one of the two builds was dropped meanwhile.
 */
export async function mayLackTakedown(pool: Pool, live: string, build: string): Promise<boolean> {
  try {
    const sql = `select from ${escapeIdentifier(build)}.quarantined held where ${isTakedownIn(live)} limit 1`;
    return (await pool.query(sql)).rowCount === 1;
  } catch (error) {
    if ((error as { code?: string }).code === '42P01') return false;
    throw error;
  }
}
