import { z } from 'zod';
import { refuse, type Refusal } from '../../errors.js';
import { isInFourDigitYears, yearsError } from '../../instant.js';
import { defineAct, defineEvent, of } from '../define.js';
import { acting, isSubmitted, type StoryDecision } from '../state.js';

/** Hides a development from readers until the embargo is lifted. The newsroom can go on working on it. */
export const Embargo = z.strictObject({
  until: z.iso
    .datetime({ precision: 3, error: 'must be an ISO 8601 instant in UTC with milliseconds' })
    .optional()
    .meta({ description: 'When the embargo lifts automatically. Without it, somebody has to lift the embargo.' }),
});
export type Embargo = z.infer<typeof Embargo>;
type EmbargoOn = Embargo & { readonly development: string };

const error = 'must be an ISO 8601 instant with an offset or Z, such as 2026-01-31T09:00:00-09:00';

/** An embargo as an editor sends it: any offset, normalised to UTC. */
export const EmbargoBody = z
  .strictObject({
    until: z.iso
      .datetime({ offset: true, error })
      .transform(text => new Date(text).toISOString())
      .refine(isInFourDigitYears, yearsError)
      .pipe(Embargo.shape.until.unwrap())
      .optional()
      .meta({
        description: 'When the embargo lifts automatically. Without it, somebody has to lift the embargo.',
        type: 'string',
        format: 'date-time',
      }),
  })
  .meta({ id: 'Embargo', description: 'Readers see nothing of the development until the embargo is lifted.' });

/**
 * Refuses an embargo whose time was already over when the command arrived. It would lift at once, which is surely a mistake, and
 * readers cannot unread.
 */
export const overAlready = ({ until }: Embargo, received: string, path: readonly string[] = []): Refusal | undefined =>
  until === undefined || Date.parse(until) > Date.parse(received)
    ? undefined
    : refuse('invalid-field', { path: [...path, 'until'], detail: 'must be in the future' });

const data = ({ development, until }: EmbargoOn) => ({ development, ...(until === undefined ? {} : { until }) });

/** The event that puts a development under embargo, in the commit that records it. */
export const underEmbargo = (about: EmbargoOn) => ({ type: 'DevelopmentEmbargoed' as const, data: data(about) });

/** The development is under embargo from its recording on. */
export const developmentEmbargoed = defineEvent({
  type: 'DevelopmentEmbargoed',
  fields: { ...of, ...Embargo.shape },
  readers: 'shown',
  evolve: (state, { development, until }) => ({ ...state, embargoes: state.embargoes.set(development, { until }) }),
  // Only in the commit that records the development: it cannot hide what readers have already seen.
  reconstruct: null,
});

/** The embargo got another time. */
export const embargoChanged = defineEvent({
  type: 'EmbargoChanged',
  fields: { ...of, ...Embargo.shape },
  readers: 'internal',
  evolve: (state, { development, until }) => ({ ...state, embargoes: state.embargoes.set(development, { until }) }),
  reconstruct: data => changeEmbargo.decide(data),
});

/** Has `until`, the scheduled instant, if that instant lifted it and not a person. */
export const embargoLifted = defineEvent({
  type: 'EmbargoLifted',
  fields: { ...of, ...Embargo.shape },
  readers: 'shown',
  evolve: (state, { development }) => ({ ...state, embargoes: state.embargoes.delete(development) }),
  reconstruct: data => liftEmbargo.decide(data),
});

/** Changes the time of an embargo. */
export const changeEmbargo = defineAct({
  does: 'change-embargo',
  on: 'development',
  route: 'embargo',
  summary: 'Change an embargo',
  label: 'Change embargo',
  body: EmbargoBody.meta({ id: 'ChangeEmbargo', description: 'The new embargo.' }),
  command: ({ target: { development }, body, received }) => overAlready(body, received) ?? { development, ...body },
  decide:
    (command: EmbargoOn): StoryDecision =>
    state =>
      acting(state, command.development, () => {
        const held = state.embargoes.get(command.development);
        if (!held) return refuse('not-embargoed');
        if (isSubmitted(state, command.development)) return refuse('submission-waits');
        return held.until === command.until ? [] : [{ type: 'EmbargoChanged', data: data(command) }];
      }),
});

/** Where `until` is given, lifts only an embargo that still has this time: a scheduler with old data must not undo a change. */
export const liftEmbargo = defineAct({
  does: 'lift-embargo',
  on: 'development',
  route: 'lift',
  summary: 'Lift an embargo: readers can read the development from then on',
  label: 'Lift embargo',
  command: ({ target: { development } }) => ({ development }),
  decide:
    (command: EmbargoOn): StoryDecision =>
    state =>
      acting(state, command.development, () => {
        const held = state.embargoes.get(command.development);
        if (isSubmitted(state, command.development)) return refuse('submission-waits');
        const meant = command.until === undefined || command.until === held?.until;
        return held && meant ? [{ type: 'EmbargoLifted', data: data(command) }] : [];
      }),
});
