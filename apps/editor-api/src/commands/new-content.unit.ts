import { emptyDirectory, type Content } from '#domain';
import { expect, test } from '@jest/globals';
import { newContent } from './new-content.js';
import { OpenStory, OpenStoryBody, OpenStoryHandler } from './open-story.js';

const content = (more: Partial<Content>): Content => ({
  kind: 'context',
  data: { topic: 'The pier' },
  occurred: { precision: 'unknown' },
  sourcing: { basis: 'desk', standing: 'confirmed' },
  modality: { mode: 'asserted' },
  ...more,
});
const refusedAt = (more: Partial<Content>) => {
  const found = newContent(content(more), emptyDirectory);
  return 'refused' in found ? found.path?.join('.') : undefined;
};

test('a new content holds what every surface can show, and nothing that leads nowhere', () => {
  expect(refusedAt({ body: 'See [the plan](https://paper.example/plan).' })).toBeUndefined();
  expect(refusedAt({ body: 'See [the plan](/plan).' })).toBe('content.body');
  expect(refusedAt({ body: '---' })).toBe('content.body');
  expect(refusedAt({ headline: 'x\uffff' })).toBe('content.headline');
  expect(refusedAt({ data: { topic: 'x\u{1ffff}' } })).toBe('content.data.topic');
});

const opened = (more: object) => OpenStoryBody.safeParse({ id: 's', title: 'S', zone: 'Europe/Berlin', ...more });

test.each(['+05:30', '-00:00', '+14', '+23:59', 'Nowhere/Land'])('a new story is in a zone, and %s is none', zone =>
  expect(opened({ zone }).error?.issues.map(({ path }) => path)).toContainEqual(['zone']),
);

test.each(['en_US', 'English', 'x-private', 'toolonglanguage', 'e'])(
  'a new story is in a language, and %s is none',
  tag => expect(opened({ language: tag }).error?.issues.map(({ path }) => path)).toEqual([['language']]),
);

test('the language of a new story is recorded in its canonical form', () => {
  const { id, ...profile } = opened({ language: 'PT-br' }).data!;
  const envelope = { command: 'c', by: { id: 'ed' }, roles: [], expected: undefined };
  const decide = new OpenStoryHandler({} as never).decision(new OpenStory(envelope, { story: id }, profile));
  expect(decide({ status: 'none' } as never)).toEqual([
    { type: 'StoryOpened', data: { title: 'S', zone: 'Europe/Berlin', language: 'pt-BR' } },
  ]);
});
