import { z } from 'zod';
import { actorEvents } from './actor/actor.js';
import type { Origin } from './author.js';
import { storyEvents } from './story/acts/index.js';
import type { Opaque, Opened } from './story/payload.js';
import type { Payloads } from './story/story.js';
import { actorOf, storyOf } from './streams.js';
import { ActorId, StoryId } from './text.js';

/** The first event of every log. The id of its commit is the log's id, and the parent of every stream's first commit. */
export const LogOpened = z.strictObject({
  type: z.literal('LogOpened'),
  data: z.strictObject({
    name: z
      .string()
      .max(200)
      .refine(name => name.isWellFormed()),
  }),
});

const schemasOf = <const Entries extends readonly { readonly schema: z.ZodObject }[]>(entries: Entries) =>
  entries.map(({ schema }) => schema) as unknown as { [Index in keyof Entries]: Entries[Index]['schema'] };
const storySchemas = schemasOf(storyEvents);

/** The schema of every event that the log may hold. */
export const DomainEvent = z.discriminatedUnion('type', [LogOpened, ...storySchemas, ...actorEvents]);
/** An event as the log holds it, with its payload sealed. */
export type DomainEvent = z.infer<typeof DomainEvent>;
/** An event whose payload may be sealed, open or null. */
export type OpaqueEvent = Opaque<DomainEvent>;
/** An event with its payload open, or null if its key was destroyed. */
export type OpenEvent = Opened<DomainEvent, Payloads>;

const homes = [
  { types: [LogOpened.shape.type.value], holds: (stream: string) => stream === 'log' },
  {
    types: storyEvents.map(({ type }) => type),
    holds: (stream: string) => StoryId.safeParse(storyOf({ stream })).success,
  },
  {
    types: actorEvents.map(({ shape }) => shape.type.value),
    holds: (stream: string) => ActorId.safeParse(actorOf({ stream })).success,
  },
];

/** Whether an event of this type belongs in this stream: story events in `story:…`, actor events in `actor:…`. */
export function belongsIn(stream: string, type: DomainEvent['type']): boolean {
  return homes.some(({ types, holds }) => (types as string[]).includes(type) && holds(stream));
}

/** A winning record, decoded. Its events take effect together. */
export interface Commit extends Origin {
  readonly stream: string;
  /** Number of the commit in its stream, from 1. */
  readonly seq: number;
  readonly parent: string;
  /** How many commits of the log have won, this one included. */
  readonly position: number;
  /** The idempotency key of its command. */
  readonly command: string;
  readonly events: readonly DomainEvent[];
}

/** A winning record, decoded, with every payload open whose key exists. */
export interface OpenCommit extends Omit<Commit, 'events'> {
  readonly events: readonly OpenEvent[];
  /** The same events with their payloads sealed, as the log holds them. */
  readonly sealed: readonly DomainEvent[];
}
