import type { z } from 'zod';
import { actorPayloadSchemas } from '../actor/actor.js';
import type { Author, Origin } from '../author.js';
import type { Content } from '../content.js';
import { acts, storyEvents } from './acts/index.js';
import type { Filling } from './define.js';
import type { Opaque, Opened } from './payload.js';
import { laterRules } from './rules.js';
import { submissionAfter } from './acts/submissions.js';
import type { StoryDecision, StoryState } from './state.js';
import { withNameOf } from './team.js';

// Everything that follows from the catalogues of events and acts.

type Entry = (typeof storyEvents)[number];
/** An event as the log holds it. */
export type SealedStoryEvent = z.infer<Entry['schema']>;
/** An event as decisions and `evolve` take it: its payload may be sealed, open or null. */
export type StoryEvent = Opaque<SealedStoryEvent>;
/** The type of an event in a story. */
export type StoryEventType = Entry['type'];
/** The types of events that readers can see, unless they name a development under embargo. */
export type ShownEventType = Extract<Entry, { readers: 'shown' }>['type'];

/** The last route segment of each act on a development. */
export type DevelopmentRoute = Extract<(typeof acts)[keyof typeof acts], { on: 'development' }>['route'];

type WithPayload = Extract<Entry, { payload: z.ZodType }>;
type ActorPayloads = typeof actorPayloadSchemas;
/** The types of events that have a payload, of stories and of actors. */
export type PayloadType = WithPayload['type'] | keyof ActorPayloads;
/** The open payload of each of those types. */
export type Payloads = { readonly [One in WithPayload as One['type']]: z.infer<One['payload']> } & {
  readonly [Type in keyof ActorPayloads]: z.infer<ActorPayloads[Type]>;
};
/** An event with its payload open, or null if its key was destroyed. */
export type OpenStoryEvent = Opened<SealedStoryEvent, Payloads>;

/** The schemas that validate payloads, by event type. */
export const payloadSchemas = {
  ...Object.fromEntries(storyEvents.flatMap(({ type, payload }) => (payload ? [[type, payload]] : []))),
  ...actorPayloadSchemas,
} as unknown as { readonly [One in WithPayload as One['type']]: One['payload'] } & ActorPayloads;

/** An entry of any type, untyped: its functions take the data of that entry's type. */
interface AnyEntry {
  evolve(state: StoryState, data: unknown, commit: Origin): StoryState;
  readonly reconstruct: ((data: unknown, rest: readonly StoryEvent[], by: Author) => StoryDecision) | null;
  readonly fills?: Filling<unknown>;
  readonly readers: 'shown' | 'internal';
  readonly carries?: 'whole' | 'part';
}
const entries = new Map<string, AnyEntry>(storyEvents.map(entry => [entry.type, entry as unknown as AnyEntry]));
const entryOf = (type: StoryEventType): AnyEntry => entries.get(type)!;

/** The bound that events of this type count towards, if any. */
export const fillingOf = (type: StoryEventType): Filling<unknown> | undefined => entryOf(type).fills;

/** What the payload of events of this type holds of a development's content, if anything. */
export const carriedBy = (type: string): 'whole' | 'part' | undefined => entries.get(type)?.carries;

/**
 * The content after an event of this type with this open payload. The same content if the payload carries none. Null if an event
 * carries a part, and the content before it is unknown.
 */
export function contentAfter(before: Content | null, type: string, payload: unknown): Content | null {
  const carried = carriedBy(type);
  if (carried === 'whole') return (payload as { readonly content: Content }).content;
  return carried === 'part' && before ? { ...before, ...(payload as Partial<Content>) } : before;
}

/** Keeps a submission up to date: new content waits for an approval again, and a retraction or takedown ends it. */
function afterEvent(
  next: StoryState,
  { submissions }: StoryState,
  type: StoryEventType,
  data: object,
  commit: Origin,
): StoryState {
  const { development } = data as { readonly development?: string };
  if (!submissions || development === undefined) return next;
  if (type === 'DevelopmentRetracted' || type === 'ContentShredded')
    return submissionAfter(next, development, 'over', commit);
  return carriedBy(type) ? submissionAfter(next, development, 'content', commit) : next;
}

/** The story's state after one more event. Total: it never throws. */
export function evolve(state: StoryState, { type, data }: StoryEvent, commit: Origin): StoryState {
  const evolved = afterEvent(entryOf(type).evolve(state, data, commit), state, type, data, commit);
  const next = withNameOf(evolved, commit.by);
  return 'rules' in data && data.rules ? { ...next, rules: laterRules(state.rules, data.rules) } : next;
}

/**
 * Reconstructs the decision behind a commit's events, from the first of them; undefined if no decision begins with it. To check that it
 * gives exactly these events, run it on the state before them.
 */
export const reconstructDecision = ([first, ...rest]: readonly StoryEvent[], by: Author): StoryDecision | undefined =>
  first && entryOf(first.type).reconstruct?.(first.data, rest, by);

type Decisions = { readonly [Name in keyof typeof acts]: (typeof acts)[Name]['decide'] };
/** The decision of each act, by the act's name. */
export const decisions = Object.fromEntries(
  Object.entries(acts).map(([name, { decide }]) => [name, decide]),
) as unknown as Decisions;
