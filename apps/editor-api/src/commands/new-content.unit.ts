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

test('new content is refused if a surface cannot show it or a link in it has no host', () => {
  expect(refusedAt({ body: 'See [the plan](https://paper.example/plan).' })).toBeUndefined();
  expect(refusedAt({ body: 'See [the plan](/plan).' })).toBe('content.body');
  expect(refusedAt({ body: '---' })).toBe('content.body');
  expect(refusedAt({ headline: 'x\uffff' })).toBe('content.headline');
  expect(refusedAt({ data: { topic: 'x\u{1ffff}' } })).toBe('content.data.topic');
});

test('new content is refused if its times are outside the years 0001 to 9999 in UTC', () => {
  const at = (from: string, to?: string) => refusedAt({ occurred: { from, ...(to && { to }), precision: 'second' } });
  expect(at('9999-12-31T23:59:59Z')).toBeUndefined();
  expect(at('9999-12-31T23:59:59-00:01')).toBe('content.occurred.from');
  expect(at('9999-12-31T23:59:58Z', '9999-12-31T23:59:59-05:00')).toBe('content.occurred.to');
  expect(at('0001-01-01T00:00:00Z')).toBeUndefined();
  expect(at('0001-01-01T00:00:00+00:01')).toBe('content.occurred.from');
});
