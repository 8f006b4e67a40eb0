import type { Author, DomainEvent, Fate, Ground, Link, Modality, Occurred, Sourcing } from '#domain';

/** What was reported, as it stood before a correction. */
export type Reported = {
  readonly kind: string;
  readonly headline: string;
  readonly body: string | null;
  readonly data: Readonly<Record<string, unknown>>;
  readonly occurred: Occurred;
  readonly sourcing: Sourcing;
  readonly modality: Modality;
};

/** What is left of it where it was taken down. */
export type Unreported = { readonly kind: string } & { readonly [Field in Exclude<keyof Reported, 'kind'>]: null };

/** Who did something to a development, and when the log had it. */
export type Act = { readonly position: number; readonly recorded: string; readonly by: Author };

export type Check = Act & { readonly verdict: 'verified' | 'disputed'; readonly note: string };
export type Correction = Act & {
  readonly wrong: string;
  readonly reason: string;
  /** What stood there before. Left out where rows are read for what they say now: it may be many times as long. */
  readonly was?: Reported;
};
export type Retraction = Act & { readonly reason: string };
/** When the log had it that a development is taken down, and on what ground. */
export type Takedown = { readonly ground: Ground; readonly position: number; readonly recorded: string };

type Entry = {
  readonly story: string;
  readonly development: string;
  /** With `ordinal`, the event's index in its commit: the story's order. */
  readonly position: number;
  readonly ordinal: number;
  /** The last commit that changed this row. */
  readonly changed: number;
  readonly actors: readonly string[];
  readonly conditions: readonly string[];
  readonly recorded: string;
  readonly by: Author;
  readonly superseded_by: string | null;
  readonly supersedes: readonly string[];
  readonly checks: readonly Check[];
  readonly corrections: readonly Correction[];
  readonly retraction: Retraction | null;
  readonly key: boolean;
  readonly pinned: boolean;
  readonly links: readonly Link[];
  /** The end of its embargo, from which on readers could read it; null where it had none. */
  readonly lifted: Act | null;
};

/** A development that can be read. */
export type ReadableRow = Entry &
  Reported & {
    readonly status: 'active' | 'superseded' | 'retracted';
    /** Sourcing's standing, or what a later check made of it. */
    readonly standing: string;
    readonly takedown: null;
  };

/** What stands in the place of a development that was taken down; it names no actors, and nothing that was said of it. */
export type TakenDownRow = Entry &
  Unreported & {
    readonly status: 'taken-down';
    readonly standing: null;
    /** Null where the commit that took it down is still to come, as in an earlier state, or could not be read yet. */
    readonly takedown: Takedown | null;
  };

export type TimelineRow = ReadableRow | TakenDownRow;

/** What one event of a commit did, by ids; the entries say how things stand after it. */
export type ActDone = {
  readonly act: DomainEvent['type'];
  readonly development?: string;
  /** The development that superseded it. */
  readonly by?: string;
  /** The retracted development that had superseded it. */
  readonly retracted?: string;
  readonly condition?: string;
  readonly fate?: Fate;
  /** The development that it was linked to, and as what. */
  readonly to?: string;
  readonly as?: Link['as'];
};

/** What one commit changed in its story: what a page that is already open has to learn. Every commit of a story that shows anything has one. */
export type TimelineChangeRow = {
  readonly position: number;
  readonly story: string;
  readonly recorded: string;
  readonly by: Author;
  readonly acts: readonly ActDone[];
  /** The rows changed, as they stand after the commit, in the story's order. */
  readonly entries: readonly TimelineRow[];
};
