import { v5 as uuidOf } from 'uuid';
import { refuse, type Refusal } from '../errors.js';
import { isOver, type DevelopmentState, type StoryState } from './state.js';

// The key points of a story ("what we know"): an ordered list of short texts, each of which cites developments, as a cell of an actor's
// state does. The words of each point are sealed under a separate key, so that a takedown can destroy one point and leave the others.

/** The most key points that a story has at once. */
export const mostKeyPoints = 12;
/** The most developments that a key point cites. */
export const mostCites = 8;
/** The longest key point, in UTF-16 units. */
export const longestKeyPoint = 280;

/** A development that a key point cites. */
export interface KeyPointCite {
  readonly development: string;
  /** How often it had been corrected or replaced when an editor last confirmed the point. */
  readonly seen: number;
}

/** A key point of a story. */
export interface KeyPoint {
  /** The id of its words, and of their key. */
  readonly text: string;
  readonly cites: readonly KeyPointCite[];
  /** Its words: a payload in any form. */
  readonly told: unknown;
}

/** What decisions know of the key points of a story. */
export interface KeyPoints {
  /** In the order in which readers see them. */
  readonly list: readonly KeyPoint[];
  /** Words that no list has used yet: the next event of the same commit does. */
  readonly written: readonly { readonly text: string; readonly told: unknown }[];
}
const none: KeyPoints = { list: [], written: [] };

/** The key points of a story. */
export const keyPointsOf = ({ keyPoints = none }: Pick<StoryState, 'keyPoints'>): KeyPoints => keyPoints;

/** How often a development was corrected or replaced. */
export const revisionsOf = (held: DevelopmentState | undefined): number =>
  held ? held.corrections + (held.status === 'superseded' ? 1 : 0) : 0;

/** The developments that a key point cites and that were retracted or taken down: it is struck. */
export const struckBy = ({ developments }: StoryState, { cites }: KeyPoint): string[] =>
  cites
    .map(({ development }) => development)
    .filter(id => {
      const held = developments.get(id);
      return held !== undefined && isOver(held) !== undefined;
    });

/** The developments that a key point cites and that were corrected or replaced since an editor confirmed it. */
export const changedUnder = ({ developments }: StoryState, { cites }: KeyPoint): string[] =>
  cites
    .filter(({ development, seen }) => revisionsOf(developments.get(development)) > seen)
    .map(cite => cite.development);

const citable = 'Cite developments that readers can read: not retracted, not taken down, not under embargo.';

/** Refuses a development that a key point may not cite: readers cannot read it, or it may soon be gone. */
export function notCitable(state: StoryState, id: string, path: readonly (string | number)[]): Refusal | undefined {
  const held = state.developments.get(id);
  const refused = held ? isOver(held, { path }) : refuse('unknown-development', { path });
  if (refused) return { ...refused, detail: `${refused.detail} ${citable}` };
  if (state.embargoes.has(id)) return refuse('development-embargoed', { path });
  const open = state.proposals.findKey(proposal => 'development' in proposal && proposal.development === id);
  if (open === undefined) return undefined;
  const detail = `Its retraction or takedown is proposed. ${citable}`;
  return refuse('proposal-open', { path, detail, allowed: [open] });
}

// A stored name: the ids of key points are derived from it.
const namespace = uuidOf('urn:dateline:key-point', uuidOf.URL);

/** The id of the n-th point that a request writes. It is derived from the idempotency key, so that a retry names the same text. */
export const newKeyPointId = (story: string, key: string, by: string, n: number): string =>
  uuidOf(JSON.stringify([story, key, by, n]), namespace);
