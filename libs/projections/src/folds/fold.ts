import { developmentsIn, type OpaqueEvent, type OpenCommit, type OpenEvent, type ShownEventType } from '#domain';
import type { WithheldRow } from './withheld/rows.js';

/** What a column holds, so that it reads back byte for byte. A time is ISO 8601 text in UTC; what is absent is null. */
export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };
export type Row = Readonly<Record<string, unknown>>;
export type Key = readonly (string | number)[];

export interface Table {
  /** The primary key's columns. */
  readonly key: readonly string[];
  /** The first columns of the key, by which `touches` asks for rows. */
  readonly by: readonly string[];
  /** The column with the story's id, if rows hold contents of stories: a takedown makes all rows of its story again. */
  readonly story?: 'story';
}

/** Rows of a table to load before a commit is folded: all whose first key columns hold these values. */
export interface Touch {
  readonly table: string;
  readonly values: Key;
}

export type Change = { readonly table: string; readonly put: Row } | { readonly table: string; readonly drop: Key };

/** The rows that `touches` asked for, as earlier commits left them. Asking for others throws. */
export interface Held {
  get<R extends Row>(table: string, key: Key): R | undefined;
  /** In the order of the key. */
  where<R extends Row>(table: string, values: Key): R[];
}

/** The types of events that no reader gets by a fold: those of the registry, and those that stay in the newsroom. */
export type OtherType = Exclude<OpenEvent['type'], ShownEventType>;

/**
 * The row that an event leaves as it is. Each fold names the types that it leaves alone, with `satisfies`: so a new type does not
 * compile before each fold says what it does with it.
 */
export const untouched = <R>(_type: string, row: R): R => row;

type Lift = Extract<OpenEvent, { type: 'EmbargoLifted' }>;

/** An event as readers may see it. The end of an embargo brings the development that was withheld until then. */
export type ShownEvent =
  | Exclude<OpenEvent, Lift>
  | (Pick<Lift, 'type'> & { readonly data: Lift['data'] & { readonly withheld: WithheldRow } });

/** A commit with the events that readers may see, which may be none, and those that they may not. */
export interface ShownCommit extends Omit<OpenCommit, 'events'> {
  readonly events: readonly ShownEvent[];
  readonly withheld: readonly OpenEvent[];
}

/**
 * One read model, pure: no clock, chance, sequence or locale, and nothing that depends on where a batch ends.
 * A row may depend on the commits of one stream only, so that a stream which was quarantined can be folded later.
 * Whatever changes a row's bytes for an old commit, the catalogue's marks included, is a new version.
 */
export interface Projection {
  readonly name: string;
  readonly version: number;
  readonly tables: Readonly<Record<string, Table>>;
  /** The tables and views that the reader's role may select from; none if not given. */
  readonly readers?: readonly string[];
  touches(commit: OpenCommit): Touch[];
  fold(held: Held, commit: ShownCommit): Change[];
}

/** The ids of the developments that a commit's events name, each once. */
export const developmentsOf = ({ events }: { readonly events: readonly (OpaqueEvent | ShownEvent)[] }): string[] =>
  developmentsIn(events);

/** Every table of the projections, by its name. */
export const tablesOf = (projections: readonly Projection[]) =>
  Object.assign({}, ...projections.map(({ tables }) => tables)) as Projection['tables'];
