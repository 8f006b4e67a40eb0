import { z } from 'zod';
import { actorEvents } from './actor/actor.js';
import type { Origin } from './author.js';
import { storyEvents } from './story/acts/index.js';
import type { Opaque, Opened } from './story/payload.js';
import type { Payloads } from './story/story.js';
import { actorOf, storyOf } from './streams.js';
import { ActorId, StoryId } from './text.js';

/** The first event of every log. Its commit's id is the log's id, and the parent of every stream's first commit. */
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

export const DomainEvent = z.discriminatedUnion('type', [LogOpened, ...storySchemas, ...actorEvents]);
/** As it stands in the log. */
export type DomainEvent = z.infer<typeof DomainEvent>;
/** With a payload of any form. */
export type OpaqueEvent = Opaque<DomainEvent>;
/** With its payload open, or null where that is destroyed. */
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

/** Whether an event of this type can stand in the stream: a story's in one named after a story, an actor's after an actor. */
export function belongsIn(stream: string, type: DomainEvent['type']): boolean {
  return homes.some(({ types, holds }) => (types as string[]).includes(type) && holds(stream));
}

/** A winning record, read: events that stand or fall together. */
export interface Commit extends Origin {
  readonly stream: string;
  /** Number of the commit in its stream, from 1. */
  readonly seq: number;
  readonly parent: string;
  /** How many commits of the log have won, this one included. */
  readonly position: number;
  /** The idempotency key. */
  readonly command: string;
  readonly events: readonly DomainEvent[];
}

/** A winning record, read and opened by the keys there are. */
export interface OpenCommit extends Omit<Commit, 'events'> {
  readonly events: readonly OpenEvent[];
  /** The same, as they stand in the log. */
  readonly sealed: readonly DomainEvent[];
}
