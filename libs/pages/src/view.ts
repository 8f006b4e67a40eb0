import type { Facet, Fate, Ground, Mode, Occurred, Sourcing } from '#domain';

// What pages show, in the form in which the readers' API gives it.

export interface Named {
  readonly id: string;
  readonly name: string;
}

export interface ConditionView {
  readonly id: string;
  readonly text: string;
  /** Null while it is open. */
  readonly fate: Fate | null;
  readonly reason: string | null;
}

export interface ModalityView {
  readonly mode: Mode;
  readonly conditions: readonly ConditionView[];
}

/** Who did something to an entry, and when. */
interface Act {
  readonly recorded: string;
  readonly by: string | null;
}

export interface ReportedView {
  readonly kind: string;
  readonly headline: string;
  readonly bodyHtml: string | null;
  readonly data: Readonly<Record<string, unknown>> | null;
  readonly occurred: Occurred;
  readonly sourcing: Sourcing;
  readonly modality: ModalityView;
}

export interface EntryView extends ReportedView {
  readonly id: string;
  readonly standing: Sourcing['standing'];
  readonly actors: readonly Named[];
  readonly recorded: string;
  readonly by: string | null;
  readonly changed: number;
  readonly status: string;
  readonly key: boolean;
  readonly pinned: boolean;
  readonly supersededBy: string | null;
  readonly checks: readonly (Act & { readonly verdict: 'verified' | 'disputed'; readonly note: string })[];
  readonly corrections: readonly (Act & {
    readonly wrong: string;
    readonly reason: string;
    readonly was: ReportedView;
  })[];
  readonly retraction: (Act & { readonly reason: string }) | null;
  /** On what ground it was taken down, and when. */
  readonly takedown?:
    { readonly ground: Ground; readonly position: number; readonly recorded: string } | null | undefined;
}

export interface StoryPage {
  readonly id: string;
  readonly title: string;
  readonly summary: string | null;
  readonly zone: string;
  readonly language: string | null;
  readonly status: 'open' | 'closed';
  readonly opened: string;
  readonly position: number;
  readonly recorded: string;
  readonly conditions: Readonly<Record<string, Omit<ConditionView, 'id'>>>;
}

/** What one development says about an actor. */
export interface CitationView {
  readonly development: string;
  readonly kind: string;
  readonly headline: string;
  readonly value: Readonly<Record<string, unknown>>;
  readonly sourcing: Sourcing;
  readonly standing: Sourcing['standing'];
  readonly modality: ModalityView;
  readonly occurred: Occurred;
  readonly recorded: string;
  readonly status: string;
}

export interface CellView {
  readonly facet: Facet;
  readonly key: string;
  /** Null when all that said so was superseded. */
  readonly current: CitationView | null;
  readonly citations: readonly CitationView[];
}

export interface ActorView extends Named {
  readonly kind: 'person' | 'state' | 'organisation' | 'group' | 'market';
  readonly aliases: readonly string[];
  readonly affiliations: readonly string[];
  readonly description: string | null;
}

/** What a change tells a page that is open. */
export interface ChangeView {
  readonly position: number;
  readonly recorded: string;
  readonly acts: readonly ActView[];
  readonly entries: readonly EntryView[];
  readonly conditions?: Readonly<Record<string, Omit<ConditionView, 'id'>>> | undefined;
  readonly status?: 'open' | 'closed' | undefined;
}

export interface ActView {
  readonly act: string;
  readonly development?: string | undefined;
  readonly condition?: string | undefined;
}

/** How a field of a kind's data reads. */
export interface FieldShape {
  readonly name: string;
  readonly label: string;
  /**
   * `words` is one of a list; `slug` ties developments together and is no text; `prose` stands as a paragraph; `group` has
   * fields of its own.
   */
  readonly form: 'actor' | 'words' | 'slug' | 'prose' | 'text' | 'group';
  readonly fields?: readonly FieldShape[];
}

/** What a page knows of one kind of development: the catalogue says it. */
export interface KindShape {
  readonly title: string;
  readonly quote?: { readonly words: string; readonly by: string };
  readonly fields: readonly FieldShape[];
}
export type KindShapes = Readonly<Record<string, KindShape>>;
