import { refuse } from '../errors.js';
import { acting, type StoryDecision } from './acting.js';
import type { EmbargoOn } from './embargo.js';

const data = ({ development, until }: EmbargoOn) => ({ development, ...(until === undefined ? {} : { until }) });

/** Recorded under embargo, in the commit that records it. */
export const underEmbargo = (about: EmbargoOn) => ({ type: 'DevelopmentEmbargoed' as const, data: data(about) });

/** The whole embargo as it should be. */
export const changeEmbargo =
  (command: EmbargoOn): StoryDecision =>
  state =>
    acting(state, command.development, () => {
      const held = state.embargoes.get(command.development);
      if (!held) return refuse('not-embargoed');
      return held.until === command.until ? [] : [{ type: 'EmbargoChanged', data: data(command) }];
    });

/** `until`: only if it is still set to lift then; a clock that had not heard of a change must not undo it. */
export const liftEmbargo =
  (command: EmbargoOn): StoryDecision =>
  state =>
    acting(state, command.development, () => {
      const held = state.embargoes.get(command.development);
      const meant = command.until === undefined || command.until === held?.until;
      return held && meant ? [{ type: 'EmbargoLifted', data: data(command) }] : [];
    });
