import { expect, test } from '@jest/globals';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

// A moved file must be renamed in the documents too.
const pathsIn = (page: string) => [
  ...new Set(readFileSync(page, 'utf8').match(/(?<=`)(apps|libs|docker|test|docs)\/[\w./-]+(?=`)/g)),
];

const pages = readdirSync('docs', { recursive: true, encoding: 'utf8' })
  .filter(name => name.endsWith('.md'))
  .map(name => join('docs', name));

test.each(['README.md', ...pages])('every path that %s names exists', page => {
  expect(pathsIn(page).filter(path => !existsSync(path))).toEqual([]);
});

test('docs/ARCHITECTURE.md names more than 50 paths', () => {
  expect(pathsIn('docs/ARCHITECTURE.md').length).toBeGreaterThan(50);
});

test('every constant and setting that docs/limits.md names is in the code', () => {
  const sources = ['apps', 'libs']
    .flatMap(folder => readdirSync(folder, { recursive: true, encoding: 'utf8' }).map(name => join(folder, name)))
    .filter(name => /\.(ts|tsx|sql)$/.test(name) && !/\.(unit|int|e2e)\./.test(name));
  const words = new Set(sources.flatMap(name => readFileSync(name, 'utf8').match(/\w+/g) ?? []));
  const cells = readFileSync('docs/limits.md', 'utf8')
    .match(/^\|.*$/gm)!
    .map(row => row.split('|')[2]!);
  const named = cells.flatMap(bound => [...bound.matchAll(/`(\w+)`/g)].map(([, name]) => name!));
  expect(named.length).toBeGreaterThan(50);
  // Only compose reads these two.
  const others = named.filter(name => !words.has(name) && !['SERVER_MEMORY', 'SERVER_CPUS'].includes(name));
  expect(others).toEqual([]);
});
