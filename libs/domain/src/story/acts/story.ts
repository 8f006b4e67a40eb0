import { z } from 'zod';
import { refuse } from '../../errors.js';
import { StoryId } from '../../text.js';
import { defineAct, defineEvent, ofText } from '../define.js';
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
import { StoryProfile, type StoryDecision, type StoryState } from '../state.js';
import { memberOf } from '../team.js';
import { currentWords, withHeader } from './header.js';
import { firstChief } from './team.js';

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
  reconstruct: (data, rest, by) => openStory.decide({ ...data, chief: firstChief(rest, by) }),
});

/** Opens a new story. */
export const openStory = defineAct({
  does: 'open-story',
  on: 'newStory',
  route: '',
  summary: 'Open a story',
  body: z
    .strictObject({
      id: StoryId,
      ...sentHeader,
      team: z.enum(['own', 'newsroom']).optional().meta({
        description:
          'Who may act in the story. `own`, the default: its team, of which you are the first chief. `newsroom`: every editor and reporter of the newsroom, until a managing editor names its first chief.',
      }),
    })
    .meta({ id: 'OpenStory' }),
  sealing: ({ key, by, target: { story } }, state) =>
    state.status === 'none'
      ? { key: newTextId(story, key, by.id, state), isNew: true }
      : { opens: currentWords(state) },
  command: ({ key, by, target, body }, { story, wordsOf }) => ({
    text: newTextId(target.story, key, by.id, story),
    ...settingsOf(body),
    told: headerWordsOf(body),
    isUnchanged: story.header !== undefined && isSameHeader(story.header, wordsOf(story.header), body),
    chief: body.team === 'newsroom' ? undefined : by.id,
  }),
  decide:
    ({ isUnchanged, chief, ...data }: Opening): StoryDecision =>
    state => {
      if (state.status === 'none')
        return [
          { type: 'StoryOpenedSealed', data },
          ...(chief === undefined
            ? []
            : [{ type: 'MemberNamed' as const, data: { member: chief, role: 'chief' as const } }]),
        ];
      const isSame = state.texts.has(data.text) || (isUnchanged && hasTeamOf(state, chief));
      return isSame ? [] : refuse('story-exists', { path: ['id'] });
    },
});

/** Whether the story has the team that opening it so would give it: none, or one with this chief. */
const hasTeamOf = ({ team }: StoryState, chief: string | undefined): boolean =>
  chief === undefined ? !team : team !== undefined && memberOf(team, chief)?.role === 'chief';

type Opening = HeaderSettings & {
  readonly text: string;
  readonly told: unknown;
  readonly isUnchanged?: boolean;
  readonly chief?: string | undefined;
};
