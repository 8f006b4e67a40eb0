import { z } from 'zod';
import type { Author, Origin } from '../author.js';
import type { Content } from '../content.js';
import type { Refusal } from '../errors.js';
import { DevelopmentId } from '../text.js';
import type { Bound } from './bounds.js';
import { Sealed, type Outline } from './payload.js';
import type { StoryDecision, StoryState } from './state.js';

/** The field that every event about a development has. */
export const of = { development: DevelopmentId };

type Data<Fields extends z.ZodRawShape, Payload> = z.infer<z.ZodObject<Fields>> &
  (Payload extends z.ZodType ? { told: unknown } : unknown);

/** Another event of the same commit; its data is that of its type. */
export interface OtherEvent {
  readonly type: string;
  readonly data: object;
}

/** One entry of the catalogue of events: all that the domain knows of one type of event in a story. */
interface EventEntry<
  Type extends string,
  Readers extends 'shown' | 'internal',
  Fields extends z.ZodRawShape,
  Payload extends z.ZodType | undefined,
> {
  /** A stored name: it never changes its meaning. A breaking change is a new event beside the old one. */
  readonly type: Type;
  /** The fields of its data that the log holds in the clear; any others are refused. */
  readonly fields: Fields;
  /** What the log holds sealed under the development's key, in the field `told`. */
  readonly payload?: Payload;
  /** `internal`: readers never get it. `shown`: they do, unless it names a development under embargo. */
  readonly readers: Readers;
  /** The story's state after it; total. */
  evolve(state: StoryState, data: Data<Fields, Payload>, commit: Origin): StoryState;
  /**
   * The decision that gives commits which begin with it: the log holds no command's body, but its events say what was decided.
   * `rest` are the commit's other events. Null where no commit begins with it.
   */
  readonly reconstruct:
    ((data: Data<Fields, Payload>, rest: readonly OtherEvent[], by: Author) => StoryDecision) | null;
  /** What it adds to, where that has a bound. */
  readonly fills?: Filling<Data<Fields, Payload>>;
}

/** How much there is of what an event adds to, and what to do where it is full. */
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
  const { development, ...rest } = entry.fields;
  const shape = entry.payload ? { development, told: Sealed, ...rest } : entry.fields;
  type Shape = Fields & (Payload extends z.ZodType ? { told: typeof Sealed } : unknown);
  const schema = z.strictObject({ type: z.literal(entry.type), data: z.strictObject(shape as unknown as Shape) });
  return { ...entry, schema, payload: entry.payload as Payload };
}

/** What acts are done to, with the names in its route. */
export interface Targets {
  /** A story that does not exist yet. */
  readonly newStory: { readonly story: string };
  readonly story: { readonly story: string };
  readonly development: { readonly story: string; readonly development: string };
  readonly condition: { readonly story: string; readonly condition: string };
  /** Named by the commit that made it. */
  readonly proposal: { readonly story: string; readonly proposal: string };
}

/** The roles of a newsroom that may act. */
export type ActingRole = 'reporter' | 'editor' | 'legal';
export const editors = ['editor'] as const;
export const editorsAndLawyers = ['editor', 'legal'] as const;

/** A command as it came: who wants what done to what. */
export interface Request<Target, Body> {
  readonly by: Author;
  /** The roles of its author's token. */
  readonly roles: readonly string[];
  /** The idempotency key. */
  readonly key: string;
  /** When it came: ISO 8601, UTC, milliseconds. */
  readonly received: string;
  readonly target: Target;
  readonly body: Body;
}

/** What an act can ask for while it turns a request into a command. All of it is pure. */
export interface Known {
  readonly story: StoryState;
  /** The content with its actors as ids and a headline; a refusal where a reader could not be shown it. */
  resolved(content: Content): Content | Refusal;
  /** The outline of a content under its development's secret. */
  outlined(development: string, content: Content): Outline;
  /** The payload of a proposed retraction: its reason. Null where its key is destroyed or unknown. */
  reasonOf(proposal: { readonly development: string; readonly told: unknown }): unknown;
}

/** The development whose secret a command needs before it is decided; `isNew` where it has none yet. */
export interface Sealing {
  readonly development: string;
  readonly isNew?: true;
}

/** One entry of the catalogue of acts: all that the domain knows of one thing that people do to a story. */
interface ActEntry<On extends keyof Targets, Route extends string, Body extends z.ZodType | undefined, Decide> {
  /** A stored name: it never changes. It is part of the hash by which the log knows a command again. */
  readonly does: string;
  readonly on: On;
  /** The last step of its route; no step of its own where that is empty. */
  readonly route: Route;
  readonly roles: readonly ActingRole[];
  /** What it does, for the API's documents. */
  readonly summary: string;
  /** What the desk writes on its button; absent where the desk has a form of its own for it. */
  readonly label?: string;
  readonly body?: Body;
  /** The development whose secret it needs, where it writes a payload. */
  sealing?(request: Request<Targets[On], BodyOf<Body>>, story: StoryState): Sealing | undefined;
  /** The command that the request asks for. */
  command(request: Request<Targets[On], BodyOf<Body>>, known: Known): CommandOf<Decide> | Refusal;
  /** Pure: no clock, no chance. It is run again where another commit came first, and by `verify`. */
  readonly decide: Decide;
}
type CommandOf<Decide> = Decide extends (command: infer Command) => StoryDecision ? Command : never;
type BodyOf<Body> = Body extends z.ZodType ? z.infer<Body> : Record<string, never>;

/** Defines an act. */
export const defineAct = <
  On extends keyof Targets,
  const Route extends string,
  Decide extends (command: never) => StoryDecision,
  Body extends z.ZodType | undefined = undefined,
>(
  entry: ActEntry<On, Route, Body, Decide>,
) => entry;

/** An act, whatever it is done to. */
export type Act = Omit<
  ActEntry<keyof Targets, string, z.ZodType | undefined, never>,
  'sealing' | 'command' | 'decide'
> & {
  sealing?(request: never, story: StoryState): Sealing | undefined;
  command(request: never, known: Known): unknown;
  decide(command: never): StoryDecision;
};

/** The sealing of acts that write a payload of the development they are done to. */
export const itsDevelopment = ({ target }: { readonly target: { readonly development: string } }): Sealing => ({
  development: target.development,
});
