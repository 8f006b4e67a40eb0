import { expect, test } from '@jest/globals';
import type { StoryProfile } from '../state.js';
import { openStory } from './story.js';

const opened = (more: object) => openStory.body!.safeParse({ id: 's', title: 'S', zone: 'Europe/Berlin', ...more });

test.each(['+05:30', '-00:00', '+14', '+23:59', 'Nowhere/Land'])('a new story with the time zone %s is refused', zone =>
  expect(opened({ zone }).error?.issues.map(({ path }) => path)).toContainEqual(['zone']),
);

test.each(['en_US', 'English', 'x-private', 'toolonglanguage', 'e'])(
  'a new story with the language %s is refused',
  tag => expect(opened({ language: tag }).error?.issues.map(({ path }) => path)).toEqual([['language']]),
);

test('the language of a new story is recorded in its canonical form', () => {
  const body = opened({ language: 'PT-br' }).data!;
  const request = { key: 'c', by: { id: 'ed' }, roles: [], received: '', target: { story: body.id }, body };
  const profile = openStory.command(request, {} as never) as StoryProfile;
  expect(openStory.decide(profile)({ status: 'none' } as never)).toEqual([
    { type: 'StoryOpened', data: { title: 'S', zone: 'Europe/Berlin', language: 'pt-BR' } },
  ]);
});
