import { z } from 'zod';
import type { Author, Origin } from '../../author.js';
import { isRefusal, refuse, type Refusal } from '../../errors.js';
import { Text } from '../../text.js';
import { defineAct, defineEvent, itsDevelopment, of, type OtherEvent } from '../define.js';
import { CommitId } from '../proposals.js';
import { currentRules, isSameUnder } from '../rules.js';
import { acting, type StoryDecision, type StoryState, type Submission } from '../state.js';
import type { StoryEvent } from '../story.js';
import { Embargo } from './embargo.js';
import { RecordBody, recordDevelopment } from './record.js';

// What a reporter submits is recorded under an embargo, until another person approves exactly that content.

/** What becomes of a reporter's posts: they are published at once, or another person approves them first. */
export const reviews = ['post', 'submit'] as const;

/** Says what becomes of reporters' posts from then on. */
export const reviewSet = defineEvent({
  type: 'ReviewSet',
  fields: { reporters: z.enum(reviews) },
  readers: 'internal',
  evolve: (state, { reporters }) => ({ ...state, review: reporters }),
  reconstruct: data => setReview.decide(data),
});

/** The development waits for another person's approval. In the commit that records it, with an embargo that only the approval ends. */
export const developmentSubmitted = defineEvent({
  type: 'DevelopmentSubmitted',
  // `embargo`: the one that it is under after the approval.
  fields: { ...of, embargo: Embargo.optional() },
  readers: 'internal',
  evolve: (state, { development, embargo }, { id, by, recorded }) =>
    withSubmission(state, development, { by, recorded, commit: id, ...(embargo && { embargo }) }),
  reconstruct: null,
  fills: {
    bound: 'submissionsOfStory',
    full: 'The story has the maximum number of submissions',
    instead: 'Approve or retract one first.',
    count: ({ submissions }) => Object.keys(submissions ?? {}).length,
  },
});

/** Another person approved exactly that content. The commit also lifts the embargo, unless the author asked for one. */
export const submissionApproved = defineEvent({
  type: 'SubmissionApproved',
  fields: { ...of, commit: CommitId },
  readers: 'internal',
  evolve: (state, { development }) => withSubmission(state, development, undefined),
  reconstruct: (data, rest, by) => approveSubmission.decide({ ...data, by, over: lifts(rest) }),
});

/** The submission went back to its author, with a note. */
export const submissionReturned = defineEvent({
  type: 'SubmissionReturned',
  fields: { ...of, commit: CommitId },
  payload: z.strictObject({ note: Text(1_000) }),
  readers: 'internal',
  evolve: (state, { development, told }, { by, recorded }) => {
    const held = state.submissions?.[development];
    return held ? withSubmission(state, development, { ...held, returned: { by, recorded, told } }) : state;
  },
  reconstruct: data => returnSubmission.decide(data),
});

function withSubmission(state: StoryState, development: string, submission: Submission | undefined): StoryState {
  const { [development]: _, ...others } = state.submissions ?? {};
  return { ...state, submissions: submission ? { ...others, [development]: submission } : others };
}

const lifts = (rest: readonly OtherEvent[]) => rest.some(({ type }) => type === 'EmbargoLifted');

/** The state after an event of a submitted development. `content`: it has new content, which waits again; `over`: it waits no more. */
export function submissionAfter(
  state: StoryState,
  development: string,
  change: 'content' | 'over',
  { id, by }: Origin,
): StoryState {
  const held = state.submissions?.[development];
  if (!held) return state;
  if (change === 'over') return withSubmission(state, development, undefined);
  const { returned: _, ...waiting } = held;
  return withSubmission(state, development, { ...waiting, commit: id, changed: by });
}

/** Sets what becomes of reporters' posts. */
export const setReview = defineAct({
  does: 'set-review',
  on: 'story',
  route: 'review',
  summary: 'Say whether reporters post at once or submit',
  label: 'Review of reporters’ posts',
  body: z
    .strictObject({
      reporters: z.enum(reviews).meta({ description: '`post`: at once. `submit`: after another person’s approval.' }),
    })
    .meta({ id: 'SetReview' }),
  command: ({ body }) => body,
  decide:
    ({ reporters }: { readonly reporters: (typeof reviews)[number] }): StoryDecision =>
    state => {
      if (state.status === 'none') return refuse('unknown-story');
      return (state.review ?? 'post') === reporters ? [] : [{ type: 'ReviewSet', data: { reporters } }];
    },
});

type Recorded = Parameters<typeof recordDevelopment.decide>[0];

/** Submits a development: it is recorded, and readers see nothing of it before another person approves it. */
export const submitDevelopment = defineAct({
  does: 'submit-development',
  on: 'story',
  route: 'submissions',
  summary: 'Submit a development',
  body: RecordBody.omit({ supersedes: true, key: true }).meta({ id: 'SubmitDevelopment' }),
  sealing: (request, story) => recordDevelopment.sealing!(request, story),
  command: (request, known) => recordDevelopment.command(request, known),
  decide: ({ embargo, ...command }: Recorded) =>
    recordDevelopment.decide({ ...command, submits: embargo ? { embargo } : {} }),
});

/** The submission, if it waits with exactly this content. */
function exactly(state: StoryState, development: string, commit: string): Submission | Refusal {
  const held = state.submissions?.[development];
  if (!held) return refuse('not-submitted');
  return held.commit === commit ? held : refuse('submission-changed', { path: ['commit'], allowed: [held.commit] });
}

type Approval = {
  readonly development: string;
  readonly commit: string;
  readonly by: Author;
  /** Whether the time of the embargo that was asked for is over. */
  readonly over: boolean;
};

const Exactly = z.strictObject({
  commit: CommitId.meta({
    description: 'The commit that holds the content which you have read: `commit` of the list.',
  }),
});

/** Approves a submission. Of an approval and a change of the content one wins, and the other is refused or decided again. */
export const approveSubmission = defineAct({
  does: 'approve-submission',
  on: 'development',
  route: 'approve-submission',
  summary: 'Approve exactly the content that you have read; readers see it from then on',
  body: Exactly.meta({ id: 'ApproveSubmission' }),
  command: ({ by, target: { development }, body: { commit }, received }, { story }) => {
    const until = story.submissions?.[development]?.embargo?.until;
    return { development, commit, by, over: until !== undefined && Date.parse(until) <= Date.parse(received) };
  },
  decide:
    ({ development, commit, by, over }: Approval): StoryDecision =>
    state =>
      acting(state, development, () => {
        const held = exactly(state, development, commit);
        if (isRefusal(held)) return held;
        if (held.returned) return refuse('submission-returned');
        if (isSameUnder(currentRules, held.by, by)) return refuse('second-person-needed');
        return [{ type: 'SubmissionApproved', data: { development, commit } }, ...after(development, held, over)];
      }),
});

/** What the approval does to the embargo: it lifts it, unless the author asked for one that is not over. */
function after(development: string, { embargo }: Submission, over: boolean): StoryEvent[] {
  if (!embargo || (embargo.until !== undefined && over)) return [{ type: 'EmbargoLifted', data: { development } }];
  return embargo.until === undefined ? [] : [{ type: 'EmbargoChanged', data: { development, until: embargo.until } }];
}

type Return = { readonly development: string; readonly commit: string; readonly told: unknown };

/** Sends a submission back to its author. */
export const returnSubmission = defineAct({
  does: 'return-submission',
  on: 'development',
  route: 'return-submission',
  summary: 'Send a submission back to its author, with a note',
  label: 'Send back',
  body: Exactly.extend({
    note: Text(1_000).meta({ description: 'What has to change, for its author. Readers never see it.' }),
  }).meta({ id: 'ReturnSubmission' }),
  sealing: itsDevelopment,
  command: ({ target: { development }, body: { commit, note } }) => ({ development, commit, told: { note } }),
  decide:
    (command: Return): StoryDecision =>
    state =>
      acting(state, command.development, () => {
        const held = exactly(state, command.development, command.commit);
        if (isRefusal(held)) return held;
        return held.returned ? refuse('submission-returned') : [{ type: 'SubmissionReturned', data: command }];
      }),
});
