import { z } from 'zod';
import { isRefusal, refuse, type Refusal } from '../errors.js';
import { tokenRolesFor, type ActingRole, type Does } from '../story/rights.js';
import { ActorId } from '../text.js';
import { digest } from '../digest.js';
import {
  ActorProfile,
  amendActor,
  registerActor,
  textsOfActor,
  versionsOfActor,
  type ActorDecision,
  type NewEntry,
} from './actor.js';
import { nameTaken, type Directory } from './directory.js';

/** An act on an actor's entry in the registry. */
export interface ActorAct {
  /** A stored name: it never changes. It is part of the hash by which the log knows a command again. */
  readonly does: Does;
  readonly on: 'newActor' | 'actor';
  readonly roles: readonly ActingRole[];
  /** Summary for the API's documents. */
  readonly summary: string;
  readonly body: z.ZodType;
  /** `directory` has the names of all actors; `text` is the id of the key that will seal the profile's words. */
  decide(profile: ActorProfile, actor: string, directory: Directory, text: string): ActorDecision;
}

/** A profile as it is recorded, under this key. */
export function sealedProfile(profile: ActorProfile, actor: string, directory: Directory, text: string): NewEntry {
  const { kind, affiliations, ...told } = profile;
  const held = directory.profiles.get(actor);
  return { text, told, kind, affiliations, isUnchanged: held !== undefined && digest(held) === digest(profile) };
}

/** Wraps a decision on one entry: also refuses affiliations that are not registered, and a name that means another actor. */
const withNames =
  (decide: (entry: NewEntry) => ActorDecision): ActorAct['decide'] =>
  (profile, actor, directory, text) =>
  state => {
    const unknown = unknownAffiliation(profile, directory);
    if (unknown) return unknown;
    const decided = decide(sealedProfile(profile, actor, directory, text))(state);
    // An existing entry may stay, even if another actor now shares a name with it.
    const isNew = !isRefusal(decided) && decided.length > 0;
    if (!isNew) return decided;
    if (textsOfActor(state).length >= versionsOfActor) return refuse('too-many', { detail: tooManyVersions });
    return nameTaken(directory, actor, profile) ?? decided;
  };

const tooManyVersions = `The entry has the maximum number of versions (${versionsOfActor}). Register another actor.`;

function unknownAffiliation({ affiliations }: ActorProfile, { profiles }: Directory): Refusal | undefined {
  const at = affiliations.findIndex(id => !profiles.has(id));
  return at < 0 ? undefined : refuse('unknown-actor', { path: ['affiliations', at] });
}

/** Every act on an actor, by name. */
export const actorActs = {
  registerActor: {
    does: 'register-actor',
    on: 'newActor',
    roles: tokenRolesFor('register-actor'),
    summary: 'Register an actor with its aliases',
    body: z.strictObject({ id: ActorId, ...ActorProfile.shape }).meta({ id: 'RegisterActor' }),
    decide: withNames(registerActor),
  },
  amendActor: {
    does: 'amend-actor',
    on: 'actor',
    roles: tokenRolesFor('amend-actor'),
    summary: 'Amend an actor’s whole entry',
    body: ActorProfile,
    decide: withNames(amendActor),
  },
} as const satisfies Record<string, ActorAct>;
