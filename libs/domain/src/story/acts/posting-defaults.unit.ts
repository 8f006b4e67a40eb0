import { describe, expect, test } from '@jest/globals';
import { filledIn, NewContent, newsroomDefaults, PostingDefaults } from '../../content.js';
import { isRefusal } from '../../errors.js';
import { specOf } from '../../given.spec-helper.js';
import type { Known } from '../define.js';
import { unknownOutline } from '../payload.js';
import { noStory, type StoryState } from '../state.js';
import { decisions as decide, evolve, type StoryEvent } from '../story.js';
import { recordDevelopment } from './record.js';

const given = specOf(noStory, evolve);
const opened: StoryEvent = { type: 'StoryOpened', data: { title: 'The count', zone: 'Europe/Berlin' } };
const official: PostingDefaults = {
  sourcing: { basis: 'official', standing: 'confirmed' },
  modality: { mode: 'planned' },
};
const set = (data: PostingDefaults): StoryEvent => ({ type: 'PostingDefaultsSet', data });
const post = (more: object = {}) => NewContent.parse({ kind: 'update', body: 'The polls are open.', ...more });

describe('posting defaults', () => {
  test("the posting defaults of a story can be set, and set back to the newsroom's", () => {
    given(opened).when(decide.setPostingDefaults(official)).then(set(official));
    given(opened, set(official)).when(decide.setPostingDefaults(newsroomDefaults)).then(set(newsroomDefaults));
  });
  test('setting the posting defaults that a story already has gives no event', () => {
    given(opened).when(decide.setPostingDefaults(newsroomDefaults)).then();
    given(opened, set(official)).when(decide.setPostingDefaults(official)).then();
  });
  test('setting posting defaults is refused if the story does not exist', () =>
    given().when(decide.setPostingDefaults(official)).refused('unknown-story'));

  test('posting defaults fill in the source or mode that a post leaves out, and nothing else', () => {
    expect(filledIn(post(), official)).toMatchObject(official);
    expect(filledIn(post())).toMatchObject(newsroomDefaults);
    const sourcing = { basis: 'desk', standing: 'hinted' };
    expect(filledIn(post({ sourcing }), official)).toMatchObject({ sourcing, modality: official.modality });
    expect(filledIn(post({ modality: { mode: 'denied' } }), official).modality).toEqual({ mode: 'denied' });
  });
  test('posting defaults that name a source or a condition, or are incomplete, are refused', () => {
    const wrong = [
      { ...official, sourcing: { ...official.sourcing, basis: 'on-record' } },
      { ...official, sourcing: { ...official.sourcing, group: 'two officials' } },
      { ...official, modality: { mode: 'conditional' } },
      { sourcing: official.sourcing },
    ];
    for (const one of wrong) expect(PostingDefaults.safeParse(one).success).toBe(false);
  });

  test('the defaults are applied when a post becomes a command, so that its event has the whole content', () => {
    const known = { resolved: content => content, outlined: () => unknownOutline } as Partial<Known>;
    const requested = (story: Partial<StoryState>) => {
      const body = { content: post() };
      const request = { key: 'k', by: { id: 'ed' }, roles: ['editor'], received: '', target: { story: 's' }, body };
      const command = recordDevelopment.command(request, { ...known, story: { ...noStory, ...story } } as Known);
      if (isRefusal(command)) throw new Error(command.detail);
      return command.told;
    };
    expect(requested({ defaults: official })).toMatchObject({ content: official });
    expect(requested({})).toMatchObject({ content: newsroomDefaults });
  });
});
