import { z } from 'zod';
import { refuse } from '../../errors.js';
import { Text } from '../../text.js';
import { defineAct, defineEvent, itsDevelopment, of, type Filling } from '../define.js';
import { acting, changed, type StoryDecision, type StoryState } from '../state.js';

type Check = { readonly development: string; readonly told: unknown };

const checksOf = ({ developments }: StoryState, id: string) => developments.get(id)?.checks ?? 0;

const fills: Filling<{ readonly development: string }> = {
  bound: 'checksOfDevelopment',
  full: 'The development has the maximum number of checks',
  instead: 'Correct its sourcing instead.',
  count: (state, { development }) => checksOf(state, development),
};

/** A check confirmed the development. Its payload is the checker's note. */
export const developmentVerified = defineEvent({
  type: 'DevelopmentVerified',
  fields: of,
  payload: z.strictObject({ note: Text(1_000) }),
  readers: 'shown',
  evolve: (state, { development }) =>
    changed(state, development, { standing: 'confirmed', checks: checksOf(state, development) + 1 }),
  reconstruct: data => verify.decide(data),
  fills,
});

/** A check put the development in doubt. Its payload is the reason. */
export const developmentDisputed = defineEvent({
  type: 'DevelopmentDisputed',
  fields: of,
  payload: z.strictObject({ reason: Text(1_000) }),
  readers: 'shown',
  evolve: (state, { development }) =>
    changed(state, development, { standing: 'disputed', checks: checksOf(state, development) + 1 }),
  reconstruct: data => dispute.decide(data),
  fills,
});

// A check that changes nothing is refused rather than ignored: otherwise its note would be lost silently.

/** Records that an editor has verified a development: its standing becomes `confirmed`. */
export const verify = defineAct({
  does: 'verify-development',
  on: 'development',
  route: 'verify',
  summary: 'Verify a development',
  label: 'Confirm',
  body: z.strictObject({ note: Text(1_000) }).meta({ id: 'VerifyDevelopment' }),
  sealing: itsDevelopment,
  command: ({ target: { development }, body }) => ({ development, told: body }),
  decide:
    (command: Check): StoryDecision =>
    state =>
      acting(state, command.development, held =>
        held.standing === 'confirmed'
          ? refuse('standing-already-so', { allowed: ['disputed'] })
          : [{ type: 'DevelopmentVerified', data: command }],
      ),
});

/** Marks a development as disputed. */
export const dispute = defineAct({
  does: 'dispute-development',
  on: 'development',
  route: 'dispute',
  summary: 'Mark a development as disputed',
  label: 'Dispute',
  body: z.strictObject({ reason: Text(1_000) }).meta({ id: 'DisputeDevelopment' }),
  sealing: itsDevelopment,
  command: ({ target: { development }, body }) => ({ development, told: body }),
  decide:
    (command: Check): StoryDecision =>
    state =>
      acting(state, command.development, held =>
        held.standing === 'disputed'
          ? refuse('standing-already-so', { allowed: ['confirmed'] })
          : [{ type: 'DevelopmentDisputed', data: command }],
      ),
});
