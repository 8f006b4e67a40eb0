import { z } from 'zod';
import { refuse } from '../../errors.js';
import { StoryId } from '../../text.js';
import { defineAct, defineEvent, editors, ofText } from '../define.js';
import {
  headerSettings,
  HeaderWords,
  headerWordsOf,
  isSameHeader,
  newTextId,
  sentHeader,
  settingsOf,
  type HeaderSettings,
} from '../header.js';
import { StoryProfile, type StoryDecision } from '../state.js';
import { currentWords, withHeader } from './header.js';

/** The story was opened with this profile, in the clear. Versions that sealed no title wrote it; new stories have `StoryOpenedSealed`. */
export const storyOpened = defineEvent({
  type: 'StoryOpened',
  fields: StoryProfile.shape,
  readers: 'shown',
  evolve: (state, { title, summary, ...settings }) => ({
    ...state,
    status: 'open',
    header: { ...settings, words: headerWordsOf({ title, summary }) },
  }),
  // Only an earlier version opened a story so.
  reconstruct:
    (data): StoryDecision =>
    ({ header }) => {
      if (!header) return [{ type: 'StoryOpened', data }];
      const isSame = header.text === undefined && isSameHeader(header, header.words, data);
      return isSame ? [] : refuse('story-exists', { path: ['id'] });
    },
});

/** The story was opened. Its payload is the title and the standfirst: the first version of its header. */
export const storyOpenedSealed = defineEvent({
  type: 'StoryOpenedSealed',
  fields: { ...ofText, ...headerSettings },
  payload: HeaderWords,
  readers: 'shown',
  evolve: (state, data) => ({ ...withHeader(state, data, 'StoryOpenedSealed'), status: 'open' }),
  reconstruct: data => openStory.decide(data),
});

/** Opens a new story. */
export const openStory = defineAct({
  does: 'open-story',
  on: 'newStory',
  route: '',
  roles: editors,
  summary: 'Open a story',
  body: z.strictObject({ id: StoryId, ...sentHeader }).meta({ id: 'OpenStory' }),
  sealing: ({ key, by, target: { story } }, state) =>
    state.status === 'none'
      ? { key: newTextId(story, key, by.id, state), isNew: true }
      : { opens: currentWords(state) },
  command: ({ key, by, target, body }, { story, wordsOf }) => ({
    text: newTextId(target.story, key, by.id, story),
    ...settingsOf(body),
    told: headerWordsOf(body),
    isUnchanged: story.header !== undefined && isSameHeader(story.header, wordsOf(story.header), body),
  }),
  decide:
    ({ isUnchanged, ...data }: Opening): StoryDecision =>
    state => {
      if (state.status === 'none') return [{ type: 'StoryOpenedSealed', data }];
      return isUnchanged || state.texts.has(data.text) ? [] : refuse('story-exists', { path: ['id'] });
    },
});

type Opening = HeaderSettings & { readonly text: string; readonly told: unknown; readonly isUnchanged?: boolean };
