import type {
  Byline,
  Capture,
  CapturedAgain,
  DomainEvent,
  Fate,
  FittingCredentials,
  Ground,
  Link,
  Media,
  Modality,
  Occurred,
  Sourcing,
} from '#domain';
import type { Signature } from '../fold.js';

/** A rendition of a picture; `sha256` is its public name, `size` is in bytes. */
export type ShownFile = {
  readonly sha256: string;
  readonly type: string;
  readonly width: number;
  readonly height: number;
  readonly size: number;
};
/** A recording; `name` is the one by which a correction shows it again, `sha256` the public one. `lasts` is in milliseconds. */
export type ShownRecording = ShownText & {
  readonly type: string;
  readonly lasts: number;
  readonly width?: number;
  readonly height?: number;
};
/** Captions: see `ShownRecording`. */
export type ShownText = { readonly name: string; readonly sha256: string; readonly size: number };
/** A picture as readers may see it: without its original, and without what opens the sealed files. */
export type ShownMedium = Omit<Media[number], 'picture' | 'recording' | 'captions'> & {
  /** The name by which a correction shows it again. */
  readonly picture: string;
  readonly width: number;
  readonly height: number;
  /** Its average colour, #rrggbb; null if it may be transparent. */
  readonly colour: string | null;
  /** Those that fit the picture. */
  readonly credentials?: FittingCredentials;
  readonly files: readonly ShownFile[];
  /** The video or the sound whose poster or cover it is. */
  readonly recording?: ShownRecording;
  readonly captions?: ShownText;
};

/** A page's picture as readers may see it. */
export type ShownPagePicture = Pick<ShownMedium, 'picture' | 'width' | 'height' | 'colour' | 'files'> & {
  /** The SHA-256 of its bytes, as its site gave them. */
  readonly sha256: string;
  readonly alt?: string | undefined;
};
type Pictured<Made> = Omit<Made, 'picture' | 'again'> & { readonly picture?: ShownPagePicture };
/** A capture as readers may see it. */
export type ShownCapture = Pictured<Capture> & { readonly again?: Pictured<CapturedAgain> };

/** The report before a correction. */
export type Reported = {
  readonly kind: string;
  readonly headline: string;
  readonly body: string | null;
  readonly data: Readonly<Record<string, unknown>>;
  readonly occurred: Occurred;
  readonly sourcing: Sourcing;
  readonly modality: Modality;
  /** Null where the content has none, as before there were bylines. */
  readonly byline: Byline | null;
  /** Null where the content has no pictures. */
  readonly media: readonly ShownMedium[] | null;
  /** Null where the content has none. */
  readonly captures: readonly ShownCapture[] | null;
};

/** The remains of a former report whose development was taken down. */
export type Unreported = { readonly kind: string } & { readonly [Field in Exclude<keyof Reported, 'kind'>]: null };

/** Who changed a development, and when the log received it (ISO 8601, UTC, milliseconds). */
export type Act = { readonly position: number; readonly recorded: string; readonly by: Signature };

/** A check of a development, and its note. */
export type Check = Act & { readonly verdict: 'verified' | 'disputed'; readonly note: string };
/** A correction: what was wrong, why, and the former report. */
export type Correction = Act & {
  readonly wrong: string;
  readonly reason: string;
  /** The former report. Omitted if only the current state is read, as it may be many times as long. */
  readonly was?: Reported;
};
/** A minor edit: when and by whom, and the texts before it. */
export type Edit = Act & {
  /** Omitted where only the current state is read. */
  readonly was?: Pick<Reported, 'headline' | 'body'>;
};

/** A retraction and its reason. */
export type Retraction = Act & { readonly reason: string };
/** When the log received the takedown, and its ground. */
export type Takedown = { readonly ground: Ground; readonly position: number; readonly recorded: string };

type Entry = {
  readonly story: string;
  readonly development: string;
  /** With `ordinal`, the event's index in its commit, this gives the story order. */
  readonly position: number;
  readonly ordinal: number;
  /** The last commit that changed this row. */
  readonly changed: number;
  /** By when it is known to have begun, in milliseconds since 1970; null where that is unknown. */
  readonly begun: number | null;
  readonly actors: readonly string[];
  readonly conditions: readonly string[];
  readonly recorded: string;
  readonly by: Signature;
  readonly superseded_by: string | null;
  readonly supersedes: readonly string[];
  readonly checks: readonly Check[];
  readonly corrections: readonly Correction[];
  readonly edits: readonly Edit[];
  readonly retraction: Retraction | null;
  readonly key: boolean;
  readonly pinned: boolean;
  readonly links: readonly Link[];
  /** The end of its embargo, when it became readable; null if it had none. */
  readonly lifted: Act | null;
};

/** A development that can be read. */
export type ReadableRow = Entry &
  Reported & {
    readonly status: 'active' | 'superseded' | 'retracted';
    /** The standing of the sourcing, or of a later check. */
    readonly standing: string;
    readonly takedown: null;
  };

/** The placeholder of a development that was taken down: it names no actors and holds no text of it. */
export type TakenDownRow = Entry &
  Unreported & {
    readonly status: 'taken-down';
    readonly standing: null;
    /** Null if the commit of the takedown is still to come, as in an earlier state, or unreadable. */
    readonly takedown: Takedown | null;
  };

/** A row of the timeline: a development, or the placeholder of one that was taken down. */
export type TimelineRow = ReadableRow | TakenDownRow;

/** The effect of one event, by ids; the entries hold the state after it. */
export type ActDone = {
  readonly act: DomainEvent['type'];
  readonly development?: string;
  /** The development that superseded it. */
  readonly by?: string;
  /** The retracted development that had superseded it. */
  readonly retracted?: string;
  readonly condition?: string;
  readonly fate?: Fate;
  /** The other development of the link, and the relation. */
  readonly to?: string;
  readonly as?: Link['as'];
};

/** The changes of one commit to its story, for pages that are already open. Every commit that shows readers anything has one. */
export type TimelineChangeRow = {
  readonly position: number;
  readonly story: string;
  readonly recorded: string;
  readonly by: Signature;
  readonly acts: readonly ActDone[];
  /** The changed rows after the commit, in story order. */
  readonly entries: readonly TimelineRow[];
};
