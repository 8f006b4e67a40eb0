import type { Client } from '#postgres';
import type { ActorRow } from './rows.js';

export async function allActors(client: Client): Promise<ActorRow[]> {
  const { rows } = await client.query<ActorRow>('select * from actor order by actor');
  return rows;
}

/** Entries of the registry by id, after an id; at most `limit`. */
export async function actorsAfter(client: Client, after: string | null, limit: number): Promise<ActorRow[]> {
  const { rows } = await client.query<ActorRow>(
    'select * from actor where $1::text is null or actor > $1 order by actor limit $2',
    [after, limit],
  );
  return rows;
}

export async function oneActor(client: Client, actor: string): Promise<ActorRow | undefined> {
  const { rows } = await client.query<ActorRow>('select * from actor where actor = $1', [actor]);
  return rows[0];
}

/** The registry's entries for these ids, in no order. */
export async function actorsById(client: Client, actors: readonly string[]): Promise<ActorRow[]> {
  const { rows } = await client.query<ActorRow>('select * from actor where actor = any($1)', [actors]);
  return rows;
}

export interface RegistryState {
  /** Of the registry's last change; 0 where it is empty. */
  readonly position: number;
  /** Grows whenever any entry changes, also one that comes back from quarantine at an earlier position than the last. */
  readonly sum: number;
}

export async function registryState(client: Client): Promise<RegistryState> {
  const { rows } = await client.query<RegistryState>(
    'select coalesce(max(position), 0) as position, coalesce(sum(position), 0) as sum from actor',
  );
  return rows[0]!;
}
