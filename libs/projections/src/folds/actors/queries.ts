import type { Client } from '#postgres';
import type { ActorRow } from './projection.js';

// All of these read the view of the actors whom something readable names.

// SQL for the domain's `folded`, for names without control characters: trims the characters that JavaScript trims and that remain after
// normalize.
const foldedName = 'lower(btrim(normalize(held, NFKC), e\' \\u1680\\u2028\\u2029\\ufeff\') collate "pg_unicode_fast")';
const namesOf = 'unnest(array[actor, name] || aliases) held';

/** The most actors examined for one ambiguous name. */
const namesakes = 50;

/** Actors with one of these ids, names or aliases, compared in the domain's folded form; at most 50 for each name, by id. */
export async function actorsCalled(client: Client, names: readonly string[]): Promise<ActorRow[]> {
  const { rows } = await client.query<ActorRow>(
    `select * from readable_actor where actor in (
       select actor from (
         select actor, row_number() over (partition by meant order by actor) as nth
         from (select distinct actor, ${foldedName} as meant from readable_actor cross join lateral ${namesOf}) named
         where meant = any($1)
       ) numbered where nth <= $2
     )`,
    [names, namesakes],
  );
  return rows;
}

/** Actors whose folded id, name or alias contains one of these words; the first ones by id. */
export async function actorsLike(client: Client, words: readonly string[], limit: number): Promise<ActorRow[]> {
  const { rows } = await client.query<ActorRow>(
    `select * from readable_actor where exists (
       select from ${namesOf}, unnest($1::text[]) word where strpos(${foldedName}, word) > 0
     ) order by actor limit $2`,
    [words, limit],
  );
  return rows;
}

/** Entries of the registry by id, after the given id; at most `limit`. */
export async function actorsAfter(client: Client, after: string | null, limit: number): Promise<ActorRow[]> {
  const { rows } = await client.query<ActorRow>(
    'select * from readable_actor where $1::text is null or actor > $1 order by actor limit $2',
    [after, limit],
  );
  return rows;
}

/** An actor's entry; undefined if readers know of no such actor. */
export async function oneActor(client: Client, actor: string): Promise<ActorRow | undefined> {
  const { rows } = await client.query<ActorRow>('select * from readable_actor where actor = $1', [actor]);
  return rows[0];
}

/** The registry's entries for these ids, in no particular order. */
export async function actorsById(client: Client, actors: readonly string[]): Promise<ActorRow[]> {
  const { rows } = await client.query<ActorRow>('select * from readable_actor where actor = any($1)', [actors]);
  return rows;
}

/** The position of the registry's last change, as readers know it; 0 if it is empty. */
export async function registryPosition(client: Client): Promise<number> {
  const { rows } = await client.query<{ position: number }>(
    'select coalesce(max(position), 0) as position from readable_actor',
  );
  return rows[0]!.position;
}

/** Changes whenever the registry does, as readers know it. */
export interface RegistryState {
  /** The position of the registry's last change; 0 if it is empty. */
  readonly position: number;
  /** Grows whenever any entry changes or becomes readable, also for one released from quarantine at an earlier position than the last. */
  readonly sum: number;
}

/** The current state of the registry. */
export async function registryState(client: Client): Promise<RegistryState> {
  const { rows } = await client.query<RegistryState>(
    'select coalesce(max(position), 0) as position, coalesce(sum(position), 0) as sum from readable_actor',
  );
  return rows[0]!;
}
