import { Map as Dictionary, Set as Names } from 'immutable';
import { refusals, refuse, type Refusal } from '../errors.js';
import {
  entryIn,
  profileOf,
  type ActorEvent,
  type ActorProfile,
  type ActorState,
  type ActorWords,
  type SealedEntry,
} from './actor.js';

/** Every registered actor, and the ids that each name means. */
export interface Directory {
  readonly profiles: Dictionary<string, ActorProfile>;
  readonly ids: Dictionary<string, Names<string>>;
  /** The entries whose words are sealed, by actor. Unless they were opened, their actors are known by their ids alone. */
  readonly sealed: Dictionary<string, SealedEntry>;
}

/** The directory before any actor is registered. */
export const emptyDirectory: Directory = { profiles: Dictionary(), ids: Dictionary(), sealed: Dictionary() };

/** The form in which names, aliases and ids are compared. */
export const folded = (name: string) => name.normalize('NFKC').trim().toLowerCase();
const namesOf = (actor: string, profile: ActorProfile) => [actor, profile.name, ...profile.aliases].map(folded);

/** The directory after an event of an actor. Total: it never throws. */
export function evolveDirectory(directory: Directory, actor: string, event: ActorEvent): Directory {
  const entry = entryIn(event);
  if (entry) return withEntry(directory, actor, entry);
  // No name changes, but it is another object: the desk's feed compares them, and desks show the proposal.
  if (event.type === 'ActorTakedownProposed' || event.type === 'ActorTakedownWithdrawn') return { ...directory };
  const held = directory.profiles.get(actor);
  if (event.type !== 'ActorShredded' || !held) return directory;
  const { kind, affiliations } = held;
  return withEntry(directory, actor, { name: actor, aliases: [], kind, affiliations });
}

/** The directory with an actor's entry. `words`: those of a sealed one, opened. */
export function withEntry(
  directory: Directory,
  actor: string,
  entry: NonNullable<ActorState>,
  words?: ActorWords | null,
): Directory {
  const profile = profileOf(actor, entry, words);
  const before = directory.profiles.get(actor);
  const ids = directory.ids.withMutations(all => {
    if (before) for (const name of namesOf(actor, before)) all.update(name, Names(), held => held.delete(actor));
    for (const name of namesOf(actor, profile)) all.update(name, Names(), held => held.add(actor));
  });
  const opens = 'text' in entry && !entry.gone;
  const sealed = opens ? directory.sealed.set(actor, entry) : directory.sealed.delete(actor);
  return { profiles: directory.profiles.set(actor, profile), ids, sealed };
}

/** Resolves a reference to an actor's id; an exact id wins over another actor's alias. Refuses unknown and ambiguous names. */
export function resolveActor(directory: Directory, ref: string): string | Refusal {
  if (directory.profiles.has(ref)) return ref;
  const ids = directory.ids.get(folded(ref), Names<string>());
  if (ids.size === 1) return ids.first()!;
  if (ids.size > 1) return refuse('ambiguous-actor', { allowed: ids.toArray().sort() });
  return refuse('unknown-actor', { allowed: similar(directory, folded(ref)) });
}

/**
 * Refuses a new id, name or alias that would be ambiguous: an alias belongs to one actor, and the first one to take it keeps it. Two
 * actors may share a name, as people do; then only their ids distinguish them.
 */
export function nameTaken(directory: Directory, actor: string, profile: ActorProfile): Refusal | undefined {
  const before = directory.profiles.get(actor);
  const held = before ? namesOf(actor, before) : [];
  const others = (name: string) => directory.ids.get(folded(name), Names<string>()).delete(actor);
  const hasAlias = (id: string, name: string) =>
    (directory.profiles.get(id)?.aliases ?? []).some(alias => folded(alias) === folded(name));
  const byAlias = (name: string) => others(name).find(id => hasAlias(id, name));
  const asked = [
    { name: actor, holder: byAlias(actor), path: ['id'] },
    { name: profile.name, holder: byAlias(profile.name), path: ['name'] },
    ...profile.aliases.map((name, i) => ({ name, holder: others(name).first(), path: ['aliases', i] })),
  ];
  const taken = asked.find(({ name, holder }) => holder !== undefined && !held.includes(folded(name)));
  if (!taken) return undefined;
  const detail = `“${taken.name}” means ${taken.holder} already. ${refusals['name-taken']}`;
  return refuse('name-taken', { path: taken.path, detail });
}

/** An actor's name; the id itself if it is not registered. */
export const nameOf = (directory: Directory, actor: string): string => directory.profiles.get(actor)?.name ?? actor;

/** The words of a folded name that are long enough to search for similar names with. */
export const distinctiveWords = (name: string): string[] => name.split(/[\s-]+/).filter(word => word.length > 2);

/** The most ids suggested for an unknown name. */
export const offered = 10;

function similar(directory: Directory, name: string): string[] {
  const words = distinctiveWords(name);
  const near = directory.ids.filter((ids, known) => ids.size > 0 && words.some(word => known.includes(word)));
  return near
    .valueSeq()
    .flatMap(ids => ids)
    .toSet()
    .toArray()
    .sort()
    .slice(0, offered);
}
