import { refuse, type Refusal } from '../errors.js';
import type { StoryState } from './state.js';
import { fillingOf, type StoryEvent } from './story.js';

/**
 * The most of each kind. A new command that would exceed one is refused. Commits in the log are never refused, so an old log that holds
 * more still replays; nor are retractions and takedowns.
 */
export const bounds = {
  developmentsOfStory: 20_000,
  conditionsOfStory: 500,
  headersOfStory: 200,
  reasonsOfStory: 1_000,
  keyPointsOfStory: 1_000,
  membersOfStory: 200,
  openProposalsOfStory: 200,
  submissionsOfStory: 200,
  linksOfDevelopment: 50,
  correctionsOfDevelopment: 100,
  copyEditsOfDevelopment: 100,
  recapturesOfDevelopment: 100,
  checksOfDevelopment: 100,
  supersededByDevelopment: 50,
} as const;
/** The name of a bound. */
export type Bound = keyof typeof bounds;

const tooMany = (bound: Bound, full: string, instead: string): Refusal =>
  refuse('too-many', { detail: `${full} (${bounds[bound]}). ${instead}` });

/** Refuses events that would exceed a bound on this state; undefined if none does. */
export function beyondBounds(state: StoryState, events: readonly StoryEvent[]): Refusal | undefined {
  // Retractions and takedowns add nothing: they only give superseded developments another successor.
  if (events.some(({ type }) => type === 'DevelopmentRetracted' || type === 'ContentShredded')) return undefined;
  const filled = new Map<Bound, number>();
  for (const event of events) {
    const refused = beyond(state, event, filled) ?? beyondConditions(state, event);
    if (refused) return refused;
  }
  return undefined;
}

/** `filled`: how much earlier events of the same commit add to each bound. */
function beyond(state: StoryState, { type, data }: StoryEvent, filled: Map<Bound, number>): Refusal | undefined {
  const filling = fillingOf(type);
  if (!filling) return undefined;
  const { bound } = filling;
  const before = filled.get(bound) ?? 0;
  filled.set(bound, before + 1);
  if (filling.count(state, data) + before < bounds[bound]) return undefined;
  return tooMany(filling.bound, filling.full, filling.instead);
}

function beyondConditions({ conditions: known }: StoryState, { data }: StoryEvent): Refusal | undefined {
  const conditions = 'outline' in data ? data.outline.conditions : [];
  if (conditions.length === 0) return undefined;
  const fresh = conditions.filter(id => !known.has(id));
  return fresh.length > 0 && known.size + fresh.length > bounds.conditionsOfStory
    ? tooMany('conditionsOfStory', 'The story has the maximum number of conditions', 'Use an existing condition.')
    : undefined;
}
