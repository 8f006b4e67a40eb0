import { z } from 'zod';
import { refuse } from '../../errors.js';
import { StoryId, Text } from '../../text.js';
import { defineAct, defineEvent, ofText } from '../define.js';
import { Instant, newTextId, sentInstant } from '../header.js';
import { reasons, withReason, type StoryDecision } from '../state.js';

const Reason = Text(1_000);
const Payload = z.strictObject({ reason: Reason.optional() });

/** The story was closed: nothing new is recorded in it. Earlier versions wrote it, with the reason in the clear. */
export const storyClosed = defineEvent({
  type: 'StoryClosed',
  fields: { reason: Reason.optional() },
  readers: 'shown',
  evolve: state => ({ ...state, status: 'closed' }),
  reconstruct: data => closeStory.decide(data),
});

/** The story was closed: when coverage ended, and the story that continues it. Its payload is the reason. */
export const storyClosedSealed = defineEvent({
  type: 'StoryClosedSealed',
  fields: { ...ofText, ended: Instant, continues: StoryId.optional() },
  payload: Payload,
  readers: 'shown',
  evolve: (state, { text }) => ({ ...withReason(state, text), status: 'closed' }),
  reconstruct: data => closeStory.decide(data),
  fills: reasons,
});

/** The story was opened again. Earlier versions wrote it, with the reason in the clear. */
export const storyReopened = defineEvent({
  type: 'StoryReopened',
  fields: { reason: Reason.optional() },
  readers: 'shown',
  evolve: state => ({ ...state, status: 'open' }),
  reconstruct: data => reopenStory.decide(data),
});

/** The story was opened again. Its payload is the reason. */
export const storyReopenedSealed = defineEvent({
  type: 'StoryReopenedSealed',
  fields: ofText,
  payload: Payload,
  readers: 'shown',
  evolve: (state, { text }) => ({ ...withReason(state, text), status: 'open' }),
  reconstruct: data => reopenStory.decide(data),
  fills: reasons,
});

/** A command of an earlier version has its reason in the clear, and no text. */
type Reasoned = { readonly reason?: string | undefined };
type Sealed = { readonly text: string; readonly told: unknown };
type Closing = Reasoned | (Sealed & { readonly ended: string; readonly continues?: string | undefined });

/** Closes a story. */
export const closeStory = defineAct({
  does: 'close-story',
  on: 'story',
  route: 'close',
  summary: 'Close a story',
  label: 'Close the story',
  body: z
    .strictObject({
      reason: Reason.optional().meta({ description: 'For the newsroom; readers do not get it.' }),
      ended: sentInstant('When coverage ended. Default: now.'),
      continues: StoryId.optional().meta({ description: 'The story in which the coverage goes on.' }),
    })
    .meta({ id: 'CloseStory' }),
  sealing: ({ key, by, target: { story } }, state) =>
    state.status === 'open' ? { key: newTextId(story, key, by.id, state), isNew: true } : undefined,
  command: ({ key, by, target, received, body: { reason, ended = received, continues } }, { story }) => {
    const later = Date.parse(ended) > Date.parse(received);
    if (later) return refuse('invalid-field', { path: ['ended'], detail: 'must not be in the future' });
    if (continues === target.story)
      return refuse('invalid-field', { path: ['continues'], detail: 'must be another story' });
    const text = newTextId(target.story, key, by.id, story);
    return { text, ended, ...(continues && { continues }), told: reason === undefined ? {} : { reason } };
  },
  decide:
    (data: Closing): StoryDecision =>
    state => {
      if (state.status === 'none') return refuse('unknown-story');
      if (state.status === 'closed') return [];
      return 'text' in data ? [{ type: 'StoryClosedSealed', data }] : [{ type: 'StoryClosed', data }];
    },
});

/** Opens a closed story again. */
export const reopenStory = defineAct({
  does: 'reopen-story',
  on: 'story',
  route: 'reopen',
  summary: 'Reopen a closed story',
  label: 'Reopen the story',
  body: z.strictObject({ reason: Reason.optional() }).meta({ id: 'ReopenStory' }),
  sealing: ({ key, by, target: { story } }, state) =>
    state.status === 'closed' ? { key: newTextId(story, key, by.id, state), isNew: true } : undefined,
  command: ({ key, by, target, body: { reason } }, { story }) => ({
    text: newTextId(target.story, key, by.id, story),
    told: reason === undefined ? {} : { reason },
  }),
  decide:
    (data: Reasoned | Sealed): StoryDecision =>
    state => {
      if (state.status === 'none') return refuse('unknown-story');
      if (state.status === 'open') return [];
      return 'text' in data ? [{ type: 'StoryReopenedSealed', data }] : [{ type: 'StoryReopened', data }];
    },
});
