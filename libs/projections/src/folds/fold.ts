import {
  developmentsIn,
  type Author,
  type OpaqueEvent,
  type OpenCommit,
  type OpenEvent,
  type ShownEventType,
} from '#domain';
import type { WithheldRow } from './withheld/rows.js';

/** A row of a table: values by column, which read back byte for byte. Times are ISO 8601 text in UTC; an absent value is null. */
export type Row = Readonly<Record<string, unknown>>;
/** The values of the key's columns, in order. */
export type Key = readonly (string | number)[];

/** The description of a projection's table. */
export interface Table {
  /** The primary key's columns. */
  readonly key: readonly string[];
  /** The leading columns of the key, by which `touches` asks for rows. */
  readonly by: readonly string[];
  /** The column with the story's id, if rows hold contents of stories: a takedown rebuilds all rows of its story. */
  readonly story?: 'story';
  /**
   * How its rows of earlier positions are kept. `versions`: rows change, and each version is kept. `once`: each row is written once, and
   * belongs to the commit at its `position`. Default: they are not kept, and reads of the past see the current rows.
   */
  readonly past?: 'versions' | 'once';
  /** Of a table with versions: a column whose value is at most the position at which the version began. Reads of the past use its index. */
  readonly placed?: 'position';
  /** Of a table with versions: the columns of indexes by which rows, as of a position too, are counted and listed without reading them. */
  readonly counted?: readonly (readonly string[])[];
  /** Of a table with versions: whether one row may have more versions than a read can search one by one. */
  readonly manyVersions?: true;
}

/** A request for rows to load before a commit is folded: all rows whose leading key columns have these values. */
export interface Touch {
  readonly table: string;
  readonly values: Key;
}

/** A row to upsert, or the key of a row to delete. */
export type Change = { readonly table: string; readonly put: Row } | { readonly table: string; readonly drop: Key };

/** The rows that `touches` asked for, after earlier commits. Throws for any others. */
export interface Held {
  get<R extends Row>(table: string, key: Key): R | undefined;
  /** In key order. */
  where<R extends Row>(table: string, values: Key): R[];
}

/** The types of events that folds never show: events of the registry, and internal ones. */
export type OtherType = Exclude<OpenEvent['type'], ShownEventType>;

/** The types of events about a story as a whole, which the tables of its developments ignore. */
export type WholeStoryType =
  | 'StoryOpened'
  | 'StoryOpenedSealed'
  | 'StoryAmended'
  | 'TextShredded'
  | 'StoryClosed'
  | 'StoryClosedSealed'
  | 'StoryReopened'
  | 'StoryReopenedSealed'
  | 'KeyPointWritten'
  | 'KeyPointsSet';

/**
 * Returns the row unchanged. Each fold lists the event types that it ignores, with `satisfies`, so that a new type compiles only once
 * every fold handles it.
 */
export const untouched = <R>(_type: string, row: R): R => row;

type Lift = Extract<OpenEvent, { type: 'EmbargoLifted' }>;

/** A development when its embargo ends. Where it was recorded in the log, and until when it was to be withheld, stays hidden. */
export type LiftedRow = Omit<WithheldRow, 'story' | 'position' | 'until' | 'retracted'>;

/** An event as readers may see it. The end of an embargo carries the development that was withheld until then. */
export type ShownEvent =
  Exclude<OpenEvent, Lift> | (Pick<Lift, 'type'> & { readonly data: Lift['data'] & { readonly withheld: LiftedRow } });

/** A commit split into the events that readers may see, if any, and the others. */
export interface ShownCommit extends Omit<OpenCommit, 'events'> {
  readonly events: readonly ShownEvent[];
  readonly withheld: readonly OpenEvent[];
}

/** What readers learn of an author: the name. The id is for the desk and for auditors. */
export type Signature = Pick<Author, 'name'>;
/** The signature of an author. */
export const signatureOf = ({ name }: Signature): Signature => (name === undefined ? {} : { name });

/** What readers may learn of a commit; enough to fold what they read. */
export type ReadableCommit = Pick<ShownCommit, 'stream' | 'position' | 'recorded' | 'events'> & {
  readonly by: Signature;
};

/**
 * One read model. Pure: no clock, randomness, sequence or locale, and no dependence on where a batch ends. A row may depend on the
 * commits of only one stream, so that a quarantined stream can be folded later. Any change to a row's bytes for an old commit, through
 * the catalogue's marks too, needs a new version.
 */
export interface Projection {
  readonly name: string;
  readonly version: number;
  readonly tables: Readonly<Record<string, Table>>;
  /** Whether its folder has a `views.sql`: views of its tables, which are made of the present rows and of the rows as of a position. */
  readonly hasViews?: true;
  /** The tables and views that the reader's role may select from. Default: none. */
  readonly readers?: readonly string[];
  touches(commit: OpenCommit): Touch[];
  fold(held: Held, commit: ShownCommit): Change[];
}

/** The ids of the developments that a commit's events name; each id once. */
export const developmentsOf = ({ events }: { readonly events: readonly (OpaqueEvent | ShownEvent)[] }): string[] =>
  developmentsIn(events);

/** Every table of the projections, by name. */
export const tablesOf = (projections: readonly Projection[]) =>
  Object.assign({}, ...projections.map(({ tables }) => tables)) as Projection['tables'];
