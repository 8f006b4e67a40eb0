import { refuse } from '../../errors.js';
import { defineAct, defineEvent, of } from '../define.js';
import { acting, changed, unpinned, type StoryDecision } from '../state.js';
import type { StoryEvent } from '../story.js';

type OnDevelopment = { readonly development: string };

/** The development is the pinned one of its story. */
export const developmentPinned = defineEvent({
  type: 'DevelopmentPinned',
  fields: of,
  readers: 'shown',
  evolve: (state, { development }) => ({ ...state, pinned: development }),
  reconstruct: data => pin.decide(data),
});

/** The development is no longer pinned. */
export const developmentUnpinned = defineEvent({
  type: 'DevelopmentUnpinned',
  fields: of,
  readers: 'shown',
  evolve: (state, { development }) => unpinned(state, development),
  reconstruct: data => unpin.decide(data),
});

/** The development is a key event. */
export const developmentMarkedKey = defineEvent({
  type: 'DevelopmentMarkedKey',
  fields: of,
  readers: 'shown',
  evolve: (state, { development }) => changed(state, development, { key: true }),
  reconstruct: data => markKey.decide(data),
});

/** The development is no longer a key event. */
export const developmentUnmarkedKey = defineEvent({
  type: 'DevelopmentUnmarkedKey',
  fields: of,
  readers: 'shown',
  evolve: (state, { development }) => changed(state, development, { key: false }),
  reconstruct: data => unmarkKey.decide(data),
});

/** A story has at most one pinned development: pinning another unpins the first, in the same commit. */
export const pin = defineAct({
  does: 'pin-development',
  on: 'development',
  route: 'pin',
  summary: 'Pin a development; this unpins the one pinned before',
  label: 'Pin',
  command: ({ target: { development } }) => ({ development }),
  decide:
    ({ development }: OnDevelopment): StoryDecision =>
    state =>
      acting(state, development, () => {
        if (state.embargoes.has(development)) return refuse('development-embargoed');
        if (state.pinned === development) return [];
        const pinned: StoryEvent = { type: 'DevelopmentPinned', data: { development } };
        return state.pinned ? [pinned, { type: 'DevelopmentUnpinned', data: { development: state.pinned } }] : [pinned];
      }),
});

/** Unpins the pinned development. */
export const unpin = defineAct({
  does: 'unpin-development',
  on: 'development',
  route: 'unpin',
  summary: 'Unpin a development',
  label: 'Unpin',
  command: ({ target: { development } }) => ({ development }),
  decide:
    ({ development }: OnDevelopment): StoryDecision =>
    state => {
      if (!state.developments.has(development)) return refuse('unknown-development');
      return state.pinned === development ? [{ type: 'DevelopmentUnpinned', data: { development } }] : [];
    },
});

/** Marks a development as a key event. */
export const markKey = defineAct({
  does: 'mark-key',
  on: 'development',
  route: 'mark-key',
  summary: 'Mark a development as a key event',
  label: 'Mark as key event',
  command: ({ target: { development } }) => ({ development }),
  decide:
    ({ development }: OnDevelopment): StoryDecision =>
    state =>
      acting(state, development, held => (held.key ? [] : [{ type: 'DevelopmentMarkedKey', data: { development } }])),
});

/** Removes the mark as a key event. */
export const unmarkKey = defineAct({
  does: 'unmark-key',
  on: 'development',
  route: 'unmark-key',
  summary: 'Unmark a development as a key event',
  label: 'Unmark as key event',
  command: ({ target: { development } }) => ({ development }),
  decide:
    ({ development }: OnDevelopment): StoryDecision =>
    state =>
      acting(state, development, held => (held.key ? [{ type: 'DevelopmentUnmarkedKey', data: { development } }] : [])),
});
