import type { Facet, Modality, Occurred, Sourcing } from '#domain';

/** A development that marks cite. */
export type CitationRow = {
  readonly story: string;
  readonly development: string;
  /** The position of its recording, regardless of later corrections. */
  readonly position: number;
  readonly ordinal: number;
  readonly recorded: string;
  readonly kind: string;
  readonly headline: string;
  readonly occurred: Occurred;
  /** By when it is known to have begun, in milliseconds since 1970; null where that is unknown. */
  readonly begun: number | null;
  readonly sourcing: Sourcing;
  readonly standing: string;
  readonly modality: Modality;
  readonly status: 'active' | 'superseded';
};

/** A statement of a development about one actor. */
export type MarkRow = {
  readonly story: string;
  readonly development: string;
  /** The place of its development, as in the citation: cells are found by it. */
  readonly position: number;
  readonly ordinal: number;
  /** As of the citation: what had happened by an instant is found by it. */
  readonly begun: number | null;
  /** Index of the mark in its development, from 0. */
  readonly mark: number;
  readonly actor: string;
  readonly facet: Facet;
  /** The mark's key, or the development's id if the mark is a separate cell. */
  readonly key: string;
  readonly value: Readonly<Record<string, unknown>>;
};

/** A mark with the development that it cites. */
export type CitedMark = MarkRow & CitationRow;
