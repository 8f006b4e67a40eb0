import { expect, test } from '@jest/globals';
import { readFileSync } from 'node:fs';

test('the reader’s app in the README is the one that npm run follow starts', () => {
  const [, shown] = /## A reader's app[\s\S]*?```ts\n([\s\S]*?)```/.exec(readFileSync('README.md', 'utf8'))!;
  expect(shown).toBe(readFileSync('libs/client/examples/follow.ts', 'utf8'));
  expect(shown!.split('\n').length).toBeLessThan(30);
});
