import type * as wire from '#contract';
import type { EntryView } from '#pages/parts';
import type { Schema } from './form-model/fields.js';

// What the desk gets from the editor API: the contract's types, with JSON Schemas as forms are made of them.

export type { DeskPage, DeskProposals, DeskStory, DeskDevelopment, Me } from '#contract';
export type Proposal = wire.DeskProposals['proposals'][number];
/** All pages of them. */
export type DeskDevelopments = Omit<wire.DeskDevelopments, 'next' | 'developments'> & {
  readonly developments: readonly wire.DeskDevelopment[];
};
export type Actor = Pick<wire.DeskActors['actors'][number], 'id' | 'name' | 'kind' | 'aliases'>;

/** An entry as the readers’ API gives it. */
export type ReadersEntry = EntryView & { readonly position: number };

export type Act = Omit<wire.Catalogue['acts'][number], 'body'> & { readonly body?: Schema };
export interface Catalogue extends Record<'content' | 'actor' | 'story', Schema> {
  readonly kinds: wire.Catalogue['kinds'];
  readonly acts: readonly Act[];
}

/** A commit as the editor API tells of it. */
export type Commit = Pick<wire.Won, 'commit' | 'position' | 'recorded' | 'command' | 'by' | 'events' | 'development'>;
/** A frame of the desk's feed. */
export type CommitNews = Omit<wire.DeskCommit, 'commit'> & { readonly commit: Commit };

export interface FieldError {
  readonly field: string;
  readonly message: string;
  readonly allowed?: readonly unknown[];
}
