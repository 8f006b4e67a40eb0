import type { Content } from '../content.js';
import { digest } from '../digest.js';
import { outlineOf } from './payload.js';
import type { StoryProfile } from './state.js';
import type { StoryEvent } from './story.js';

export const profile: StoryProfile = { title: 'The count', zone: 'Europe/Berlin' };
export const content = (summary = 'It began', ...conditions: string[]): Content =>
  ({
    kind: 'context',
    data: { topic: 'The count', summary },
    occurred: { precision: 'unknown' },
    sourcing: { basis: 'desk', standing: 'reported' },
    modality: conditions.length
      ? { mode: 'conditional', conditions: conditions.map(id => ({ id, text: `If ${id}` })) }
      : { mode: 'asserted' },
  }) as unknown as Content;

export const withContent = (held: Content) => ({ outline: outlineOf(held, digest(held)), told: { content: held } });

export const opened: StoryEvent = { type: 'StoryOpened', data: profile };
export const closed: StoryEvent = { type: 'StoryClosed', data: {} };
export const reopened: StoryEvent = { type: 'StoryReopened', data: {} };
export const recorded = (development: string, held = content()): StoryEvent => ({
  type: 'DevelopmentRecorded',
  data: { development, ...withContent(held) },
});
export const retracted = (development: string): StoryEvent => ({
  type: 'DevelopmentRetracted',
  data: { development, told: 'wrong' },
});
export const superseded = (development: string, by: string): StoryEvent => ({
  type: 'DevelopmentSuperseded',
  data: { development, by },
});
export const reinstated = (development: string, by: string): StoryEvent => ({
  type: 'DevelopmentReinstated',
  data: { development, retracted: by },
});
export const verified = (development: string): StoryEvent => ({
  type: 'DevelopmentVerified',
  data: { development, told: 'seen' },
});
export const disputed = (development: string): StoryEvent => ({
  type: 'DevelopmentDisputed',
  data: { development, told: 'denied' },
});
export const pinned = (development: string): StoryEvent => ({ type: 'DevelopmentPinned', data: { development } });
export const unpinned = (development: string): StoryEvent => ({ type: 'DevelopmentUnpinned', data: { development } });
export const marked = (development: string): StoryEvent => ({ type: 'DevelopmentMarkedKey', data: { development } });
export const unmarked = (development: string): StoryEvent => ({
  type: 'DevelopmentUnmarkedKey',
  data: { development },
});
export const settled = (condition: string, fate: 'met' | 'lapsed', development?: string): StoryEvent => ({
  type: 'ConditionSettled',
  data: { condition, fate, reason: 'so it is', ...(development ? { development } : {}) },
});
