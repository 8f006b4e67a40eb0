import { z } from 'zod';
import { refuse } from '../../errors.js';
import { Text } from '../../text.js';
import { defineAct, defineEvent, ofText, type Filling } from '../define.js';
import {
  headerSettings,
  HeaderWords,
  headerWordsOf,
  isSameHeader,
  newTextId,
  sentHeader,
  settingsOf,
  type Header,
  type HeaderSettings,
} from '../header.js';
import type { StoryDecision, StoryState } from '../state.js';

type Version = HeaderSettings & { readonly text: string; readonly told: unknown };

/** Begins a version of the header. */
export const withHeader = (
  state: StoryState,
  { text, told, ...settings }: Version,
  sealedIn: Extract<Header, { text: string }>['sealedIn'],
): StoryState => ({
  ...state,
  header: { ...settingsOf(settings), text, told, sealedIn },
  texts: state.texts.set(text, { of: 'header', status: 'active' }),
});

/** The text that a command reads to compare its header with the current one. */
export const currentWords = ({ header, texts }: StoryState): string | undefined =>
  header?.text !== undefined && texts.get(header.text)?.status === 'active' ? header.text : undefined;

const versions: Filling<unknown> = {
  bound: 'headersOfStory',
  full: 'The header of the story has the maximum number of versions',
  instead: 'Open another story.',
  count: ({ texts }) => texts.count(({ of }) => of === 'header'),
};

/** The story's header got a new version. Its payload is the title, the standfirst, and why they changed. */
export const storyAmended = defineEvent({
  type: 'StoryAmended',
  fields: { ...ofText, ...headerSettings },
  payload: HeaderWords.extend({ reason: Text(1_000) }),
  readers: 'shown',
  evolve: (state, data) => withHeader(state, data, 'StoryAmended'),
  reconstruct: data => amendStory.decide(data),
  fills: versions,
});

/** Replaces the header of a story: all fields, as a correction replaces a whole content. */
export const amendStory = defineAct({
  does: 'amend-story',
  on: 'story',
  route: 'amend',
  summary:
    'Change a story’s title, standfirst, time zone, language or planned times; readers can open the former header',
  label: 'Change the headline',
  body: z
    .strictObject({
      ...sentHeader,
      reason: Text(1_000).meta({
        description: 'Why the header changes. Readers can read it beside the former header.',
      }),
    })
    .meta({ id: 'AmendStory', description: 'The complete new header: a field that is left out is removed.' }),
  sealing: ({ key, by, target: { story } }, state) =>
    state.status === 'none'
      ? undefined
      : { key: newTextId(story, key, by.id, state), isNew: true, opens: currentWords(state) },
  command: ({ key, by, target, body }, { story, wordsOf }) => ({
    text: newTextId(target.story, key, by.id, story),
    ...settingsOf(body),
    told: { ...headerWordsOf(body), reason: body.reason },
    isUnchanged: story.header !== undefined && isSameHeader(story.header, wordsOf(story.header), body),
  }),
  decide:
    ({ isUnchanged, ...data }: Version & { readonly isUnchanged?: boolean }): StoryDecision =>
    state => {
      if (state.status === 'none') return refuse('unknown-story');
      return isUnchanged || state.texts.has(data.text) ? [] : [{ type: 'StoryAmended', data }];
    },
});
