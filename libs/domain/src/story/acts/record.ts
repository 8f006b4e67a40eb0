import { v5 as uuidOf } from 'uuid';
import { z } from 'zod';
import { unproven } from '../../capture.js';
import { Content, filledIn, pictured, NewContent } from '../../content.js';
import { isRefusal, refuse, type Refusal } from '../../errors.js';
import { DevelopmentId } from '../../text.js';
import { defineAct, defineEvent, of, type OtherEvent, type Request, type Targets } from '../define.js';
import { Outline } from '../payload.js';
import { currentRules, formerRules, ruled, underRules, type Rules } from '../rules.js';
import { withDevelopment, type StoryDecision, type StoryState } from '../state.js';
import type { StoryEvent } from '../story.js';
import { EmbargoBody, overAlready, underEmbargo, type Embargo } from './embargo.js';
import { supersedable } from './supersede.js';

/** The roles that may record a development. */
export const recorders = ['reporter', 'editor'] as const;
/** A role that may record developments. */
export type Recorder = (typeof recorders)[number];

type Recording = {
  readonly development: string;
  readonly outline: Outline;
  readonly told: unknown;
  readonly supersedes?: string | undefined;
  readonly key?: boolean | undefined;
  readonly embargo?: Embargo | undefined;
  /** It waits for another person. The embargo here is the one that it is under after the approval. */
  readonly submits?: { readonly embargo?: Embargo };
  readonly as?: Recorder | undefined;
  readonly rules?: Rules;
};

/** A development was recorded. Its payload is the content. */
export const developmentRecorded = defineEvent({
  type: 'DevelopmentRecorded',
  fields: { ...of, outline: Outline, as: z.enum(recorders).optional(), ...ruled },
  payload: z.strictObject({ content: Content }),
  carries: 'whole',
  readers: 'shown',
  evolve: (state, { development, outline }, { by }) => {
    const { standing, files: _, ...rest } = outline;
    const before = { status: 'active' as const, key: false, links: [], corrections: 0, checks: 0 };
    // A log of another producer may record a development twice.
    const former = state.developments.get(development);
    const { supersedes } = former ?? {};
    const recorded = { ...rest, ...before, by: by.id, sourced: standing, standing, ...(supersedes && { supersedes }) };
    return withDevelopment(state, development, former, recorded);
  },
  reconstruct: (data, rest) => recordedAgain(data, rest),
  fills: {
    bound: 'developmentsOfStory',
    full: 'The story has the maximum number of developments',
    instead: 'Open another story.',
    count: ({ developments }) => developments.size,
  },
});

/** The rest of the request is reconstructed from the commit's other events. */
function recordedAgain(data: Recording, rest: readonly OtherEvent[]): StoryDecision {
  const dataOf = (wanted: string) => rest.find(({ type }) => type === wanted)?.data;
  const superseded = dataOf('DevelopmentSuperseded') as { development: string } | undefined;
  const submits = dataOf('DevelopmentSubmitted') as Recording['submits'];
  return recordDevelopment.decide({
    ...data,
    key: dataOf('DevelopmentMarkedKey') !== undefined,
    supersedes: superseded?.development,
    ...(submits ? { submits } : { embargo: dataOf('DevelopmentEmbargoed') }),
  });
}

// A stored name: the ids of developments are derived from it.
const namespace = uuidOf('urn:dateline:development', uuidOf.URL);
const personal = uuidOf('urn:dateline:development-of-person', uuidOf.URL);

/**
 * The id of the development that a request records. It is derived from the story and the idempotency key, so that a retry names the
 * same development. Where another person already recorded one with this key, it is derived from the person too.
 */
export function newDevelopmentId(
  { key, by, target: { story } }: Pick<Request<Targets['story'], unknown>, 'key' | 'by' | 'target'>,
  { developments }: StoryState,
): string {
  const id = uuidOf(`${story}/${key}`, namespace);
  const held = developments.get(id);
  return held && held.by !== by.id ? uuidOf([story, key, by.id].join('\n'), personal) : id;
}

/**
 * Refuses parts of the request that reporters may not use: superseding and key marks are for editors. An embargo shows less, so a
 * reporter may set one.
 */
function beyondRole({ as, rules, supersedes, key }: Recording): Refusal | undefined {
  if (!rules || as === 'editor') return undefined;
  if (!as) return refuse('role-needed', { allowed: recorders });
  const field = supersedes !== undefined ? 'supersedes' : key ? 'key' : undefined;
  return field && refuse('role-needed', { path: [field], allowed: ['editor'] });
}

/** Refuses a reporter's post in a story in which reporters submit. */
const unreviewed = ({ review }: StoryState, { as, submits }: Recording): Refusal | undefined =>
  review === 'submit' && as !== 'editor' && !submits ? refuse('review-needed') : undefined;

/** A submission is under an embargo without a time until it is approved: nothing lifts it but the approval. */
const submitted = (development: string, { embargo }: NonNullable<Recording['submits']>): StoryEvent[] => [
  underEmbargo({ development }),
  {
    type: 'DevelopmentSubmitted',
    data: { development, ...(embargo && { embargo: embargo.until === undefined ? {} : { until: embargo.until } }) },
  },
];

/** What else a recording does. */
function besides(state: StoryState, { development, supersedes, key, embargo }: Recording): StoryEvent[] | Refusal {
  const events: StoryEvent[] = [];
  if (embargo) events.push(underEmbargo({ development, ...embargo }));
  if (key) events.push({ type: 'DevelopmentMarkedKey', data: { development } });
  if (!supersedes) return events;
  if (embargo) return refuse('development-embargoed', { path: ['supersedes'] });
  const superseded = supersedable(state, supersedes, development, { path: ['supersedes'] });
  if ('refused' in superseded) return superseded;
  return [...events, { type: 'DevelopmentSuperseded', data: { development: supersedes, by: development } }];
}

/** The body of a recording. */
export const RecordBody = z.strictObject({
  content: NewContent,
  supersedes: DevelopmentId.optional().meta({ description: 'Only for an editor.' }),
  key: z.boolean().optional().meta({ description: 'Only for an editor.' }),
  embargo: EmbargoBody.optional(),
});

/** Records a development. */
export const recordDevelopment = defineAct({
  does: 'record-development',
  on: 'story',
  route: 'developments',
  summary: 'Record a development',
  body: RecordBody.meta({ id: 'RecordDevelopment' }),
  sealing: (request, story) => {
    const development = newDevelopmentId(request, story);
    return story.status === 'open' && !story.developments.has(development)
      ? { key: development, isNew: true }
      : undefined;
  },
  command: (request, { story, resolved, isProven, keptIn, outlined }) => {
    const { body, roles, received } = request;
    const over = body.embargo && overAlready(body.embargo, received, ['embargo']);
    const refused = over ?? unproven(body.content, isProven);
    if (refused) return refused;
    const shown = pictured(body.content, keptIn);
    if (isRefusal(shown)) return shown;
    const content = resolved({ ...filledIn(body.content, story.defaults, request.by), ...shown });
    if (isRefusal(content)) return content;
    const { supersedes, key, embargo } = body;
    const development = newDevelopmentId(request, story);
    const as: Recorder = roles.includes('editor') ? 'editor' : 'reporter';
    const outline = outlined(development, content);
    return { development, outline, told: { content }, supersedes, key, embargo, as, rules: currentRules };
  },
  decide:
    (command: Recording): StoryDecision =>
    state => {
      const { development, outline, told, as, rules } = command;
      if (state.status === 'none') return refuse('unknown-story');
      if (state.developments.has(development)) return [];
      const refused = formerRules(state, rules) ?? beyondRole(command) ?? unreviewed(state, command);
      if (refused) return refused;
      if (state.status === 'closed') return refuse('story-closed');
      const data = { development, outline, told, ...(as && { as }), ...underRules(rules) };
      const recorded: StoryEvent = { type: 'DevelopmentRecorded', data };
      if (command.submits) return [recorded, ...submitted(development, command.submits)];
      const more = besides(state, command);
      return isRefusal(more) ? more : [recorded, ...more];
    },
});
