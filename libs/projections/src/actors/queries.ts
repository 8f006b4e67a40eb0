import type { Client } from '#postgres';
import type { ActorRow } from './rows.js';

export async function allActors(client: Client): Promise<ActorRow[]> {
  const { rows } = await client.query<ActorRow>('select * from actor order by actor');
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

/** Position of the registry's last change; 0 where it is empty. */
export async function registryPosition(client: Client): Promise<number> {
  const { rows } = await client.query<{ position: number }>('select coalesce(max(position), 0) as position from actor');
  return rows[0]!.position;
}
