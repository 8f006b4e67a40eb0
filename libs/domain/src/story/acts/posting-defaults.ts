import { newsroomDefaults, PostingDefaults } from '../../content.js';
import { digest } from '../../digest.js';
import { refuse } from '../../errors.js';
import { defineAct, defineEvent } from '../define.js';
import type { StoryDecision } from '../state.js';

/**
 * Later posts to the story get this source or mode if they leave it out. Existing developments do not change, as each holds its content.
 */
export const postingDefaultsSet = defineEvent({
  type: 'PostingDefaultsSet',
  fields: PostingDefaults.shape,
  readers: 'internal',
  evolve: (state, defaults) => ({ ...state, defaults }),
  reconstruct: data => setPostingDefaults.decide(data),
});

/** Sets the source and the mode of posts that leave them out. */
export const setPostingDefaults = defineAct({
  does: 'set-posting-defaults',
  on: 'story',
  route: 'posting-defaults',
  summary: 'Set the source and the mode of posts that leave them out',
  label: 'Set the posting defaults',
  body: PostingDefaults,
  command: ({ body }) => body,
  decide:
    (defaults: PostingDefaults): StoryDecision =>
    state => {
      if (state.status === 'none') return refuse('unknown-story');
      const held = state.defaults ?? newsroomDefaults;
      return digest(held) === digest(defaults) ? [] : [{ type: 'PostingDefaultsSet', data: defaults }];
    },
});
