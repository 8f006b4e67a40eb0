import { z } from 'zod';
import { Captures, keptCaptures, notAgain, SentCaptures, unproven } from '../../capture.js';
import { isRefusal, refuse } from '../../errors.js';
import { defineAct, defineEvent, itsDevelopment, of } from '../define.js';
import { filesIn, Outline, unknownOutline } from '../payload.js';
import { acting, changed, type StoryDecision } from '../state.js';

const Recaptured = z.strictObject({ captures: Captures });

/**
 * Pages that the development links to were captured again. Its payload is the captures alone: each as it was, with what the page says
 * now. It is no correction, because what the newsroom wrote was not wrong, and open proposals stay open.
 */
export const developmentRecaptured = defineEvent({
  type: 'DevelopmentRecaptured',
  fields: { ...of, outline: Outline },
  payload: Recaptured,
  carries: 'part',
  readers: 'shown',
  evolve: (state, { development, outline: { digest } }) => {
    const recaptures = (state.developments.get(development)?.recaptures ?? 0) + 1;
    return changed(state, development, { digest, recaptures });
  },
  reconstruct: data => recapture.decide(data),
  fills: {
    bound: 'recapturesOfDevelopment',
    full: 'The pages of the development were captured again the maximum number of times',
    instead: 'Record a new development that says what the page says now.',
    count: ({ developments }, { development }) => developments.get(development)?.recaptures ?? 0,
  },
});

/** Keeps what linked pages say now beside what they said when they were captured. */
export const recapture = defineAct({
  does: 'recapture-development',
  on: 'development',
  route: 'recapture',
  summary: 'Keep what linked pages say now; readers see what changed, and no correction',
  body: z.strictObject({ captures: SentCaptures }).meta({
    id: 'RecaptureDevelopment',
    description:
      'The captures of the development, with `again` for those captured again: see POST /stories/{story}/captures/again.',
  }),
  sealing: itsDevelopment,
  command: ({ target: { development }, body }, { contentOf, isProven, keptIn, resolved, outlined }) => {
    const held = contentOf(development);
    if (!held) return { development, outline: unknownOutline, told: { captures: [] } };
    const refused = unproven(body, isProven, held.captures) ?? notAgain(body.captures, held.captures);
    if (refused) return { ...refused, path: refused.path!.filter(part => part !== 'content') };
    const captures = keptCaptures(body.captures, keptIn, held.captures, ['captures']);
    if (isRefusal(captures)) return captures;
    const told = { captures };
    const content = resolved({ ...held, ...told });
    if (isRefusal(content)) return content;
    const { files: _, ...outline } = outlined(development, content);
    const files = filesIn(told);
    return { development, outline: { ...outline, ...(files && { files }) }, told };
  },
  decide:
    ({ development, outline, told }: { development: string; outline: Outline; told: unknown }): StoryDecision =>
    state =>
      acting(state, development, held => {
        if (held.status === 'superseded') return refuse('development-superseded', { allowed: [held.supersededBy!] });
        const { digest, files } = outline;
        if (held.digest === digest) return [];
        // Kind, source, mode and conditions stay as they are.
        const kept = {
          kind: held.kind,
          standing: held.sourced as Outline['standing'],
          conditions: [...held.conditions],
        };
        return [
          {
            type: 'DevelopmentRecaptured',
            data: { development, outline: { ...kept, digest, ...(files && { files }) }, told },
          },
        ];
      }),
});
