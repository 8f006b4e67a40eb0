import { Classification, SentClassification } from '../../content.js';
import { unclassifiedKinds } from '../../developments/index.js';
import { isRefusal, refuse, type Refusal } from '../../errors.js';
import { defineAct, defineEvent, itsDevelopment, of } from '../define.js';
import { Outline, unknownOutline } from '../payload.js';
import { acting, changed, type StoryDecision } from '../state.js';

/**
 * A plain update got a kind that says more, and the data of that kind. Its payload is these two alone, so that the event cannot change a
 * word that readers see. It is no correction, and open proposals stay open.
 */
export const developmentClassified = defineEvent({
  type: 'DevelopmentClassified',
  fields: { ...of, outline: Outline },
  payload: Classification,
  carries: 'part',
  readers: 'shown',
  evolve: (state, { development, outline: { kind, digest } }) => changed(state, development, { kind, digest }),
  reconstruct: data => classify.decide(data),
});

/** Gives a plain update its kind and data, after it was posted. */
export const classify = defineAct({
  does: 'classify-development',
  on: 'development',
  route: 'classify',
  summary: 'Classify a plain update: give it a kind and its data, and change none of its words',
  body: SentClassification,
  sealing: itsDevelopment,
  command: ({ target: { development }, body }, { contentOf, resolved, outlined }) => {
    const told: Classification = { kind: body.kind, data: body.data ?? {} };
    const held = contentOf(development);
    if (!held) return { development, outline: { ...unknownOutline, kind: told.kind }, told };
    const content = resolved({ ...held, ...told });
    if (isRefusal(content)) return ofClassification(content);
    return { development, outline: outlined(development, content), told: { kind: told.kind, data: content.data } };
  },
  decide:
    ({ development, outline, told }: { development: string; outline: Outline; told: unknown }): StoryDecision =>
    state =>
      acting(state, development, held => {
        if (held.status === 'superseded') return refuse('development-superseded', { allowed: [held.supersededBy!] });
        const { kind, digest } = outline;
        if (held.digest === digest) return [];
        if (!unclassifiedKinds.includes(held.kind)) return refuse('already-classified');
        // The source, the mode and its conditions stay as they are.
        const kept = { standing: held.sourced as Outline['standing'], conditions: [...held.conditions] };
        const data = { development, outline: { kind, digest, ...kept }, told };
        return [{ type: 'DevelopmentClassified', data }];
      }),
});

/** The refusal of the whole content, as one of the classification: the rest of the content is not in the request. */
function ofClassification({ path: [, field, ...rest] = [], ...refusal }: Refusal): Refusal {
  if (field === 'kind' || field === 'data') return { ...refusal, path: [field, ...rest] };
  const detail = `does not suit this update: its ${field} ${refusal.detail}. Correct the development instead.`;
  return refuse('invalid-field', { path: ['kind'], detail });
}
