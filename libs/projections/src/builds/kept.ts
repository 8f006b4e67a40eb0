import { decode, type Decoded, type Headers } from '#event-log';
import { escapeIdentifier, type Client } from '#postgres';

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

/** Whether the live build has applied a takedown that is in a quarantined stream of this version's build, and this version cannot read it. */
export async function hasUnreadTakedown(client: Client, live: string, build: string): Promise<boolean> {
  const [known, kept] = [live, build].map(name => escapeIdentifier(name));
  const { rows } = await client.query<KeptRow & { readonly stream: string }>(
    `select held.position, held.id, held.seq, held.headers, held.value, stream.name as stream
     from ${kept}.quarantined held join ${kept}.stream on stream.id = held.stream
     where (
       select jsonb_path_exists(events, '$[*] ? (@.type like_regex "Shredded$")')
       from ${known}.commit where commit.position = held.position
     )`,
  );
  return rows.some(row => 'unreadable' in decodeKept(JSON.parse(row.stream) as string, row));
}
