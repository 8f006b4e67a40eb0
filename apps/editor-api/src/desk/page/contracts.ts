import type { EntryView } from '#pages/parts';
import type { Catalogue as CatalogueOfForms } from '../catalogue.js';
import type { DeskProposals } from '../proposals.js';
import type { DeskDevelopment as Told, DeskDevelopments as All, DeskStory } from '../developments.js';
import type { Schema } from '../form/fields.js';

// What the page gets from the editor API, in the API's own types.

export type { DeskProposals, DeskStory };
export type Proposal = DeskProposals['proposals'][number];

/** What the log has made of a development; embargoes and links where the API tells of them. */
export type DeskDevelopment = Told & {
  readonly embargo?: { readonly until?: string | undefined } | null;
  readonly links?: readonly object[];
};
export type DeskDevelopments = Omit<All, 'developments' | 'next'> & {
  readonly developments: readonly DeskDevelopment[];
};

/** An entry as the readers’ API gives it. */
export type ReadersEntry = EntryView & { readonly position: number };

export interface Me {
  readonly id: string;
  readonly name?: string;
  readonly roles: readonly string[];
}

export interface Act {
  readonly act: string;
  readonly title: string;
  readonly on: 'development' | 'condition' | 'story' | 'proposal';
  readonly roles: readonly string[];
  readonly body?: Schema;
}

export interface Catalogue {
  readonly kinds: CatalogueOfForms['kinds'];
  readonly acts: readonly Act[];
  readonly content: Schema;
  readonly actor: Schema;
  readonly story: Schema;
}

export interface Actor {
  readonly id: string;
  readonly name: string;
  readonly kind: string;
  readonly aliases: readonly string[];
}

/** A commit as the editor API tells of it. */
export interface Commit {
  readonly commit: string;
  readonly position: number;
  readonly recorded: string;
  readonly command: string;
  readonly by: { readonly id: string; readonly name?: string };
  readonly events: readonly { readonly type: string; readonly development?: string }[];
  readonly development?: string;
}

/** A frame of the desk's feed. */
export interface CommitNews {
  readonly commit: Commit;
  readonly story: DeskStory;
  readonly developments: readonly DeskDevelopment[];
  readonly settled: Readonly<Record<string, string>>;
}

export interface FieldError {
  readonly field: string;
  readonly message: string;
  readonly allowed?: readonly unknown[];
}

/** What the page's server tells it. */
export interface DeskPage {
  readonly story: string | null;
  /** Where readers' answers come from; null where nobody has said. */
  readonly reader: string | null;
}
