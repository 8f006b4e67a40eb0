import { actorStream, storyStream } from '#domain';
import type { Client } from '#postgres';
import type { Takedown } from '../folds/timeline/rows.js';

/** Taken-down developments and their takedowns; null if the takedown is still to come or unreadable. */
export type Takedowns = ReadonlyMap<string, Takedown | null>;

/** Those of a story's entries, now. */
export async function takedownsOf(client: Client, story: string): Promise<Takedowns> {
  const { rows } = await client.query<{ development: string; takedown: Takedown | null }>(
    `select development, takedown from timeline where story = $1 and status = 'taken-down'`,
    [story],
  );
  return new Map(rows.map(({ development, takedown }) => [development, takedown]));
}

/**
 * All taken-down developments and texts that the build knows, including those that readers never saw. `last`: the position of the last
 * takedown, if any.
 */
export async function allTakenDown(client: Client, last: number | null): Promise<string[]> {
  // No table lists why a story was closed or opened again, or why a condition was settled: only events name these texts.
  const { rows } = await client.query<{ development: string }>(
    `select development from timeline where takedown is not null
     union select development from withheld where takedown is not null
     union select jsonb_path_query(events, $1::jsonpath) #>> '{}' from commit where starts_with(stream, $2) and position <= $5
     union select jsonb_path_query(events, $3::jsonpath) #>> '{}' from commit where starts_with(stream, $4) and position <= $5
     order by development`,
    [
      '$[*] ? (@.type == "ActorShredded").data.texts[*]',
      actorStream(''),
      '$[*] ? (@.type == "TextShredded").data.text',
      storyStream(''),
      last,
    ],
  );
  return rows.map(({ development }) => development);
}
