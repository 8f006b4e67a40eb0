import { z } from 'zod';
import { digest } from '../../digest.js';
import { refuse } from '../../errors.js';
import { bcp47 } from '../../language.js';
import { isZoneName } from '../../new-text.js';
import { StoryId, Text } from '../../text.js';
import { defineAct, defineEvent, editors } from '../define.js';
import { StoryProfile, type StoryDecision } from '../state.js';

const Reason = Text(1_000);
const { zone, language } = StoryProfile.shape;

/** Stricter rules for the profile of a new story. Older stories may have an offset as time zone, and any text as language. */
const newProfile = {
  ...StoryProfile.shape,
  zone: zone.refine(isZoneName, 'must be the name of an IANA time zone such as Europe/Berlin, not an offset'),
  language: language
    .refine(
      tag => tag === undefined || (bcp47(tag) !== undefined && !tag.includes('_')),
      'must be a BCP 47 language tag such as en, pt-BR or zh-Hans',
    )
    .meta({ description: 'A BCP 47 tag; the log holds its canonical form.' }),
};

/** The story was opened with this profile. */
export const storyOpened = defineEvent({
  type: 'StoryOpened',
  fields: StoryProfile.shape,
  readers: 'shown',
  evolve: (state, profile) => ({ ...state, status: 'open', profile }),
  reconstruct: profile => openStory.decide(profile),
});

/** The story was closed: nothing new is recorded in it. */
export const storyClosed = defineEvent({
  type: 'StoryClosed',
  fields: { reason: Reason.optional() },
  readers: 'shown',
  evolve: state => ({ ...state, status: 'closed' }),
  reconstruct: data => closeStory.decide(data),
});

/** The story was opened again. */
export const storyReopened = defineEvent({
  type: 'StoryReopened',
  fields: { reason: Reason.optional() },
  readers: 'shown',
  evolve: state => ({ ...state, status: 'open' }),
  reconstruct: data => reopenStory.decide(data),
});

/** Opens a new story. */
export const openStory = defineAct({
  does: 'open-story',
  on: 'newStory',
  route: '',
  roles: editors,
  summary: 'Open a story',
  body: z.strictObject({ id: StoryId, ...newProfile }).meta({ id: 'OpenStory' }),
  command: ({ body: { id: _, language, ...profile } }) => {
    const tag = bcp47(language);
    return { ...profile, ...(tag && { language: tag }) };
  },
  decide:
    (profile: StoryProfile): StoryDecision =>
    state => {
      if (!state.profile) return [{ type: 'StoryOpened', data: profile }];
      return digest(state.profile) === digest(profile) ? [] : refuse('story-exists', { path: ['id'] });
    },
});

type Reasoned = { readonly reason?: string | undefined };

/** Closes a story. */
export const closeStory = defineAct({
  does: 'close-story',
  on: 'story',
  route: 'close',
  roles: editors,
  summary: 'Close a story',
  label: 'Close the story',
  body: z.strictObject({ reason: Reason.optional() }).meta({ id: 'CloseStory' }),
  command: ({ body }) => body,
  decide:
    (data: Reasoned): StoryDecision =>
    state => {
      if (state.status === 'none') return refuse('unknown-story');
      return state.status === 'closed' ? [] : [{ type: 'StoryClosed', data }];
    },
});

/** Opens a closed story again. */
export const reopenStory = defineAct({
  does: 'reopen-story',
  on: 'story',
  route: 'reopen',
  roles: editors,
  summary: 'Reopen a closed story',
  label: 'Reopen the story',
  body: z.strictObject({ reason: Reason.optional() }).meta({ id: 'ReopenStory' }),
  command: ({ body }) => body,
  decide:
    (data: Reasoned): StoryDecision =>
    state => {
      if (state.status === 'none') return refuse('unknown-story');
      return state.status === 'open' ? [] : [{ type: 'StoryReopened', data }];
    },
});
