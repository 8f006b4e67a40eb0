import { z } from 'zod';
import { refuse } from '../../errors.js';
import { fates, type Fate } from '../../sourcing.js';
import { DevelopmentId, Slug, Text } from '../../text.js';
import { defineAct, defineEvent, editors } from '../define.js';
import type { StoryDecision } from '../state.js';

type Settling = {
  readonly condition: string;
  readonly fate: Fate;
  readonly reason: string;
  readonly development?: string | undefined;
};

const Fields = { fate: z.enum(fates), reason: Text(1_000), development: DevelopmentId.optional() };

/** A condition was met, or has lapsed. */
export const conditionSettled = defineEvent({
  type: 'ConditionSettled',
  fields: { condition: Slug, ...Fields },
  readers: 'shown',
  evolve: (state, { condition, fate }) => ({ ...state, settled: state.settled.set(condition, fate) }),
  reconstruct: data => settleCondition.decide(data),
});

/** Records that a condition was met, or has lapsed. */
export const settleCondition = defineAct({
  does: 'settle-condition',
  on: 'condition',
  route: 'settle',
  roles: editors,
  summary: 'Settle a condition as met or lapsed',
  label: 'Settle a condition',
  body: z.strictObject(Fields).meta({ id: 'SettleCondition' }),
  command: ({ target: { condition }, body }) => ({ condition, ...body }),
  decide:
    (command: Settling): StoryDecision =>
    state => {
      if (state.status === 'none') return refuse('unknown-story');
      const developments = [...state.developments];
      const known = new Set(developments.flatMap(([, { conditions }]) => conditions));
      if (!known.has(command.condition)) return refuse('unknown-condition', { allowed: [...known].sort() });
      // Readers see the outcome, so at least one development that depends on the condition must be visible to them.
      const isReadable = ([id, { conditions }]: (typeof developments)[number]) =>
        conditions.includes(command.condition) && !state.embargoes.has(id);
      if (!developments.some(isReadable)) return refuse('development-embargoed');
      if (command.development && !state.developments.has(command.development))
        return refuse('unknown-development', { path: ['development'] });
      if (command.development && state.embargoes.has(command.development))
        return refuse('development-embargoed', { path: ['development'] });
      const fate = state.settled.get(command.condition);
      if (fate === command.fate) return [];
      return fate
        ? refuse('condition-settled', { path: ['fate'], allowed: [fate] })
        : [{ type: 'ConditionSettled', data: command }];
    },
});
