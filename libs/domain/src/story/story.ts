import { Map as Dictionary } from 'immutable';
import { z } from 'zod';
import { fates, type Fate } from '../modality.js';
import type { Origin } from '../author.js';
import { standingAfter } from '../sourcing.js';
import { DevelopmentId, Line, Slug, Text } from '../text.js';
import {
  afterCorrection,
  approvalEvents,
  lapsed,
  proposalOf,
  withoutLoosening,
  type Approvable,
  type Proposals,
} from './approvals.js';
import { embargoEvents, type Embargo } from './embargo.js';
import { event, of, telling } from './event.js';
import { linkEvents, without, type Link } from './links.js';
import { ruled, type Rules } from './rules.js';
import { takedownEvents } from './takedown.js';
import { Outline, type Opaque, type Opened } from './told.js';

// A story: one running live blog, and what has been reported in it.

const Zone = z.string().max(60).refine(isTimeZone, 'must be an IANA time zone such as Europe/Berlin');

export const StoryProfile = z
  .strictObject({ title: Line(200), summary: Text(2_000).optional(), zone: Zone, language: Line(35).optional() })
  .meta({ id: 'StoryProfile' });
export type StoryProfile = z.infer<typeof StoryProfile>;

const Reason = Text(1_000);

/** The roles that a development is recorded in. */
export const recorders = ['reporter', 'editor'] as const;
export type Recorder = (typeof recorders)[number];

// Stored names: for ever. A breaking change is a new event beside the old one.
export const storyEvents = [
  event('StoryOpened', StoryProfile.shape),
  event('StoryClosed', { reason: Reason.optional() }),
  event('StoryReopened', { reason: Reason.optional() }),
  event('DevelopmentRecorded', { ...telling, outline: Outline, as: z.enum(recorders).optional(), ...ruled }),
  event('DevelopmentCorrected', { ...telling, outline: Outline }),
  event('DevelopmentRetracted', telling),
  event('DevelopmentSuperseded', { ...of, by: DevelopmentId }),
  event('DevelopmentReinstated', { ...of, retracted: DevelopmentId }),
  event('DevelopmentVerified', telling),
  event('DevelopmentDisputed', telling),
  event('DevelopmentPinned', of),
  event('DevelopmentUnpinned', of),
  event('DevelopmentMarkedKey', of),
  event('DevelopmentUnmarkedKey', of),
  event('ConditionSettled', {
    condition: Slug,
    fate: z.enum(fates),
    reason: Reason,
    development: DevelopmentId.optional(),
  }),
  ...embargoEvents,
  ...linkEvents,
  ...approvalEvents,
  ...takedownEvents,
] as const;
/** As it stands in the log. */
export type SealedStoryEvent = z.infer<(typeof storyEvents)[number]>;
/** As decisions and `evolve` take it: sealed, open or shredded alike. */
export type StoryEvent = Opaque<SealedStoryEvent>;
export type OpenStoryEvent = Opened<SealedStoryEvent>;

export interface DevelopmentState {
  /** The id of who recorded it. */
  readonly by: string;
  readonly digest: string;
  readonly kind: string;
  readonly status: 'active' | 'superseded' | 'retracted' | 'taken-down';
  readonly supersededBy?: string | undefined;
  /** As it was sourced, and what a later check made of it. */
  readonly sourced: string;
  readonly standing: string;
  readonly key: boolean;
  readonly conditions: readonly string[];
  readonly links: readonly Link[];
  /** How often it was corrected, and verified or disputed. */
  readonly corrections: number;
  readonly checks: number;
}

export interface StoryState {
  readonly status: 'none' | 'open' | 'closed';
  readonly profile?: StoryProfile;
  readonly developments: Dictionary<string, DevelopmentState>;
  readonly pinned?: string | undefined;
  readonly settled: Dictionary<string, Fate>;
  /** Of developments that readers get nothing of, by their ids; one that was retracted before it was lifted stays. */
  readonly embargoes: Dictionary<string, Embargo>;
  /** Those that are open. */
  readonly proposals: Proposals;
  readonly needApproval: readonly Approvable[];
  /** The edition of the rules that its commits are decided under from now on. */
  readonly rules: Rules;
}

export const noStory: StoryState = {
  status: 'none',
  developments: Dictionary(),
  settled: Dictionary(),
  embargoes: Dictionary(),
  proposals: Dictionary(),
  needApproval: [],
  rules: undefined,
};

const reported = ({ standing: sourced, ...outline }: Outline) => ({ ...outline, sourced });

/** What the story's later decisions need to know; total over its events. */
export function evolve(state: StoryState, event: StoryEvent, commit: Origin): StoryState {
  const next = evolved(state, event, commit);
  return 'rules' in event.data && event.data.rules ? { ...next, rules: event.data.rules } : next;
}

function evolved(state: StoryState, event: StoryEvent, commit: Origin): StoryState {
  const { type, data } = event;
  const change = (id: string, changes: Partial<DevelopmentState>): StoryState => {
    const held = state.developments.get(id);
    return held ? { ...state, developments: state.developments.set(id, { ...held, ...changes }) } : state;
  };
  switch (type) {
    case 'StoryOpened':
      return { ...state, status: 'open', profile: data };
    case 'StoryClosed':
      return { ...state, status: 'closed' };
    case 'StoryReopened':
      return { ...state, status: 'open' };
    case 'DevelopmentRecorded': {
      const { standing } = data.outline;
      const by = commit.by.id;
      const recorded = { ...reported(data.outline), by, standing, status: 'active' as const, key: false };
      const nothing = { links: [], corrections: 0, checks: 0 };
      return { ...state, developments: state.developments.set(data.development, { ...recorded, ...nothing }) };
    }
    case 'DevelopmentCorrected': {
      const held = state.developments.get(data.development);
      const standing = held && standingAfter(held, data.outline.standing);
      const corrections = (held?.corrections ?? 0) + 1;
      const changes = { ...reported(data.outline), corrections, ...(standing && { standing }) };
      const corrected = change(data.development, changes);
      return { ...corrected, proposals: afterCorrection(state.proposals, data.development, commit.recorded) };
    }
    case 'DevelopmentRetracted':
      return {
        ...change(data.development, { status: 'retracted', key: false }),
        ...unpin(state, data.development),
        proposals: lapsed(state.proposals, data.development, 'retract'),
      };
    case 'DevelopmentSuperseded':
      return change(data.development, { status: 'superseded', supersededBy: data.by });
    case 'DevelopmentReinstated':
      return change(data.development, { status: 'active', supersededBy: undefined });
    case 'DevelopmentVerified':
      return change(data.development, { standing: 'confirmed', checks: checksOf(state, data.development) + 1 });
    case 'DevelopmentDisputed':
      return change(data.development, { standing: 'disputed', checks: checksOf(state, data.development) + 1 });
    case 'DevelopmentPinned':
      return { ...state, pinned: data.development };
    case 'DevelopmentUnpinned':
      return { ...state, ...unpin(state, data.development) };
    case 'DevelopmentMarkedKey':
      return change(data.development, { key: true });
    case 'DevelopmentUnmarkedKey':
      return change(data.development, { key: false });
    case 'ConditionSettled':
      return { ...state, settled: state.settled.set(data.condition, data.fate) };
    case 'DevelopmentEmbargoed':
    case 'EmbargoChanged':
      return { ...state, embargoes: state.embargoes.set(data.development, { until: data.until }) };
    case 'EmbargoLifted':
      return { ...state, embargoes: state.embargoes.delete(data.development) };
    case 'DevelopmentLinked': {
      const { development, ...link } = data;
      return change(development, { links: [...linksOf(state, development), link] });
    }
    case 'DevelopmentUnlinked':
      return change(data.development, { links: without(linksOf(state, data.development), data) });
    case 'RetractionProposed':
    case 'TakedownProposed':
    case 'ApprovalsProposed':
      return { ...state, proposals: state.proposals.set(commit.id, proposalOf(event, commit)) };
    case 'ProposalApproved':
    case 'ProposalWithdrawn':
    case 'ApprovalsKept':
      return { ...state, proposals: state.proposals.delete(data.proposal) };
    case 'ApprovalsRequired':
      return { ...state, needApproval: data.acts, proposals: withoutLoosening(state.proposals) };
    case 'ApprovalsLoosened':
      return { ...state, needApproval: data.acts, proposals: state.proposals.delete(data.proposal) };
    case 'ContentShredded':
      return {
        ...change(data.development, { status: 'taken-down', key: false }),
        ...unpin(state, data.development),
        proposals: lapsed(state.proposals, data.development),
      };
  }
}

const linksOf = ({ developments }: StoryState, id: string) => developments.get(id)?.links ?? [];
const checksOf = ({ developments }: StoryState, id: string) => developments.get(id)?.checks ?? 0;
const unpin = (state: StoryState, id: string) => (state.pinned === id ? { pinned: undefined } : {});

function isTimeZone(zone: string): boolean {
  try {
    return Boolean(new Intl.DateTimeFormat('en', { timeZone: zone }));
  } catch {
    return false;
  }
}
