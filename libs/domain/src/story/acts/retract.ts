import { z } from 'zod';
import { refuse } from '../../errors.js';
import { Text } from '../../text.js';
import { defineAct, defineEvent, itsDevelopment, of } from '../define.js';
import { withoutProposalsOn } from '../proposals.js';
import { changed, unpinned, type StoryDecision, type StoryState } from '../state.js';
import type { StoryEvent } from '../story.js';
import { handedOn } from './supersede.js';

type Retraction = { readonly development: string; readonly told: unknown };

/** The newsroom withdrew the development. Its payload is the reason. */
export const developmentRetracted = defineEvent({
  type: 'DevelopmentRetracted',
  fields: of,
  payload: z.strictObject({ reason: Text(1_000) }),
  readers: 'shown',
  evolve: (state, { development }) => ({
    ...changed(unpinned(state, development), development, { status: 'retracted', key: false }),
    proposals: withoutProposalsOn(state.proposals, development, 'retract'),
  }),
  reconstruct: data => retract.decide(data),
});

/** Retracts a development, if the story requires no approval for it. */
export const retract = defineAct({
  does: 'retract-development',
  on: 'development',
  route: 'retract',
  summary: 'Retract a development; those that it superseded are reinstated',
  label: 'Retract',
  body: z.strictObject({ reason: Text(1_000) }).meta({ id: 'RetractDevelopment' }),
  sealing: itsDevelopment,
  command: ({ target: { development }, body }) => ({ development, told: body }),
  decide:
    (command: Retraction): StoryDecision =>
    state => {
      const held = state.developments.get(command.development);
      if (!held) return refuse('unknown-development');
      if (held.status === 'retracted') return [];
      if (held.status === 'taken-down') return refuse('development-taken-down');
      if (state.needApproval.includes('retract')) return refuse('approval-needed');
      return retracted(state, command);
    },
});

/** The events of a retraction, which also reinstates the developments that it had superseded or hands them to its replacement. */
export const retracted = (state: StoryState, data: Retraction): StoryEvent[] => [
  { type: 'DevelopmentRetracted', data },
  ...handedOn(state, data.development),
];
