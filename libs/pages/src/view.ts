import type {
  Actor,
  Cell,
  Change,
  Entry,
  FormerText,
  HeaderVersion,
  KeyPoint,
  Story,
  TakenDownEntry,
  ReadableEntry,
} from '#contract';

// The data that pages show, from the readers' API: its fields are the contract's.

/** An actor whom an entry names: id and name. */
export type Named = ReadableEntry['actors'][number];

type Condition = ReadableEntry['modality']['conditions'][number];
/** A condition and its outcome. */
export type ConditionView = Pick<Condition, 'id' | 'text' | 'fate' | 'reason'>;

/** A mode and the conditions that belong to it. */
export interface ModalityView extends Pick<ReadableEntry['modality'], 'mode'> {
  readonly conditions: readonly ConditionView[];
}

type Hanging<Told extends { modality: unknown }, Fields extends keyof Told> = Pick<Told, Fields> & {
  readonly modality: ModalityView;
};

/** The report in an entry. */
export type ReportedView = Hanging<
  ReadableEntry,
  'kind' | 'headline' | 'bodyHtml' | 'data' | 'occurred' | 'sourcing' | 'byline' | 'media' | 'captures'
>;

/** A picture of an entry. */
export type MediumView = NonNullable<ReadableEntry['media']>[number];

/** A page that an entry links to, as it was captured. */
export type CaptureView = NonNullable<ReadableEntry['captures']>[number];

type Made = 'recorded' | 'by';
type Check = ReadableEntry['checks'][number];
type Correction = ReadableEntry['corrections'][number];
type Edit = ReadableEntry['edits'][number];
type Retraction = NonNullable<ReadableEntry['retraction']>;

/** A link to another development of the story, and the relation. */
export type LinkView = Pick<ReadableEntry['links'][number], 'as' | 'development' | 'title'>;

type Standing = Pick<
  ReadableEntry,
  'id' | 'standing' | 'recorded' | 'by' | 'changed' | 'key' | 'pinned' | 'supersededBy'
>;
/** The text before a minor edit. */
export type FormerTextView = Pick<FormerText['was'], 'headline' | 'bodyHtml'>;

/** An entry of a timeline. */
export interface EntryView extends ReportedView, Standing {
  readonly status: Entry['status'];
  readonly actors: readonly Named[];
  readonly links: readonly LinkView[];
  readonly checks: readonly Pick<Check, 'verdict' | 'note' | Made>[];
  /** On its own page, with its text before the latest of them. */
  readonly corrections: readonly (Pick<Correction, 'wrong' | 'reason' | Made> & { readonly was?: ReportedView })[];
  /** Minor edits. On its own page, with the text before the latest of them. */
  readonly edits: readonly (Pick<Edit, Made> & { readonly was?: FormerTextView })[];
  readonly retraction: Pick<Retraction, 'reason' | Made> | null;
  /** When and on what ground it was taken down. */
  readonly takedown?: TakenDownEntry['takedown'] | null | undefined;
}

type Conditions = Readonly<Record<string, Omit<ConditionView, 'id'>>>;

type StoryFields =
  'id' | 'title' | 'summary' | 'zone' | 'language' | 'status' | 'continues' | 'opened' | 'position' | 'recorded';
/** A story, for the head of its page. */
export interface StoryPage extends Pick<Story, StoryFields> {
  readonly conditions: Conditions;
}

/** A version of a story's header. */
export type HeaderView = Pick<
  HeaderVersion,
  'title' | 'summary' | 'position' | 'recorded' | 'by' | 'reason' | 'takedown'
>;

/** A key point of a story. */
export type KeyPointView = Pick<KeyPoint, 'text' | 'words' | 'cites' | 'position' | 'first' | 'struck' | 'takedown'>;

/** A citation of one development in an actor's state. */
export type CitationView = Hanging<
  Cell['citations'][number],
  'development' | 'kind' | 'headline' | 'value' | 'sourcing' | 'standing' | 'occurred' | 'recorded' | 'status'
>;

/** One cell of an actor's state. */
export interface CellView extends Pick<Cell, 'facet' | 'key' | 'total'> {
  /** Null if every development behind it was superseded. */
  readonly current: CitationView | null;
  /** The latest of them. */
  readonly citations: readonly CitationView[];
}

/** An actor's entry in the registry. */
export type ActorView = Pick<Actor, 'id' | 'name' | 'kind' | 'aliases' | 'affiliations' | 'description'>;

/** An act in a change. */
export type ActView = Pick<Change['acts'][number], 'act' | 'development' | 'condition'>;

/** The part of a change that an open page needs. */
export interface ChangeView extends Pick<Change, 'position' | 'recorded' | 'status' | 'continues'> {
  /** The versions of the header, the current one first, if it changed. */
  readonly headers?: readonly HeaderView[] | undefined;
  /** The key points, if they changed, or an update that they rest on. */
  readonly keyPoints?: readonly KeyPointView[] | undefined;
  readonly acts: readonly ActView[];
  readonly entries: readonly EntryView[];
  readonly conditions?: Conditions | undefined;
}

/** How to show a field of a kind's data. */
export interface FieldShape {
  readonly name: string;
  /** Left out where it is the name in words. */
  readonly label?: string;
  /** `words` is one of a list; `slug` only connects developments and is not shown; `prose` is a paragraph; `group` has fields. */
  readonly form: 'actor' | 'words' | 'slug' | 'prose' | 'text' | 'group';
  readonly fields?: readonly FieldShape[];
}

/** A page's information about one kind of development, from the catalogue. */
export interface KindShape {
  readonly title: string;
  readonly quote?: { readonly words: string; readonly by: string };
  /** It happens at one moment: that nobody reported the moment is worth saying. */
  readonly momentary?: true;
  readonly fields: readonly FieldShape[];
}
/** The kinds by name. */
export type KindShapes = Readonly<Record<string, KindShape>>;
