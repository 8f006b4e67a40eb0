import fc from 'fast-check';
import { anyOrigin } from '../../given.spec-helper.js';
import type { Rules } from '../rules.js';
import type { StoryDecision } from '../state.js';
import { decisions as decide } from '../story.js';

type Reported = Pick<Parameters<typeof decide.submitDevelopment>[0], 'outline' | 'told'>;

// A development of its own: what waits is under embargo, which would keep the other decisions from theirs.
const waiting = fc.constant('dddddddd-0000-4000-8000-000000000000');
const commit = anyOrigin.id;

/** The refusals of a decision about a submission that was made already. */
export const onceOnly = ['not-submitted', 'submission-returned'];

/** Decisions about what is submitted, under an edition of the rules. `reported`: what a submission may hold. */
export const submissionBy = (
  rules: Rules,
  reported: fc.Arbitrary<Reported>,
  embargo: fc.Arbitrary<{ until?: string }>,
): fc.Arbitrary<StoryDecision> =>
  fc.oneof(
    fc.constantFrom('post' as const, 'submit' as const).map(reporters => decide.setReview({ reporters })),
    {
      weight: 2,
      arbitrary: fc
        .record({ development: waiting, reported, embargo: fc.option(embargo, { nil: undefined }) })
        .map(({ reported, ...more }) =>
          decide.submitDevelopment({ ...more, ...reported, as: 'reporter', ...(rules && { rules }) }),
        ),
    },
    {
      weight: 2,
      arbitrary: fc
        .record({ development: waiting, over: fc.boolean() })
        .map(approval => decide.approveSubmission({ ...approval, commit, by: { id: 'other' } })),
    },
    waiting.map(development => decide.returnSubmission({ development, commit, told: 'why' })),
  );
