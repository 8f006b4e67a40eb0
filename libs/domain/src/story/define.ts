import { z } from 'zod';
import type { Author, CommitAuthor, Origin } from '../author.js';
import type { IsProven } from '../capture.js';
import type { Content } from '../content.js';
import type { Refusal } from '../errors.js';
import type { KeptIn } from '../media.js';
import { DevelopmentId, TextId } from '../text.js';
import type { Bound } from './bounds.js';
import { Sealed, type Outline } from './payload.js';
import { tokenRolesFor, type ActingRole, type Does } from './rights.js';
import type { Header, HeaderWords } from './header.js';
import type { Proposal } from './proposals.js';
import type { StoryDecision, StoryState } from './state.js';

/** The field that every event about a development has. */
export const of = { development: DevelopmentId };
/** The field that every event about a text of the story has. The key of its payload belongs to that text. */
export const ofText = { text: TextId };

type Data<Fields extends z.ZodRawShape, Payload> = z.infer<z.ZodObject<Fields>> &
  (Payload extends z.ZodType ? { told: unknown } : unknown);

/** Another event of the same commit; its data is that of its type. */
export interface OtherEvent {
  readonly type: string;
  readonly data: object;
}

/** One entry of the catalogue of events: everything that the domain knows about one type of event in a story. */
interface EventEntry<
  Type extends string,
  Readers extends 'shown' | 'internal',
  Fields extends z.ZodRawShape,
  Payload extends z.ZodType | undefined,
> {
  /** A stored name: it never changes its meaning. A breaking change is a new event beside the old one. */
  readonly type: Type;
  /** The data fields that the log holds in the clear. Other fields are refused. */
  readonly fields: Fields;
  /** The schema of its payload, which the log holds sealed in the field `told`: under the key of its development, or else of its text. */
  readonly payload?: Payload;
  /**
   * What its payload holds of the development's content. `whole`: the field `content` is all of it. `part`: the payload's fields replace
   * those of the content; the last event of this type replaces the one before it. Default: nothing.
   */
  readonly carries?: 'whole' | 'part';
  /** `internal`: never sent to readers. `shown`: sent, unless it names a development under embargo. */
  readonly readers: Readers;
  /** Applies the event to the story's state. Total: it never throws. */
  evolve(state: StoryState, data: Data<Fields, Payload>, commit: Origin): StoryState;
  /**
   * Reconstructs the decision behind a commit that begins with this event: the log holds no command bodies, but its events show what
   * was decided. `rest` are the commit's other events. Null if no commit begins with this event.
   */
  readonly reconstruct:
    ((data: Data<Fields, Payload>, rest: readonly OtherEvent[], by: Author) => StoryDecision) | null;
  /** The bound that it counts towards, if any. */
  readonly fills?: Filling<Data<Fields, Payload>>;
}

/** A bounded quantity: how much of it there is, and the advice when it is full. */
export interface Filling<Data> {
  readonly bound: Bound;
  readonly full: string;
  readonly instead: string;
  count(state: StoryState, data: Data): number;
}

/** Defines a type of event; adds the schema that validates it in the log. */
export function defineEvent<
  const Type extends string,
  const Readers extends 'shown' | 'internal',
  Fields extends z.ZodRawShape,
  Payload extends z.ZodType | undefined = undefined,
>(entry: EventEntry<Type, Readers, Fields, Payload>) {
  const [about, ...rest] = Object.entries(entry.fields);
  const shape = entry.payload ? Object.fromEntries([about!, ['told', Sealed], ...rest]) : entry.fields;
  type Shape = Fields & (Payload extends z.ZodType ? { told: typeof Sealed } : unknown);
  const schema = z.strictObject({ type: z.literal(entry.type), data: z.strictObject(shape as unknown as Shape) });
  return { ...entry, schema, payload: entry.payload as Payload };
}

/** The objects of acts, with the names in their routes. */
export interface Targets {
  /** A story that does not exist yet. */
  readonly newStory: { readonly story: string };
  readonly story: { readonly story: string };
  readonly development: { readonly story: string; readonly development: string };
  readonly condition: { readonly story: string; readonly condition: string };
  readonly text: { readonly story: string; readonly text: string };
  /** Named by the commit that proposed it. */
  readonly proposal: { readonly story: string; readonly proposal: string };
}

/** A command as received: its author, the object, and the body. */
export interface Request<Target, Body> {
  readonly by: CommitAuthor;
  /** The author's roles in the story, and those of the token that hold in every story: see `rolesIn`. */
  readonly roles: readonly string[];
  /** The idempotency key. */
  readonly key: string;
  /** When it was received: ISO 8601, UTC, milliseconds. */
  readonly received: string;
  readonly target: Target;
  readonly body: Body;
}

/** Helpers for an act that turns a request into a command. All are pure. */
export interface Known {
  readonly story: StoryState;
  /** Resolves actors to ids and adds a headline; refuses content that readers could not be shown. */
  resolved(content: Content): Content | Refusal;
  /** The current content of a development. Undefined if there is none, or its key is not known. */
  contentOf(development: string): Content | undefined;
  /** What a ticket of an upload holds; undefined if the ticket is not one of this story. */
  readonly keptIn: KeptIn;
  /** Whether this newsroom captured the page so. */
  readonly isProven: IsProven;
  /** The outline of a content, under the secret of its development. */
  outlined(development: string, content: Content): Outline;
  /** The payload of a proposed retraction: its reason. Null if its key is destroyed or unknown. */
  reasonOf(proposal: { readonly development: string; readonly told: unknown }): unknown;
  /** The words of a header. Null where its key is destroyed or unknown. */
  wordsOf(header: Header): HeaderWords | null;
}

/** The key that a command needs before the decision. */
export interface Sealing {
  /** The id of the development, or of the text, whose payload is sealed. Absent where the command only reads. */
  readonly key?: string;
  /** Whether that key has yet to be created. */
  readonly isNew?: true;
  /** Further new texts whose payloads are sealed. */
  readonly also?: readonly string[];
  /** The text that the command reads. */
  readonly opens?: string | undefined;
}

/** One entry of the catalogue of acts: everything that the domain knows about one thing that people do to a story. */
interface ActEntry<On extends keyof Targets, Route extends string, Body extends z.ZodType | undefined, Decide> {
  /** A stored name: it never changes. It is part of the hash by which the log knows a command again. `rights` says who may do it. */
  readonly does: Does;
  readonly on: On;
  /** The last segment of its route; empty if the route needs none. */
  readonly route: Route;
  /** Summary for the API's documents. */
  readonly summary: string;
  /** The label of its button at the desk; absent if the desk has a separate form for it. */
  readonly label?: string;
  readonly body?: Body;
  /** What a second person has to approve, for an act that only proposes. */
  readonly proposes?: Proposal['act'];
  /** The keys that it needs, for acts that write a payload. */
  sealing?(request: Request<Targets[On], BodyOf<Body>>, story: StoryState): Sealing | undefined;
  /** Turns the request into a command. */
  command(request: Request<Targets[On], BodyOf<Body>>, known: Known): CommandOf<Decide> | Refusal;
  /** Pure: no clock, no randomness. It runs again after a lost race, and in `verify`. */
  readonly decide: Decide;
}
type CommandOf<Decide> = Decide extends (command: infer Command) => StoryDecision ? Command : never;
type BodyOf<Body> = Body extends z.ZodType ? z.infer<Body> : Record<string, never>;

/** Defines an act; adds the roles of a token with which its route may be used. */
export const defineAct = <
  On extends keyof Targets,
  const Route extends string,
  Decide extends (command: never) => StoryDecision,
  Body extends z.ZodType | undefined = undefined,
>(
  entry: ActEntry<On, Route, Body, Decide>,
) => ({ ...entry, roles: tokenRolesFor(entry.does) });

/** An act on any target. */
export type Act = Omit<
  ActEntry<keyof Targets, string, z.ZodType | undefined, never>,
  'sealing' | 'command' | 'decide'
> & {
  /** The roles of a token with which somebody may do it in some story: a route refuses the others. */
  readonly roles: readonly ActingRole[];
  sealing?(request: never, story: StoryState): Sealing | undefined;
  command(request: never, known: Known): unknown;
  decide(command: never): StoryDecision;
};

/** The `sealing` of acts whose payload belongs to the target development. */
export const itsDevelopment = ({ target }: { readonly target: { readonly development: string } }): Sealing => ({
  key: target.development,
});
