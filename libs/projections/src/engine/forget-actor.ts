import type { Client } from '#postgres';

/** Blanks the rows of an actor's entry, current and former, that were written before its takedown at this position. */
export async function forgetActor(client: Client, actor: string, position: number): Promise<void> {
  await client.query(
    `update actor_versions set name = '', aliases = '{}', description = null, wikidata = null, iso3166 = null
     where actor = $1 and valid_from < $2`,
    [actor, position],
  );
  // All these rows have the same name now.
  await client.query(
    `update actor_change set renamed = position = (select min(position) from actor_change where actor = $1)
     where actor = $1 and position < $2`,
    [actor, position],
  );
}

/** The stories in which something readable names, or named, one of these actors. */
export async function storiesNaming(client: Client, actors: readonly string[]): Promise<string[]> {
  if (actors.length === 0) return [];
  const { rows } = await client.query<{ story: string }>(
    'select distinct story from actor_mention_versions where actor = any($1)',
    [actors],
  );
  return rows.map(({ story }) => story);
}
