import { z } from 'zod';
import { digest } from '../digest.js';
import { refuse, type Refusal } from '../errors.js';
import { ActorId, Line, Text } from '../text.js';

/** The kinds of actor. Stored names: they never change. */
export const actorKinds = ['person', 'state', 'organisation', 'group', 'market'] as const;

/** An actor's entry in the registry: a person, state, organisation, group or market. The log holds it in the clear. */
export const ActorProfile = z
  .strictObject({
    name: Line(200),
    kind: z.enum(actorKinds),
    aliases: z
      .array(Line(200))
      .max(50)
      .default([])
      .meta({ description: 'Other names and spellings, wrong ones included.' }),
    affiliations: z.array(ActorId).max(20).default([]),
    description: Text(500).optional(),
    wikidata: z
      .string()
      .regex(/^Q[1-9]\d*$/, 'must be a Wikidata id such as Q42')
      .optional(),
    iso3166: z
      .string()
      .regex(/^[A-Z]{2}$/, 'must be an ISO 3166-1 alpha-2 code such as NO')
      .optional(),
  })
  .meta({ id: 'ActorProfile' });
export type ActorProfile = z.infer<typeof ActorProfile>;

// Stored names: they never change. A breaking change is a new event beside the old one.
/** Every event of an actor. Each one carries the whole entry. */
export const actorEvents = [
  z.strictObject({ type: z.literal('ActorRegistered'), data: ActorProfile }),
  z.strictObject({ type: z.literal('ActorAmended'), data: ActorProfile }),
] as const;
export type ActorEvent = z.infer<(typeof actorEvents)[number]>;

/** An actor's entry; null before the actor is registered. */
export type ActorState = ActorProfile | null;
/** The state before an actor is registered. */
export const noActor: ActorState = null;

/** The entry after an event. Total: it never throws. */
export const evolveActor = (_state: ActorState, event: ActorEvent): ActorState => event.data;

/** Decides on an actor's entry: the events to record, or a refusal. An empty list means that nothing would change. */
export type ActorDecision = (state: ActorState) => ActorEvent[] | Refusal;

/** Registers an actor; registering the same entry again changes nothing. */
export const registerActor =
  (profile: ActorProfile): ActorDecision =>
  state => {
    if (!state) return [{ type: 'ActorRegistered', data: profile }];
    return digest(state) === digest(profile) ? [] : refuse('actor-exists', { path: ['id'] });
  };

/** Replaces the whole entry. */
export const amendActor =
  (profile: ActorProfile): ActorDecision =>
  state => {
    if (!state) return refuse('unknown-actor-id');
    return digest(state) === digest(profile) ? [] : [{ type: 'ActorAmended', data: profile }];
  };

/** Reconstructs the decision behind a commit from its first event; undefined for an event that is no actor's. */
export function reconstructActorDecision([first]: readonly ActorEvent[]): ActorDecision | undefined {
  if (!first) return undefined;
  return first.type === 'ActorRegistered' ? registerActor(first.data) : amendActor(first.data);
}
