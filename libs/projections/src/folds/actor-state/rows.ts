import type { Facet, Modality, Occurred, Sourcing } from '#domain';

/** A development that marks rest on. */
export type CitationRow = {
  readonly story: string;
  readonly development: string;
  /** Of its recording, whatever was corrected since. */
  readonly position: number;
  readonly ordinal: number;
  readonly recorded: string;
  readonly kind: string;
  readonly headline: string;
  readonly occurred: Occurred;
  readonly sourcing: Sourcing;
  readonly standing: string;
  readonly modality: Modality;
  readonly status: 'active' | 'superseded';
};

/** What a development says about one actor. */
export type MarkRow = {
  readonly story: string;
  readonly development: string;
  /** Number of the mark in its development, from 0. */
  readonly mark: number;
  readonly actor: string;
  readonly facet: Facet;
  /** The mark's key, or the development's id: a cell of its own. */
  readonly key: string;
  readonly value: Readonly<Record<string, unknown>>;
};

/** A mark with the development it rests on. */
export type CitedMark = MarkRow & CitationRow;
