import { digest } from '../digest.js';
import { refuse } from '../errors.js';
import type { Fate } from '../modality.js';
import { acting, type StoryDecision } from './acting.js';
import { retracted } from './approving.js';
import type { Embargo } from './embargo.js';
import { underEmbargo } from './embargoing.js';
import { formerRules, underRules, type Rules } from './rules.js';
import { recorders, type Recorder, type StoryEvent, type StoryProfile, type StoryState } from './story.js';
import { isOver, supersedable } from './succession.js';
import type { Outline } from './told.js';

export {
  approve,
  proposeApprovals,
  proposeRetraction,
  proposeTakedown,
  requireApprovals,
  withdraw,
} from './approving.js';
export { changeEmbargo, liftEmbargo } from './embargoing.js';
export { link, unlink } from './linking.js';
export type { StoryDecision } from './acting.js';

export const openStory =
  (profile: StoryProfile): StoryDecision =>
  state => {
    if (!state.profile) return [{ type: 'StoryOpened', data: profile }];
    return digest(state.profile) === digest(profile) ? [] : refuse('story-exists', { path: ['id'] });
  };

export const closeStory =
  (data: { reason?: string | undefined }): StoryDecision =>
  state => {
    if (state.status === 'none') return refuse('unknown-story');
    return state.status === 'closed' ? [] : [{ type: 'StoryClosed', data }];
  };

export const reopenStory =
  (data: { reason?: string | undefined }): StoryDecision =>
  state => {
    if (state.status === 'none') return refuse('unknown-story');
    return state.status === 'open' ? [] : [{ type: 'StoryReopened', data }];
  };

interface Recording {
  readonly development: string;
  readonly outline: Outline;
  readonly told: unknown;
  readonly supersedes?: string | undefined;
  readonly key?: boolean | undefined;
  readonly embargo?: Embargo | undefined;
  readonly as?: Recorder | undefined;
  readonly rules?: Rules;
}

/** What a reporter's record cannot do: superseding and marking as key are an editor's acts. An embargo shows less, not more. */
function beyond({ as, rules, supersedes, key }: Pick<Recording, 'as' | 'rules' | 'supersedes' | 'key'>) {
  if (!rules || as === 'editor') return undefined;
  if (!as) return refuse('role-needed', { allowed: recorders });
  const field = supersedes !== undefined ? 'supersedes' : key ? 'key' : undefined;
  return field && refuse('role-needed', { path: [field], allowed: ['editor'] });
}

/** `development` is the id that the command's key gives, so a retry names the same one. */
export const recordDevelopment =
  (command: Recording): StoryDecision =>
  state => {
    const { development, outline, told, supersedes, key, embargo, as, rules } = command;
    if (state.status === 'none') return refuse('unknown-story');
    if (state.developments.has(development)) return [];
    const refused = formerRules(state, rules) ?? beyond(command);
    if (refused) return refused;
    if (state.status === 'closed') return refuse('story-closed');
    const data = { development, outline, told, ...(as && { as }), ...underRules(rules) };
    const events: StoryEvent[] = [{ type: 'DevelopmentRecorded', data }];
    if (embargo) events.push(underEmbargo({ development, ...embargo }));
    if (key) events.push({ type: 'DevelopmentMarkedKey', data: { development } });
    if (!supersedes) return events;
    if (embargo) return refuse('development-embargoed', { path: ['supersedes'] });
    const superseded = supersedable(state, supersedes, development, { path: ['supersedes'] });
    if ('refused' in superseded) return superseded;
    return [...events, { type: 'DevelopmentSuperseded', data: { development: supersedes, by: development } }];
  };

/** What is told is the whole content as it should have been, what was wrong and why. */
export const correct =
  (command: { development: string; outline: Outline; told: unknown }): StoryDecision =>
  state =>
    acting(state, command.development, held => {
      if (held.status === 'superseded') return refuse('development-superseded', { allowed: [held.supersededBy!] });
      return held.digest === command.outline.digest ? [] : [{ type: 'DevelopmentCorrected', data: command }];
    });

/** What the retracted development had superseded is handed on. */
export const retract =
  (command: { development: string; told: unknown }): StoryDecision =>
  state => {
    const { development } = command;
    const held = state.developments.get(development);
    if (!held) return refuse('unknown-development');
    if (held.status === 'retracted') return [];
    if (held.status === 'taken-down') return refuse('development-taken-down');
    if (state.needApproval.includes('retract')) return refuse('approval-needed');
    return retracted(state, command);
  };

export const supersede =
  (command: { development: string; by: string }): StoryDecision =>
  state => {
    const replacement = state.developments.get(command.by);
    if (!replacement) return refuse('unknown-development', { path: ['by'] });
    const over = isOver(replacement, { path: ['by'] });
    if (over) return over;
    if (state.embargoes.has(command.by)) return refuse('development-embargoed', { path: ['by'] });
    const held = supersedable(state, command.development, command.by);
    if ('refused' in held) return held;
    return held.supersededBy === command.by ? [] : [{ type: 'DevelopmentSuperseded', data: command }];
  };

/** A check that changes nothing is refused, not passed over: its note would be lost without a word. */
export const verify =
  (command: { development: string; told: unknown }): StoryDecision =>
  state =>
    acting(state, command.development, held =>
      held.standing === 'confirmed'
        ? refuse('standing-already-so', { allowed: ['disputed'] })
        : [{ type: 'DevelopmentVerified', data: command }],
    );

export const dispute =
  (command: { development: string; told: unknown }): StoryDecision =>
  state =>
    acting(state, command.development, held =>
      held.standing === 'disputed'
        ? refuse('standing-already-so', { allowed: ['confirmed'] })
        : [{ type: 'DevelopmentDisputed', data: command }],
    );

/** One development is pinned at a time: pinning another unpins it in the same commit. */
export const pin =
  ({ development }: { development: string }): StoryDecision =>
  state =>
    acting(state, development, () => {
      if (state.embargoes.has(development)) return refuse('development-embargoed');
      if (state.pinned === development) return [];
      const pinned: StoryEvent = { type: 'DevelopmentPinned', data: { development } };
      return state.pinned ? [pinned, { type: 'DevelopmentUnpinned', data: { development: state.pinned } }] : [pinned];
    });

export const unpin =
  ({ development }: { development: string }): StoryDecision =>
  state => {
    if (!state.developments.has(development)) return refuse('unknown-development');
    return state.pinned === development ? [{ type: 'DevelopmentUnpinned', data: { development } }] : [];
  };

export const markKey =
  ({ development }: { development: string }): StoryDecision =>
  state =>
    acting(state, development, held => (held.key ? [] : [{ type: 'DevelopmentMarkedKey', data: { development } }]));

export const unmarkKey =
  ({ development }: { development: string }): StoryDecision =>
  state =>
    acting(state, development, held => (held.key ? [{ type: 'DevelopmentUnmarkedKey', data: { development } }] : []));

/** Says of a condition that developments hang on that it came true, or no longer can. */
export const settleCondition =
  (command: { condition: string; fate: Fate; reason: string; development?: string | undefined }): StoryDecision =>
  state => {
    if (state.status === 'none') return refuse('unknown-story');
    const conditions = (developments: StoryState['developments']) => developments.valueSeq().flatMap(d => d.conditions);
    const known = conditions(state.developments).toSet();
    if (!known.has(command.condition)) return refuse('unknown-condition', { allowed: [...known].sort() });
    // Readers are told the fate of what they can read of.
    const readable = state.developments.filter((_, id) => !state.embargoes.has(id));
    if (!conditions(readable).includes(command.condition)) return refuse('development-embargoed');
    if (command.development && !state.developments.has(command.development))
      return refuse('unknown-development', { path: ['development'] });
    if (command.development && state.embargoes.has(command.development))
      return refuse('development-embargoed', { path: ['development'] });
    const fate = state.settled.get(command.condition);
    if (fate === command.fate) return [];
    return fate
      ? refuse('condition-settled', { path: ['fate'], allowed: [fate] })
      : [{ type: 'ConditionSettled', data: command }];
  };
