import { emptyDirectory, evolveDirectory, isRefusal, resolveActor, type ActorProfile, type Directory } from '#domain';
import type { ActorRow } from '#projections';
import { unknownValue } from '../http/problems.js';
import type { StoryView } from '../story-at/index.js';

/** The ids that these ids, names or aliases mean, by the very rule that the editors' commands are read with. */
export async function actorsMeant(view: StoryView, refs: readonly string[]): Promise<string[]> {
  const exact = new Set((await view.actors(refs)).map(({ actor }) => actor));
  if (refs.every(ref => exact.has(ref))) return [...exact];
  const directory = (await view.actors()).reduce(entered, emptyDirectory);
  return refs.map(ref => {
    const id = resolveActor(directory, ref);
    if (isRefusal(id)) throw unknownValue('actor', id.refused, ref, id.allowed);
    return id;
  });
}

const entered = (directory: Directory, { actor, name, kind, aliases, affiliations }: ActorRow): Directory => {
  const profile: ActorProfile = { name, kind, aliases: [...aliases], affiliations: [...affiliations] };
  return evolveDirectory(directory, actor, { type: 'ActorRegistered', data: profile });
};
