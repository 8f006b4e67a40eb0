import { z } from 'zod';
import { digest } from '../digest.js';
import { refuse, type Refusal } from '../errors.js';
import { payloadOf, Sealed, type Opaque } from '../story/payload.js';
import { ActorId, Line, Text, TextId } from '../text.js';

/** The kinds of actor. Stored names: they never change. */
export const actorKinds = ['person', 'state', 'organisation', 'group', 'market'] as const;

/** An actor's entry in the registry: a person, state, organisation, group or market. */
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

const { kind, affiliations, ...identifying } = ActorProfile.shape;
/** The parts of an entry that identify the actor: names, and what leads to them. The log holds them sealed. */
export const ActorWords = z.strictObject(identifying);
export type ActorWords = z.infer<typeof ActorWords>;

/** The parts of an entry that the log holds in the clear: a decision needs to know whether the affiliations are registered. */
export const actorSettings = { kind, affiliations: affiliations.unwrap() };
export type ActorSettings = Pick<ActorProfile, keyof typeof actorSettings>;

const sealed = <const Type extends string>(type: Type) =>
  z.strictObject({
    type: z.literal(type),
    data: z.strictObject({ text: TextId, told: Sealed, ...actorSettings }),
  });

// Stored names: they never change. A breaking change is a new event beside the old one.
/** Every event of an actor. Each one carries the whole entry; those of earlier versions have it in the clear. */
export const actorEvents = [
  z.strictObject({ type: z.literal('ActorRegistered'), data: ActorProfile }),
  z.strictObject({ type: z.literal('ActorAmended'), data: ActorProfile }),
  sealed('ActorRegisteredSealed'),
  sealed('ActorAmendedSealed'),
] as const;
export type SealedActorEvent = z.infer<(typeof actorEvents)[number]>;
/** An event as decisions take it: its payload may be sealed, open or null. */
export type ActorEvent = Opaque<SealedActorEvent>;

const types: ReadonlySet<string> = new Set(actorEvents.map(({ shape }) => shape.type.value));
/** Whether an event is an actor's. */
export const isOfActor = <Event extends { readonly type: string }>(
  event: Event,
): event is Extract<Event, { readonly type: SealedActorEvent['type'] }> => types.has(event.type);

/** The schemas of the payloads of actors' events, by type. Each payload has its own key. */
export const actorPayloadSchemas = { ActorRegisteredSealed: ActorWords, ActorAmendedSealed: ActorWords } as const;

/** An entry whose words are sealed. */
export type SealedEntry = ActorSettings & {
  /** The id of its key. */
  readonly text: string;
  readonly told: unknown;
  readonly sealedIn: keyof typeof actorPayloadSchemas;
};

/** An actor's entry as its last event left it; null before the actor is registered. */
export type ActorState = ActorProfile | SealedEntry | null;
/** The state before an actor is registered. */
export const noActor: ActorState = null;

/** The entry after an event. Total: it never throws. */
export const evolveActor = (_state: ActorState, { type, data }: ActorEvent): NonNullable<ActorState> =>
  'text' in data ? { ...data, sealedIn: type as SealedEntry['sealedIn'] } : data;

/** The profile of an entry. Without its words the actor is known by the id alone. */
export function profileOf(actor: string, entry: NonNullable<ActorState>, words?: ActorWords | null): ActorProfile {
  if (!('text' in entry)) return entry;
  const { kind, affiliations, told } = entry;
  const known = words ?? (typeof told === 'object' ? (payloadOf({ told }) as ActorWords | undefined) : undefined);
  return { name: actor, aliases: [], ...known, kind, affiliations };
}

/** An entry's profile that is to be recorded: in the clear as earlier versions did, or sealed. */
export type NewEntry =
  | (ActorProfile & { readonly text?: undefined })
  | (ActorSettings & {
      readonly text: string;
      readonly told: unknown;
      /** Whether the actor has this entry already: it cannot be told from sealed words. */
      readonly isUnchanged?: boolean;
    });

/** Decides on an actor's entry: the events to record, or a refusal. An empty list means that nothing would change. */
export type ActorDecision = (state: ActorState) => ActorEvent[] | Refusal;

function isHeld(state: NonNullable<ActorState>, entry: NewEntry): boolean {
  if (entry.text !== undefined) return entry.isUnchanged === true || ('text' in state && state.text === entry.text);
  return !('text' in state) && digest(state) === digest(entry);
}

const eventOf = (entry: NewEntry, clear: 'ActorRegistered' | 'ActorAmended'): ActorEvent => {
  if (entry.text === undefined) return { type: clear, data: entry };
  const { text, told, kind, affiliations } = entry;
  return { type: `${clear}Sealed`, data: { text, told, kind, affiliations } };
};

/** Registers an actor; registering the same entry again changes nothing. */
export const registerActor =
  (entry: NewEntry): ActorDecision =>
  state => {
    if (!state) return [eventOf(entry, 'ActorRegistered')];
    return isHeld(state, entry) ? [] : refuse('actor-exists', { path: ['id'] });
  };

/** Replaces the whole entry. */
export const amendActor =
  (entry: NewEntry): ActorDecision =>
  state => {
    if (!state) return refuse('unknown-actor-id');
    return isHeld(state, entry) ? [] : [eventOf(entry, 'ActorAmended')];
  };

/** Reconstructs the decision behind a commit from its first event; undefined for an event that is no actor's. */
export function reconstructActorDecision([first]: readonly ActorEvent[]): ActorDecision | undefined {
  if (!first) return undefined;
  return first.type.startsWith('ActorRegistered') ? registerActor(first.data) : amendActor(first.data);
}
