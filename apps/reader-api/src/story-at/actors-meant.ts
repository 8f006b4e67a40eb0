import {
  emptyDirectory,
  evolveDirectory,
  isRefusal,
  resolveActor,
  type ActorProfile,
  type Directory,
  type Refusal,
} from '#domain';
import type { ActorRow } from '#projections';
import { unknownValue } from '../http/problems.js';
import type { StoryView } from './index.js';

/**
 * Resolves references to actor ids. A reference is an id, a name or an alias, read by the same rule as in editors' commands.
 */
export async function actorsMeant(view: StoryView, refs: readonly string[]): Promise<string[]> {
  const exact = new Set((await view.actors(refs)).map(({ actor }) => actor));
  if (refs.every(ref => exact.has(ref))) return [...exact];
  const directory = (await view.called(refs)).reduce(entered, emptyDirectory);
  const found = refs.map(ref => resolveActor(directory, ref));
  const lost = refs.findIndex((_, at) => isRefusal(found[at]!));
  if (lost < 0) return found as string[];
  const ref = refs[lost]!;
  const { refused, allowed } = resolveActor((await view.like(ref)).reduce(entered, directory), ref) as Refusal;
  throw unknownValue('actor', refused, ref, allowed);
}

const entered = (directory: Directory, { actor, name, kind, aliases, affiliations }: ActorRow): Directory => {
  const profile: ActorProfile = { name, kind, aliases: [...aliases], affiliations: [...affiliations] };
  return evolveDirectory(directory, actor, { type: 'ActorRegistered', data: profile });
};
