import { z } from 'zod';
import { headlineOf, type Content } from '../../content.js';
import { unclassifiedKinds } from '../../developments/index.js';
import { headlineLimit } from '../../developments/kind.js';
import { isRefusal, refuse, type Refusal } from '../../errors.js';
import { notMinor, type NotMinor } from '../../minor-edit/compare.js';
import { Line, Text } from '../../text.js';
import { defineAct, defineEvent, itsDevelopment, of } from '../define.js';
import { Outline, unknownOutline } from '../payload.js';
import { acting, changed, type StoryDecision } from '../state.js';

const texts = { headline: Line(headlineLimit).optional(), body: Text(50_000).optional() };

/**
 * A slip of the pen was mended. Its payload is the headline and the body alone, so that the event cannot change what the development says
 * in its data, its source or its time. It is no correction, and open proposals stay open.
 */
export const developmentCopyEdited = defineEvent({
  type: 'DevelopmentCopyEdited',
  fields: { ...of, outline: Outline },
  payload: z.strictObject(texts),
  carries: 'part',
  readers: 'shown',
  evolve: (state, { development, outline: { digest } }) => {
    const edits = (state.developments.get(development)?.edits ?? 0) + 1;
    return changed(state, development, { digest, edits });
  },
  reconstruct: data => copyEdit.decide(data),
  fills: {
    bound: 'copyEditsOfDevelopment',
    full: 'The development has the maximum number of minor edits',
    instead: 'Correct it instead.',
    count: ({ developments }, { development }) => developments.get(development)?.edits ?? 0,
  },
});

/** Mends spelling, grammar and dead links. The two texts are compared, and what says something else is refused. */
export const copyEdit = defineAct({
  does: 'copy-edit-development',
  on: 'development',
  route: 'edit',
  summary: 'Edit spelling, grammar or a dead link; readers see when, and no correction',
  body: z
    .strictObject({
      ...texts,
      deadLinks: z
        .array(Line(2_000))
        .max(20)
        .optional()
        .meta({ description: 'Addresses in the present text that no longer work, and may be changed or left out.' }),
    })
    .refine(({ headline, body }) => headline !== undefined || body !== undefined, {
      path: ['body'],
      message: 'must be given where there is no new headline',
    })
    .meta({
      id: 'CopyEditDevelopment',
      description: 'The new headline or body, or both. A part that is left out stays.',
    }),
  sealing: itsDevelopment,
  command: ({ target: { development }, body: { deadLinks, ...sent } }, { story, contentOf, resolved, outlined }) => {
    const held = contentOf(development);
    if (!held) return { development, outline: unknownOutline, told: sent };
    const language = story.header?.language;
    const refused = beyondMinor(held, sent, { language, ...(deadLinks && { deadLinks }) });
    if (refused) return refused;
    const { body = held.body } = sent;
    const headline = sent.headline ?? (isMadeOfBody(held) ? madeOfBody({ ...held, body }) : held.headline);
    const told = { ...(headline !== undefined && { headline }), ...(body !== undefined && { body }) };
    const content = resolved({ ...held, ...told });
    if (isRefusal(content)) return { ...content, ...(content.path && { path: content.path.slice(1) }) };
    return { development, outline: outlined(development, content), told };
  },
  decide:
    ({ development, outline, told }: { development: string; outline: Outline; told: unknown }): StoryDecision =>
    state =>
      acting(state, development, held => {
        if (held.status === 'superseded') return refuse('development-superseded', { allowed: [held.supersededBy!] });
        const { digest } = outline;
        if (held.digest === digest) return [];
        // Kind, source, mode and conditions stay as they are.
        const kept = {
          kind: held.kind,
          standing: held.sourced as Outline['standing'],
          conditions: [...held.conditions],
        };
        return [{ type: 'DevelopmentCopyEdited', data: { development, outline: { ...kept, digest }, told } }];
      }),
});

type Texts = Pick<Content, 'headline' | 'body'>;

/** Refuses an edit that changes more than a slip of the pen; names the field and the word. */
function beyondMinor(held: Texts, sent: Texts, known: Parameters<typeof notMinor>[2]): Refusal | undefined {
  for (const field of ['headline', 'body'] as const) {
    const [before = '', after] = [held[field], sent[field]];
    const fault = after === undefined ? undefined : notMinor(before, after, known);
    if (fault) return refuse('not-minor', { path: [field], detail: `${said(fault)} Correct the development instead.` });
  }
  return undefined;
}

const reasons: Readonly<Record<NotMinor['meaning'], string>> = {
  name: 'may be a name',
  number: 'is a number',
  quote: 'is a quotation',
  denial: 'denies something',
  person: 'says who it is about',
  date: 'says when it was',
  link: 'is a link that works, as far as you said',
  sign: 'changes what is said',
  word: 'becomes another word, or comes or goes',
  amount: 'is one change too many for slips of the pen',
};
const said = ({ meaning, word }: NotMinor) =>
  `“${word.length > 80 ? `${word.slice(0, 79).toWellFormed()}…` : word}” ${reasons[meaning]}, so this is not a minor edit.`;

/** The headline that a plain update gets from its body. */
const madeOfBody = (content: Content): string =>
  headlineOf({ ...content, kind: unclassifiedKinds[0]!, data: {}, headline: undefined }, actor => actor);
const isMadeOfBody = (content: Content): boolean =>
  content.body !== undefined && content.headline === madeOfBody(content);
