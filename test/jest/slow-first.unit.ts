import { projectFile } from '#checkout';
import { expect, test } from '@jest/globals';
import { globSync } from 'node:fs';
import { basename } from 'node:path';

const { slow, default: SlowFirst } = await import(projectFile('test/jest/slow-first.mjs'));
const files = globSync('{apps,libs,test}/**/*.{unit,int,e2e,containers}.ts');

test('each name in the list of slow files is exactly one file', () =>
  expect((slow as string[]).filter(name => files.filter(file => basename(file) === name).length !== 1)).toEqual([]));

test('the slow files come first, then the largest, and none is left out', () => {
  const sorted = new SlowFirst().sort(files.map(path => ({ path }))) as { path: string }[];
  expect(sorted.slice(0, slow.length).map(({ path }) => basename(path))).toEqual(slow);
  expect(sorted.map(({ path }) => path).toSorted()).toEqual(files.toSorted());
});
