import type { z } from 'zod';
import type { Author, Origin } from '../author.js';
import { acts, storyEvents } from './acts/index.js';
import type { Filling } from './define.js';
import type { Opaque, Opened } from './payload.js';
import type { StoryDecision, StoryState } from './state.js';

// What follows from the catalogues of events and acts.

type Entry = (typeof storyEvents)[number];
/** An event as the log holds it. */
export type SealedStoryEvent = z.infer<Entry['schema']>;
/** An event as decisions and `evolve` take it: its payload may be sealed, open or destroyed. */
export type StoryEvent = Opaque<SealedStoryEvent>;
export type StoryEventType = Entry['type'];
/** The types of events that readers get, unless they name a development under embargo. */
export type ShownEventType = Extract<Entry, { readers: 'shown' }>['type'];

/** The last step of the route of each act on a development. */
export type DevelopmentRoute = Extract<(typeof acts)[keyof typeof acts], { on: 'development' }>['route'];

type WithPayload = Extract<Entry, { payload: z.ZodType }>;
/** The types of events that have a payload. */
export type PayloadType = WithPayload['type'];
/** The payload of each of them. */
export type Payloads = { readonly [One in WithPayload as One['type']]: z.infer<One['payload']> };
/** An event with its payload open, or null where that is destroyed. */
export type OpenStoryEvent = Opened<SealedStoryEvent, Payloads>;

/** The schemas that validate payloads, by their events' types. */
export const payloadSchemas = Object.fromEntries(
  storyEvents.flatMap(({ type, payload }) => (payload ? [[type, payload]] : [])),
) as unknown as { readonly [One in WithPayload as One['type']]: One['payload'] };

/** One entry, whatever its type: what it does takes the data of its own type. */
interface AnyEntry {
  evolve(state: StoryState, data: unknown, commit: Origin): StoryState;
  readonly reconstruct: ((data: unknown, rest: readonly StoryEvent[], by: Author) => StoryDecision) | null;
  readonly fills?: Filling<unknown>;
  readonly readers: 'shown' | 'internal';
}
const entries = new Map(storyEvents.map(entry => [entry.type, entry as unknown as AnyEntry]));
const entryOf = (type: StoryEventType): AnyEntry => entries.get(type)!;

/** What events of this type add to, where that has a bound. */
export const fillingOf = (type: StoryEventType): Filling<unknown> | undefined => entryOf(type).fills;

/** The story's state after one more event; total over its events. */
export function evolve(state: StoryState, { type, data }: StoryEvent, commit: Origin): StoryState {
  const next = entryOf(type).evolve(state, data, commit);
  return 'rules' in data && data.rules ? { ...next, rules: data.rules } : next;
}

/**
 * The decision that gives commits whose events begin like these; undefined where no decision begins so. Whether it gives
 * exactly these, the state before them shows.
 */
export const reconstructDecision = ([first, ...rest]: readonly StoryEvent[], by: Author): StoryDecision | undefined =>
  first && entryOf(first.type).reconstruct?.(first.data, rest, by);

type Decisions = { readonly [Name in keyof typeof acts]: (typeof acts)[Name]['decide'] };
/** What each act decides, by the act's name. */
export const decisions = Object.fromEntries(
  Object.entries(acts).map(([name, { decide }]) => [name, decide]),
) as unknown as Decisions;
