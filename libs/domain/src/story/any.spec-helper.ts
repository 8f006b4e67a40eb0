import fc from 'fast-check';
import type { Content } from '../content.js';
import { isRefusal } from '../errors.js';
import * as decide from './decisions.js';
import { evolve, noStory, type StoryProfile, type StoryState } from './story.js';

export const [a, b, c, unknown] = ['a', 'b', 'c', 'f'].map(
  digit => `${digit.repeat(8)}-0000-4000-8000-000000000000`,
) as [string, string, string, string];

export const profile: StoryProfile = { title: 'The count', zone: 'Europe/Berlin' };
export const content = (summary = 'It began', ...conditions: string[]): Content =>
  ({
    kind: 'context',
    data: { topic: 'The count', summary },
    occurred: { precision: 'unknown' },
    sourcing: { basis: 'desk', standing: 'reported' },
    modality: conditions.length
      ? { mode: 'conditional', conditions: conditions.map(id => ({ id, text: `If ${id}` })) }
      : { mode: 'asserted' },
  }) as unknown as Content;

export const ids = fc.constantFrom(a, b, c, unknown);
const held = fc.constantFrom(content(), content('Other'), content('A march', 'rain'));
export const standing = fc.constantFrom('met' as const, 'lapsed' as const);
/** Any decision about few things, so that it often hits. */
export const decision: fc.Arbitrary<decide.StoryDecision> = fc.oneof(
  fc.constantFrom(profile, { ...profile, title: 'Other' }).map(decide.openStory),
  fc.constant(decide.closeStory({})),
  { weight: 3, arbitrary: fc.constant(decide.reopenStory({ reason: 'more' })) },
  {
    weight: 8,
    arbitrary: fc
      .record({ development: ids, content: held, supersedes: fc.option(ids, { nil: undefined }), key: fc.boolean() })
      .map(decide.recordDevelopment),
  },
  fc.record({ development: ids, content: held }).map(d => decide.correct({ ...d, wrong: 'it', reason: 'so' })),
  ids.map(development => decide.retract({ development, reason: 'wrong' })),
  fc.record({ development: ids, by: ids }).map(decide.supersede),
  ids.map(development => decide.verify({ development, note: 'seen' })),
  ids.map(development => decide.dispute({ development, reason: 'denied' })),
  ids.map(development => decide.pin({ development })),
  ids.map(development => decide.unpin({ development })),
  ids.map(development => decide.markKey({ development })),
  ids.map(development => decide.unmarkKey({ development })),
  fc
    .record({ condition: fc.constantFrom('rain', 'snow'), fate: standing, reason: fc.constant('so') })
    .map(decide.settleCondition),
);
export const after = (state: StoryState, decided: decide.StoryDecision) => {
  const outcome = decided(state);
  return isRefusal(outcome) ? state : outcome.reduce(evolve, state);
};
/** Any state of a story that decisions lead to. */
export const reachable = fc
  .array(decision, { maxLength: 30, size: 'max' })
  .map(decided => decided.reduce(after, evolve(noStory, { type: 'StoryOpened', data: profile })));
