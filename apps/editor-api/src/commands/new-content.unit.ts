import { emptyDirectory, type Content } from '#domain';
import { expect, test } from '@jest/globals';
import { newContent } from './new-content.js';

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
