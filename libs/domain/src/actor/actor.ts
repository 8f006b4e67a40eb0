import { z } from 'zod';
import type { Author, Origin } from '../author.js';
import { digest } from '../digest.js';
import { refuse, type Refusal } from '../errors.js';
import { payloadOf, Sealed, type Opaque } from '../story/payload.js';
import { approvers, CommitId, grounds, type Approver, type Ground } from '../story/proposals.js';
import { secondEdition } from '../story/rules.js';
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

/** The most versions of an entry that a new command may reach. A takedown destroys them, and the count begins again. */
export const versionsOfActor = 200;

const ofTakedown = { ground: z.enum(grounds), as: z.enum(approvers), ...secondEdition };
/** The reason of a proposal, or of its withdrawal: sealed under the key of the version that the proposal names. */
const Reason = z.strictObject({ reason: Text(1_000) });

// Stored names: they never change. A breaking change is a new event beside the old one.
/** Every event of an actor. Those of an entry carry the whole of it; earlier versions of the product wrote them in the clear. */
export const actorEvents = [
  z.strictObject({ type: z.literal('ActorRegistered'), data: ActorProfile }),
  z.strictObject({ type: z.literal('ActorAmended'), data: ActorProfile }),
  sealed('ActorRegisteredSealed'),
  sealed('ActorAmendedSealed'),
  /** A takedown of the entry waits for a second person. `text` is the version that the entry had. */
  z.strictObject({
    type: z.literal('ActorTakedownProposed'),
    data: z.strictObject({ text: TextId, told: Sealed, ...ofTakedown }),
  }),
  z.strictObject({
    type: z.literal('ActorTakedownWithdrawn'),
    data: z.strictObject({
      ...{ text: TextId, told: Sealed, proposal: CommitId, as: z.enum(approvers), ...secondEdition },
    }),
  }),
  /** Orders every reader of the log to destroy the keys of all versions of the entry. It approves the proposal. */
  z.strictObject({
    type: z.literal('ActorShredded'),
    data: z.strictObject({ texts: z.array(TextId).min(1), proposal: CommitId, ...ofTakedown }),
  }),
] as const;
/** The types of actors' events that readers never see. */
export const internalActorEvents = ['ActorTakedownProposed', 'ActorTakedownWithdrawn'] as const;
export type SealedActorEvent = z.infer<(typeof actorEvents)[number]>;
/** An event as decisions take it: its payload may be sealed, open or null. */
export type ActorEvent = Opaque<SealedActorEvent>;

const types: ReadonlySet<string> = new Set(actorEvents.map(({ shape }) => shape.type.value));
/** Whether an event is an actor's. */
export const isOfActor = <Event extends { readonly type: string }>(
  event: Event,
): event is Extract<Event, { readonly type: SealedActorEvent['type'] }> => types.has(event.type);

/** The schemas of the payloads of actors' events, by type. Each version of an entry has its own key. */
export const actorPayloadSchemas = {
  ActorRegisteredSealed: ActorWords,
  ActorAmendedSealed: ActorWords,
  ActorTakedownProposed: Reason,
  ActorTakedownWithdrawn: Reason,
} as const;

/** An entry whose words are sealed. */
export type SealedEntry = ActorSettings & {
  /** The id of its key. */
  readonly text: string;
  readonly told: unknown;
  readonly sealedIn: 'ActorRegisteredSealed' | 'ActorAmendedSealed';
  /** The entry was taken down: its key is destroyed. */
  readonly gone?: true;
};

/** An open proposal to take down an actor's entry. */
export interface ActorProposal {
  /** The id of the commit that made it. */
  readonly id: string;
  readonly by: Author;
  /** The role in which its author proposed it. */
  readonly as: Approver;
  /** ISO 8601, UTC, milliseconds. */
  readonly recorded: string;
  readonly ground: Ground;
  /** The version under whose key the reason is sealed. */
  readonly text: string;
  /** Its reason: a payload in any form. */
  readonly told: unknown;
}

/** What a takedown needs to know besides the current entry. */
interface Past {
  /** The texts of former versions, oldest first, except those that were taken down. */
  readonly former?: readonly string[];
  readonly proposal?: ActorProposal;
}

/** An actor's entry as its last event left it; null before the actor is registered. */
export type ActorState = ((ActorProfile | SealedEntry) & Past) | null;
/** The state before an actor is registered. */
export const noActor: ActorState = null;

const withoutPast = <Entry extends ActorProfile | SealedEntry>(state: Entry & Past): Entry => {
  const { former: _former, proposal: _proposal, ...entry } = state;
  return entry as unknown as Entry;
};

/** The entry that an event carries; undefined if it carries none. */
export function entryIn({ type, data }: ActorEvent): ActorProfile | SealedEntry | undefined {
  if (type === 'ActorRegistered' || type === 'ActorAmended') return data;
  return type === 'ActorRegisteredSealed' || type === 'ActorAmendedSealed' ? { ...data, sealedIn: type } : undefined;
}

/** The texts of all versions of the entry whose keys exist, oldest first. */
export const textsOfActor = (state: ActorState): readonly string[] =>
  state ? [...(state.former ?? []), ...('text' in state && !state.gone ? [state.text] : [])] : [];

/** The state after an event. Total: it never throws. */
export function evolveActor(state: ActorState, event: ActorEvent, commit: Origin): ActorState {
  const entry = entryIn(event);
  if (entry) {
    const former = textsOfActor(state);
    return { ...entry, ...(former.length > 0 && { former }), ...(state?.proposal && { proposal: state.proposal }) };
  }
  if (!state) return state;
  if (event.type === 'ActorTakedownProposed') {
    const { text, told, ground, as } = event.data;
    const { id, by, recorded } = commit;
    return { ...state, proposal: { id, by, as, recorded, ground, text, told } };
  }
  if (event.type !== 'ActorShredded') {
    const { proposal: _, ...rest } = state;
    return rest;
  }
  return 'text' in state ? { ...withoutPast(state), gone: true } : withoutPast(state);
}

/** The profile of an entry. Without its words the actor is known by the id alone. */
export function profileOf(actor: string, entry: NonNullable<ActorState>, words?: ActorWords | null): ActorProfile {
  if (!('text' in entry)) return withoutPast(entry);
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
  if (entry.text !== undefined) {
    const isSame = 'text' in state && state.text === entry.text;
    // The words that were taken down are unknown, so nothing equals them.
    return isSame || (entry.isUnchanged === true && !('gone' in state));
  }
  return !('text' in state) && digest(withoutPast(state)) === digest(entry);
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
