import { oneActor, type ActorRow, type Reading } from '#projections';
import { notYet, problem } from '../http/problems.js';
import type { StoryView } from '../story-at/index.js';

/** The actor's entry as it was at the view's moment. Rejects with a 404 where there is none, or was none yet. */
export async function registered({ client }: Reading, view: StoryView, actor: string): Promise<ActorRow> {
  const [entry] = await view.actors([actor]);
  if (entry) return entry;
  if (view.asOf && (await oneActor(client, actor)))
    throw notYet(`The actor had not been registered at position ${view.asOf.position}; it is by now.`);
  throw problem('unknown-actor-id');
}
