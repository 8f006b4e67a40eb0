import { z } from 'zod';
import { isRefusal, refuse } from '../../errors.js';
import { Text } from '../../text.js';
import { defineAct, defineEvent, ofText } from '../define.js';
import {
  approvers,
  CommitId,
  grounds,
  openOnText,
  withoutProposalsOnText,
  type Approver,
  type Ground,
} from '../proposals.js';
import { secondEdition } from '../rules.js';
import type { StoryDecision } from '../state.js';
import { approve, withdraw } from './approve.js';
import { openProposals, TakedownBody, takedownRole } from './propose.js';

// The takedown of a sealed text of the story, such as a version of the header. As for a development, two people of
// different roles agree, and the text's key is destroyed.

/** A takedown of a text waits for a second person. Its payload is the reason. */
export const textTakedownProposed = defineEvent({
  type: 'TextTakedownProposed',
  fields: { ...ofText, ground: z.enum(grounds), as: z.enum(approvers), ...secondEdition },
  payload: z.strictObject({ reason: Text(1_000) }),
  readers: 'internal',
  evolve: (state, data, { id, by, recorded }) => ({
    ...state,
    proposals: state.proposals.set(id, { ...data, act: 'takedown', by, recorded }),
  }),
  reconstruct: ({ rules: _, ...data }) => proposeTextTakedown.decide(data),
  fills: openProposals(true),
});

/** Orders every reader of the log to destroy the key of the text, which cannot be undone. It approves the proposal. */
export const textShredded = defineEvent({
  type: 'TextShredded',
  fields: { ...ofText, ground: z.enum(grounds), proposal: CommitId, as: z.enum(approvers), ...secondEdition },
  readers: 'shown',
  evolve: (state, { text }) => {
    const held = state.texts.get(text);
    return {
      ...state,
      texts: held ? state.texts.set(text, { ...held, status: 'taken-down' }) : state.texts,
      proposals: withoutProposalsOnText(state.proposals, text),
    };
  },
  reconstruct: (data, _, by) => approve.decide({ ...data, by, told: null }),
});

/** A proposal to take down a text was withdrawn or declined. */
export const textTakedownWithdrawn = defineEvent({
  type: 'TextTakedownWithdrawn',
  fields: { ...ofText, proposal: CommitId, as: z.enum(approvers), ...secondEdition },
  payload: z.strictObject({ reason: Text(1_000) }),
  readers: 'internal',
  evolve: (state, { proposal }) => ({ ...state, proposals: state.proposals.delete(proposal) }),
  reconstruct: (data, _, by) => withdraw.decide({ ...data, by }),
});

type Takedown = { readonly text: string; readonly told: unknown; readonly as: Approver; readonly ground: Ground };

/** Proposes the takedown of a text, former or current. */
export const proposeTextTakedown = defineAct({
  does: 'propose-text-takedown',
  on: 'text',
  route: 'propose-takedown',
  summary:
    'Propose to take down a version of the header or a key point, which destroys its words; an editor or a lawyer approves it',
  label: 'Propose to take down the headline',
  proposes: 'takedown',
  body: TakedownBody.meta({ id: 'ProposeTextTakedown' }),
  sealing: ({ target: { text } }, { texts }) => (texts.get(text)?.status === 'active' ? { key: text } : undefined),
  command: ({ roles, target: { text }, body }) => {
    const as = takedownRole(body, roles);
    return isRefusal(as) ? as : { text, ground: body.ground, as, told: { reason: body.reason } };
  },
  decide:
    (command: Takedown): StoryDecision =>
    state => {
      if (state.status === 'none') return refuse('unknown-story');
      const held = state.texts.get(command.text);
      if (!held) return refuse('unknown-text', { allowed: state.texts.keySeq().sort().toArray() });
      if (held.status === 'taken-down') return [];
      const open = openOnText(state.proposals, command.text);
      if (open !== undefined) return refuse('proposal-open', { allowed: [open] });
      return [{ type: 'TextTakedownProposed', data: { ...command, rules: 2 } }];
    },
});
