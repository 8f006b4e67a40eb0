import { z } from 'zod';
import { unproven } from '../../capture.js';
import { Content, filledIn, pictured, SentContent } from '../../content.js';
import { isRefusal, refuse } from '../../errors.js';
import { standingAfter } from '../../sourcing.js';
import { Text } from '../../text.js';
import { defineAct, defineEvent, itsDevelopment, of } from '../define.js';
import { Outline } from '../payload.js';
import { afterCorrection } from '../proposals.js';
import { acting, changed, type StoryDecision } from '../state.js';

const Correction = { content: Content, wrong: Text(1_000), reason: Text(1_000) };

/** The development got a new content. Its payload holds the content, what was wrong, and why. */
export const developmentCorrected = defineEvent({
  type: 'DevelopmentCorrected',
  fields: { ...of, outline: Outline },
  payload: z.strictObject(Correction),
  carries: 'whole',
  readers: 'shown',
  evolve: (state, { development, outline: { standing: sourced, files: _, ...outline } }, { recorded }) => {
    const held = state.developments.get(development);
    const corrections = (held?.corrections ?? 0) + 1;
    const standing = held && { standing: standingAfter(held, sourced) };
    const proposals = afterCorrection(state.proposals, development, recorded);
    return { ...changed(state, development, { ...outline, sourced, corrections, ...standing }), proposals };
  },
  reconstruct: data => correct.decide(data),
  fills: {
    bound: 'correctionsOfDevelopment',
    full: 'The development has the maximum number of corrections',
    instead: 'Record a new development that supersedes it.',
    count: ({ developments }, { development }) => developments.get(development)?.corrections ?? 0,
  },
});

/** Replaces a development's content. */
export const correct = defineAct({
  does: 'correct-development',
  on: 'development',
  route: 'correct',
  summary: 'Correct a development publicly',
  body: z
    .strictObject({ ...Correction, content: SentContent })
    .meta({ id: 'CorrectDevelopment', description: 'The complete corrected content, what was wrong, and why.' }),
  sealing: itsDevelopment,
  command: ({ target: { development }, body }, { contentOf, isProven, keptIn, resolved, outlined }) => {
    const held = contentOf(development);
    const refused = unproven(body.content, isProven, held?.captures);
    if (refused) return refused;
    // Without the key, which pictures it shows is not known: the command is decided again with it.
    const shown = held && pictured(body.content, keptIn, held);
    if (isRefusal(shown)) return shown;
    const content = resolved({ ...filledIn(body.content), ...shown });
    if (isRefusal(content)) return content;
    return { development, outline: outlined(development, content), told: { ...body, content } };
  },
  decide:
    (command: { development: string; outline: Outline; told: unknown }): StoryDecision =>
    state =>
      acting(state, command.development, held => {
        if (held.status === 'superseded') return refuse('development-superseded', { allowed: [held.supersededBy!] });
        return held.digest === command.outline.digest ? [] : [{ type: 'DevelopmentCorrected', data: command }];
      }),
});
