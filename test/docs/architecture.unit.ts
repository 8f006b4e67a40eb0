import { expect, test } from '@jest/globals';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

// A file that moves takes its name in the documents with it.
const pathsIn = (page: string) => [
  ...new Set(readFileSync(page, 'utf8').match(/(?<=`)(apps|libs|docker|test|docs)\/[\w./-]+(?=`)/g)),
];

const pages = readdirSync('docs', { recursive: true, encoding: 'utf8' })
  .filter(name => name.endsWith('.md'))
  .map(name => join('docs', name));

test.each(['README.md', ...pages])('every path that %s names exists', page => {
  expect(pathsIn(page).filter(path => !existsSync(path))).toEqual([]);
});

test('the walks of the architecture name their files', () => {
  expect(pathsIn('docs/ARCHITECTURE.md').length).toBeGreaterThan(50);
});
