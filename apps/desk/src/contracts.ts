import type * as wire from '#contract';
import type { EntryView } from '#pages/parts';
import type { Schema } from './form-model/fields.js';

// The editor API's types, as the desk uses them: the contract's types, with JSON Schemas for forms.

export type { Machine, Machines, MadeMachine, NewMachine } from '#contract';
export type { DeskPage, DeskProposals, DeskStory, DeskDevelopment, DeskTeam } from '#contract';
/** The person, and what they may do: here, or in the story at hand. `mayOwn`: to the developments that they recorded. `tokenRoles`: outside of it. */
export type Me = wire.Me & { readonly mayOwn?: readonly string[]; readonly tokenRoles?: readonly string[] };
export type { Draft as SharedDraft, DraftSummary, DraftNews, EndedDraft, Present, NewPresence } from '#contract';
/** An open proposal, as the editor API lists it. */
export type Proposal = wire.DeskProposals['proposals'][number];
/** What waits for another person before readers see it, as the editor API lists it. */
export type Submission = wire.DeskSubmissions['submissions'][number];
/** The developments of all pages. */
export type DeskDevelopments = Omit<wire.DeskDevelopments, 'next' | 'developments'> & {
  readonly developments: readonly wire.DeskDevelopment[];
};
/** A registered actor, as forms offer it. */
export type Actor = Pick<
  wire.DeskActors['actors'][number],
  'id' | 'name' | 'kind' | 'aliases' | 'description' | 'takenDown' | 'proposal'
>;
/** The open proposal to take down an actor's entry. */
export type ActorProposal = NonNullable<Actor['proposal']>;

/** An entry as the readers’ API returns it. */
export type ReadersEntry = EntryView & { readonly position: number };

/** An act of the catalogue, with the JSON Schema of its body. */
export type Act = Omit<wire.Catalogue['acts'][number], 'body'> & { readonly body?: Schema };
/** The kinds and acts that forms are built from. */
export interface Catalogue extends Record<'content' | 'actor' | 'story', Schema> {
  readonly kinds: wire.Catalogue['kinds'];
  readonly acts: readonly Act[];
}

/** A commit as the editor API returns it. */
export type Commit = Pick<wire.Won, 'commit' | 'position' | 'recorded' | 'command' | 'by' | 'events' | 'development'>;
/** A frame of the desk's feed. */
export type CommitNews = Omit<wire.DeskCommit, 'commit'> & { readonly commit: Commit };

/** An error in a field, as the API reports it. */
export interface FieldError {
  readonly field: string;
  readonly message: string;
  readonly allowed?: readonly unknown[];
}
