import { Map as Dictionary } from 'immutable';
import { z } from 'zod';
import type { Author } from '../author.js';
import type { PostingDefaults } from '../content.js';
import type { Fate } from '../sourcing.js';
import { Line, Text } from '../text.js';
import { refuse, type Refusal } from '../errors.js';
import type { StoryEvent } from './story.js';
import type { Embargo } from './acts/embargo.js';
import type { Link } from './acts/links.js';
import type { Approvable, Proposals } from './proposals.js';
import type { Filling } from './define.js';
import type { Header } from './header.js';
import type { KeyPoints } from './key-points.js';
import type { Rules } from './rules.js';
import type { Team } from './team.js';

const Zone = z.string().max(60).refine(isTimeZone, 'must be an IANA time zone such as Europe/Berlin');

/** A story's title, summary, time zone (IANA) and language (BCP 47). */
export const StoryProfile = z
  .strictObject({ title: Line(200), summary: Text(2_000).optional(), zone: Zone, language: Line(35).optional() })
  .meta({ id: 'StoryProfile' });
export type StoryProfile = z.infer<typeof StoryProfile>;

/** The facts about one development that decisions need. */
export interface DevelopmentState {
  /** The id of the person who recorded it. */
  readonly by: string;
  readonly digest: string;
  readonly kind: string;
  readonly status: 'active' | 'superseded' | 'retracted' | 'taken-down';
  readonly supersededBy?: string | undefined;
  /** Those that it has superseded and not handed on; absent if there are none. */
  readonly supersedes?: readonly string[] | undefined;
  /** The standing in its content. */
  readonly sourced: string;
  /** Its standing after the latest check. */
  readonly standing: string;
  readonly key: boolean;
  readonly conditions: readonly string[];
  readonly links: readonly Link[];
  readonly corrections: number;
  /** How often it was copy-edited; absent if never. */
  readonly edits?: number;
  /** How often its linked pages were captured again; absent if never. */
  readonly recaptures?: number;
  /** How often it was verified or disputed. */
  readonly checks: number;
}

/**
 * The developments of a story, by their ids. Immutable: a change gives another value. An implementation need not hold all of them in
 * memory, so they are not iterable: a decision that read them all would take longer in a longer story.
 */
export interface Developments {
  readonly size: number;
  get(id: string): DevelopmentState | undefined;
  has(id: string): boolean;
  set(id: string, state: DevelopmentState): Developments;
  keys(): Iterable<string>;
}

/** The facts about one text of a story that decisions need. */
export interface TextState {
  /** `reason`: why the story was closed or opened again, or a condition settled. */
  readonly of: 'header' | 'reason' | 'key-point';
  readonly status: 'active' | 'taken-down';
}

/** A development that waits for another person. */
export interface Submission {
  readonly by: Author;
  /** When it was submitted: ISO 8601, UTC, milliseconds. */
  readonly recorded: string;
  /** The commit that holds its content. An approval names it. */
  readonly commit: string;
  /** Who wrote that content. */
  readonly changed?: Author;
  /** The embargo that it is under after the approval. */
  readonly embargo?: Embargo;
  /** Who sent it back, with a note: a payload in any form. Absent while it waits. */
  readonly returned?: { readonly by: Author; readonly recorded: string; readonly told: unknown };
}
/** By development. */
export type Submissions = Readonly<Record<string, Submission>>;

/** Whether the development waits for another person, or went back to its author. */
export const isSubmitted = ({ submissions }: StoryState, development: string): boolean =>
  submissions !== undefined && Object.hasOwn(submissions, development);

/** The state that decisions about a story need. It holds no text that people wrote in the clear, except a title from before titles were sealed. */
export interface StoryState {
  readonly status: 'none' | 'open' | 'closed';
  /** The current version. */
  readonly header?: Header;
  /** The texts that belong to no development, by their ids. */
  readonly texts: Dictionary<string, TextState>;
  readonly developments: Developments;
  readonly pinned?: string | undefined;
  /** How many developments name each condition; kept so that no decision reads them all. */
  readonly conditions: Dictionary<string, number>;
  readonly settled: Dictionary<string, Fate>;
  /** By development. One that was retracted before its embargo was lifted stays here. */
  readonly embargoes: Dictionary<string, Embargo>;
  /** Open proposals only. */
  readonly proposals: Proposals;
  readonly needApproval: readonly Approvable[];
  /** Absent if it never had any. */
  readonly keyPoints?: KeyPoints;
  /** Developments that wait for another person before readers see them; absent if there never were any. */
  readonly submissions?: Submissions;
  /** What becomes of reporters' posts; absent: they are published at once. */
  readonly review?: 'post' | 'submit';
  /** Absent if the newsroom's defaults apply. */
  readonly defaults?: PostingDefaults;
  /** Absent if the story is the whole newsroom's. */
  readonly team?: Team;
  /** The edition of the rules for its next commits. */
  readonly rules: Rules;
}

/** The state before a story is opened. */
export const noStory: StoryState = {
  status: 'none',
  texts: Dictionary(),
  developments: Dictionary<string, DevelopmentState>(),
  conditions: Dictionary(),
  settled: Dictionary(),
  embargoes: Dictionary(),
  proposals: Dictionary(),
  needApproval: [],
  rules: undefined,
};

/**
 * Decides on a story's state: the events to record, or a refusal. An empty list means that nothing would change. Payloads may have any
 * form, and name actors by their ids.
 */
export type StoryDecision = (state: StoryState) => StoryEvent[] | Refusal;

/** Adds a sealed reason. */
export const withReason = (state: StoryState, text: string): StoryState => ({
  ...state,
  texts: state.texts.set(text, { of: 'reason', status: 'active' }),
});

/** The bound of such reasons. */
export const reasons: Filling<unknown> = {
  bound: 'reasonsOfStory',
  full: 'The story has the maximum number of reasons',
  instead: 'Open another story.',
  count: ({ texts }) => texts.count(({ of }) => of === 'reason'),
};

/** Replaces the state of a development, or adds it if there was none before. */
export function withDevelopment(
  state: StoryState,
  id: string,
  former: DevelopmentState | undefined,
  held: DevelopmentState,
): StoryState {
  const before = former?.conditions ?? [];
  const conditions =
    before === held.conditions ? state.conditions : recounted(state.conditions, before, held.conditions);
  return { ...state, developments: state.developments.set(id, held), conditions };
}

function recounted(
  counts: StoryState['conditions'],
  before: readonly string[],
  after: readonly string[],
): StoryState['conditions'] {
  return counts.withMutations(all => {
    for (const id of new Set(after)) all.update(id, 0, count => count + 1);
    for (const id of new Set(before)) {
      const left = all.get(id)! - 1;
      if (left === 0) all.delete(id);
      else all.set(id, left);
    }
  });
}

/** Changes one development; returns the same state if it does not exist. */
export function changed(state: StoryState, id: string, changes: Partial<DevelopmentState>): StoryState {
  const held = state.developments.get(id);
  return held ? withDevelopment(state, id, held, { ...held, ...changes }) : state;
}

/** Removes the pin if it is on this development. */
export const unpinned = (state: StoryState, id: string): StoryState =>
  state.pinned === id ? { ...state, pinned: undefined } : state;

/** Refuses further acts on a development that was retracted or taken down; undefined if it is open to acts. */
export function isOver({ status }: DevelopmentState, where: Pick<Refusal, 'path'> = {}): Refusal | undefined {
  if (status === 'retracted') return refuse('development-retracted', where);
  if (status === 'taken-down') return refuse('development-taken-down', where);
  return undefined;
}

/** Decides about a development that is open to acts; refuses for any other. */
export function acting(
  state: StoryState,
  id: string,
  decide: (held: DevelopmentState) => StoryEvent[] | Refusal,
): StoryEvent[] | Refusal {
  const held = state.developments.get(id);
  if (!held) return refuse('unknown-development');
  return isOver(held) ?? decide(held);
}

/** Zones that were looked up. To look one up takes a tenth of a millisecond; there are some 600, in letters of either case. */
const knownZones = new Set<string>();
const mostKnownZones = 1_000;

function isTimeZone(zone: string): boolean {
  if (knownZones.has(zone)) return true;
  try {
    new Intl.DateTimeFormat('en', { timeZone: zone });
  } catch {
    return false;
  }
  if (knownZones.size < mostKnownZones) knownZones.add(zone);
  return true;
}
