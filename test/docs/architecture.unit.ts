import { expect, test } from '@jest/globals';
import { existsSync, readFileSync } from 'node:fs';

// A file that moves takes its name in the documents with it.
const pathsIn = (page: string) => [
  ...new Set(readFileSync(page, 'utf8').match(/(?<=`)(apps|libs|docker|test|docs)\/[\w./-]+(?=`)/g)),
];

test.each(['docs/ARCHITECTURE.md', 'docs/GLOSSARY.md', 'README.md'])('every path that %s names exists', page => {
  expect(pathsIn(page).filter(path => !existsSync(path))).toEqual([]);
});

test('the walks of the architecture name their files', () => {
  expect(pathsIn('docs/ARCHITECTURE.md').length).toBeGreaterThan(50);
});
