import { z } from 'zod';
import { digest } from '../digest.js';
import { refuse, type Refusal } from '../errors.js';
import { ActorId, Line, Text } from '../text.js';

// An actor's entry in the registry: a person, state, organisation, group or market.

export const actorKinds = ['person', 'state', 'organisation', 'group', 'market'] as const;

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

// Stored names: for ever. A breaking change is a new event beside the old one.
export const actorEvents = [
  z.strictObject({ type: z.literal('ActorRegistered'), data: ActorProfile }),
  z.strictObject({ type: z.literal('ActorAmended'), data: ActorProfile }),
] as const;
export type ActorEvent = z.infer<(typeof actorEvents)[number]>;

export type ActorState = ActorProfile | null;
export const noActor: ActorState = null;

export const evolveActor = (_state: ActorState, event: ActorEvent): ActorState => event.data;

export type ActorDecision = (state: ActorState) => ActorEvent[] | Refusal;

export const registerActor =
  (profile: ActorProfile): ActorDecision =>
  state => {
    if (!state) return [{ type: 'ActorRegistered', data: profile }];
    return digest(state) === digest(profile) ? [] : refuse('actor-exists', { path: ['id'] });
  };

/** The whole entry as it should be. */
export const amendActor =
  (profile: ActorProfile): ActorDecision =>
  state => {
    if (!state) return refuse('unknown-actor-id');
    return digest(state) === digest(profile) ? [] : [{ type: 'ActorAmended', data: profile }];
  };

/** The decision that gives an actor's commit again. */
export function reconstructActorDecision([first]: readonly ActorEvent[]): ActorDecision | undefined {
  if (!first) return undefined;
  return first.type === 'ActorRegistered' ? registerActor(first.data) : amendActor(first.data);
}
