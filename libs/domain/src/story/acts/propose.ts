import { z } from 'zod';
import { isRefusal, refuse, type Refusal } from '../../errors.js';
import { Text } from '../../text.js';
import { defineAct, defineEvent, itsDevelopment, of, type Filling } from '../define.js';
import { alreadyOpen, approvers, grounds, type Approver, type Ground } from '../proposals.js';
import { currentRules, formerRules, ruled, type Rules } from '../rules.js';
import { acting, type StoryDecision } from '../state.js';

const Reason = Text(1_000);

// Takedowns have a separate bound, so that other open proposals never delay one.
/** The bound on the open proposals of a story: takedowns, or all others. */
export const openProposals = (takedowns: boolean): Filling<unknown> => ({
  bound: 'openProposalsOfStory',
  full: 'The story has the maximum number of open proposals',
  instead: 'Approve or withdraw one first.',
  count: ({ proposals }) => proposals.count(({ act }) => (act === 'takedown') === takedowns),
});

/** A retraction waits for a second person. Its payload is the reason. */
export const retractionProposed = defineEvent({
  type: 'RetractionProposed',
  fields: { ...of, as: z.literal('editor') },
  payload: z.strictObject({ reason: Reason }),
  readers: 'internal',
  evolve: (state, data, { id, by, recorded }) => ({
    ...state,
    proposals: state.proposals.set(id, { ...data, act: 'retract', by, recorded }),
  }),
  reconstruct: data => proposeRetraction.decide(data),
  fills: openProposals(false),
});

/** A takedown waits for a second person. */
export const takedownProposed = defineEvent({
  type: 'TakedownProposed',
  fields: { ...of, ground: z.enum(grounds), as: z.enum(approvers), ...ruled },
  payload: z.strictObject({ reason: Reason }),
  readers: 'internal',
  evolve: (state, data, { id, by, recorded }) => ({
    ...state,
    proposals: state.proposals.set(id, { ...data, rules: data.rules, act: 'takedown', by, recorded }),
  }),
  reconstruct: data => proposeTakedown.decide(data),
  fills: openProposals(true),
});

type Retraction = { readonly development: string; readonly told: unknown; readonly as: 'editor' };

/** Proposes a retraction, if the story requires an approval for it. */
export const proposeRetraction = defineAct({
  does: 'propose-retraction',
  on: 'development',
  route: 'propose-retraction',
  summary: 'Propose a retraction; another editor approves it',
  label: 'Propose to retract',
  proposes: 'retract',
  body: z
    .strictObject({ reason: Reason.meta({ description: 'The reason, shown to readers after the approval.' }) })
    .meta({ id: 'ProposeRetraction' }),
  sealing: itsDevelopment,
  command: ({ target: { development }, body }) => ({ development, told: body, as: 'editor' as const }),
  decide:
    (command: Retraction): StoryDecision =>
    state =>
      acting(
        state,
        command.development,
        () =>
          alreadyOpen(state.proposals, command.development, 'retract') ?? [
            { type: 'RetractionProposed', data: command },
          ],
      ),
});

type Takedown = {
  readonly development: string;
  readonly told: unknown;
  readonly as: Approver;
  readonly ground: Ground;
  readonly rules?: Rules;
};

/** The body of a proposed takedown. */
export const TakedownBody = z.strictObject({
  ground: z.enum(grounds).meta({ description: 'The ground, shown to the public permanently.' }),
  reason: Reason.meta({ description: 'A note for the second person, destroyed together with the text.' }),
  as: z.enum(approvers).optional().meta({
    description: 'The role in which you act, if you have both. The approval has to come from the other role.',
  }),
});

/** The role in which a person proposes a takedown. */
export function takedownRole(
  { as }: { readonly as?: Approver | undefined },
  roles: readonly string[],
): Approver | Refusal {
  const chosen = as ?? (roles.includes('editor') ? 'editor' : 'legal');
  if (roles.includes(chosen)) return chosen;
  return refuse('role-needed', { allowed: approvers.filter(role => roles.includes(role)) });
}

/** Retracted developments can be taken down too: reads of the past still show their text. */
export const proposeTakedown = defineAct({
  does: 'propose-takedown',
  on: 'development',
  route: 'propose-takedown',
  summary: 'Propose a takedown, which destroys the text; an editor or a lawyer approves it',
  label: 'Propose to take down',
  proposes: 'takedown',
  body: TakedownBody.meta({ id: 'ProposeTakedown' }),
  sealing: itsDevelopment,
  command: ({ roles, target: { development }, body }) => {
    const { ground, reason } = body;
    const as = takedownRole(body, roles);
    if (isRefusal(as)) return as;
    return { development, ground, as, told: { reason }, rules: currentRules };
  },
  decide:
    (command: Takedown): StoryDecision =>
    state => {
      const former = formerRules(state, command.rules);
      if (former) return former;
      const held = state.developments.get(command.development);
      if (!held) return refuse('unknown-development');
      if (held.status === 'taken-down') return [];
      return (
        alreadyOpen(state.proposals, command.development, 'takedown') ?? [{ type: 'TakedownProposed', data: command }]
      );
    },
});
