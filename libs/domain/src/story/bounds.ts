import { refuse, type Refusal } from '../errors.js';
import type { StoryEvent, StoryState } from './story.js';

/**
 * How much of a kind there may be. A new command that would add to it beyond that is refused. What a log holds already is never
 * refused, so an old log that holds more replays as it is; nor is a retraction or a takedown.
 */
export const bounds = {
  developmentsOfStory: 20_000,
  conditionsOfStory: 500,
  openProposalsOfStory: 200,
  linksOfDevelopment: 50,
  correctionsOfDevelopment: 100,
  checksOfDevelopment: 100,
  supersededByDevelopment: 50,
} as const;
type Bound = keyof typeof bounds;

/** How much there is of what an event of this type adds to, and what to do where it is full. */
interface Filling<Data> {
  readonly bound: Bound;
  readonly full: string;
  readonly instead: string;
  count(state: StoryState, data: Data): number;
}
type DataOf<Type extends StoryEvent['type']> = Extract<StoryEvent, { type: Type }>['data'];

const ofDevelopment = ({ developments }: StoryState, { development }: { development: string }) =>
  developments.get(development);

const checking: Filling<{ development: string }> = {
  bound: 'checksOfDevelopment',
  full: 'The development has been checked as often as it may be',
  instead: 'Correct its sourcing.',
  count: (state, data) => ofDevelopment(state, data)?.checks ?? 0,
};
// Each kind by itself: a takedown is not held up by whatever else waits.
const proposing = (takedowns: boolean): Filling<unknown> => ({
  bound: 'openProposalsOfStory',
  full: 'The story has as many open proposals as it may have',
  instead: 'Approve or withdraw some first.',
  count: ({ proposals }) => proposals.count(({ act }) => (act === 'takedown') === takedowns),
});

const fillings: { readonly [Type in StoryEvent['type']]?: Filling<DataOf<Type>> } = {
  DevelopmentRecorded: {
    bound: 'developmentsOfStory',
    full: 'The story has as many developments as it may have',
    instead: 'Open another story.',
    count: ({ developments }) => developments.size,
  },
  DevelopmentCorrected: {
    bound: 'correctionsOfDevelopment',
    full: 'The development has been corrected as often as it may be',
    instead: 'Record it anew, and let that supersede it.',
    count: (state, data) => ofDevelopment(state, data)?.corrections ?? 0,
  },
  DevelopmentLinked: {
    bound: 'linksOfDevelopment',
    full: 'The development has as many links as it may have',
    instead: 'Take one off first.',
    count: (state, data) => ofDevelopment(state, data)?.links.length ?? 0,
  },
  DevelopmentSuperseded: {
    bound: 'supersededByDevelopment',
    full: 'The development supersedes as many as it may',
    instead: 'Let another one supersede this.',
    count: ({ developments }, { by }) => developments.count(({ supersededBy }) => supersededBy === by),
  },
  DevelopmentVerified: checking,
  DevelopmentDisputed: checking,
  RetractionProposed: proposing(false),
  TakedownProposed: proposing(true),
  ApprovalsProposed: proposing(false),
};

const tooMany = (bound: Bound, full: string, instead: string): Refusal =>
  refuse('too-many', { detail: `${full} (${bounds[bound]}). ${instead}` });

/** Why these events, decided on this state, may not be recorded, as they would add to what is full; undefined where they may be. */
export function beyondBounds(state: StoryState, events: readonly StoryEvent[]): Refusal | undefined {
  // What a retraction or a takedown hands on to others was there before.
  if (events.some(({ type }) => type === 'DevelopmentRetracted' || type === 'ContentShredded')) return undefined;
  for (const event of events) {
    const refused = beyond(state, event) ?? beyondConditions(state, event);
    if (refused) return refused;
  }
  return undefined;
}

function beyond(state: StoryState, { type, data }: StoryEvent): Refusal | undefined {
  const filling = fillings[type] as Filling<unknown> | undefined;
  if (!filling || filling.count(state, data) < bounds[filling.bound]) return undefined;
  return tooMany(filling.bound, filling.full, filling.instead);
}

function beyondConditions({ developments }: StoryState, { data }: StoryEvent): Refusal | undefined {
  const conditions = 'outline' in data ? data.outline.conditions : [];
  if (conditions.length === 0) return undefined;
  const known = new Set(developments.valueSeq().flatMap(held => held.conditions));
  const fresh = conditions.filter(id => !known.has(id));
  return fresh.length > 0 && known.size + fresh.length > bounds.conditionsOfStory
    ? tooMany('conditionsOfStory', 'The story has as many conditions as it may have', 'Use one that there is.')
    : undefined;
}
