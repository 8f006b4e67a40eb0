import { z } from 'zod';
import { refuse } from '../../errors.js';
import { fates, type Fate } from '../../sourcing.js';
import { DevelopmentId, Slug, Text } from '../../text.js';
import { defineAct, defineEvent, ofText } from '../define.js';
import { newTextId } from '../header.js';
import { reasons, withReason, type StoryDecision } from '../state.js';

type Settled = { readonly condition: string; readonly fate: Fate; readonly development?: string | undefined };
/** A command of an earlier version has its reason in the clear, and no text. */
type Settling = Settled & ({ readonly reason: string } | { readonly text: string; readonly told: unknown });

const Reason = Text(1_000);
const Outcome = { fate: z.enum(fates), development: DevelopmentId.optional() };

/** A condition was met, or has lapsed. Earlier versions wrote it, with the reason in the clear. */
export const conditionSettled = defineEvent({
  type: 'ConditionSettled',
  fields: { condition: Slug, fate: z.enum(fates), reason: Reason, development: DevelopmentId.optional() },
  readers: 'shown',
  evolve: (state, { condition, fate }) => ({ ...state, settled: state.settled.set(condition, fate) }),
  reconstruct: data => settleCondition.decide(data),
});

/** A condition was met, or has lapsed. Its payload is the reason. */
export const conditionSettledSealed = defineEvent({
  type: 'ConditionSettledSealed',
  fields: { ...ofText, condition: Slug, ...Outcome },
  payload: z.strictObject({ reason: Reason }),
  readers: 'shown',
  evolve: (state, { text, condition, fate }) => ({
    ...withReason(state, text),
    settled: state.settled.set(condition, fate),
  }),
  reconstruct: data => settleCondition.decide(data),
  fills: reasons,
});

/** Records that a condition was met, or has lapsed. */
export const settleCondition = defineAct({
  does: 'settle-condition',
  on: 'condition',
  route: 'settle',
  summary: 'Settle a condition as met or lapsed',
  label: 'Settle a condition',
  body: z
    .strictObject({ fate: Outcome.fate, reason: Reason, development: Outcome.development })
    .meta({ id: 'SettleCondition' }),
  sealing: ({ key, by, target: { story } }, state) =>
    state.status === 'none' ? undefined : { key: newTextId(story, key, by.id, state), isNew: true },
  command: ({ key, by, target: { condition, ...target }, body: { reason, ...outcome } }, { story }) => ({
    text: newTextId(target.story, key, by.id, story),
    condition,
    ...outcome,
    told: { reason },
  }),
  decide:
    (command: Settling): StoryDecision =>
    state => {
      if (state.status === 'none') return refuse('unknown-story');
      const named = state.conditions.get(command.condition);
      if (named === undefined)
        return refuse('unknown-condition', { allowed: state.conditions.keySeq().sort().toArray() });
      // Readers see the outcome, so at least one development that depends on the condition must be visible to them.
      const isHidden = (id: string) => state.developments.get(id)?.conditions.includes(command.condition) ?? false;
      if (state.embargoes.keySeq().count(isHidden) === named) return refuse('development-embargoed');
      if (command.development && !state.developments.has(command.development))
        return refuse('unknown-development', { path: ['development'] });
      if (command.development && state.embargoes.has(command.development))
        return refuse('development-embargoed', { path: ['development'] });
      const fate = state.settled.get(command.condition);
      if (fate === command.fate) return [];
      if (fate) return refuse('condition-settled', { path: ['fate'], allowed: [fate] });
      return 'text' in command
        ? [{ type: 'ConditionSettledSealed', data: command }]
        : [{ type: 'ConditionSettled', data: command }];
    },
});
