import { projectFile } from '#checkout';
import { expect, test } from '@jest/globals';
import { globSync } from 'node:fs';

const { slow, default: SlowFirst } = await import(projectFile('test/jest/slow-first.mjs'));
const files = globSync('{apps,libs,test}/**/*.{unit,int,e2e,containers}.ts');

test('each end of a path in the list of slow files is exactly one file', () =>
  expect((slow as string[]).filter(end => files.filter(file => file.endsWith(`/${end}`)).length !== 1)).toEqual([]));

test('the slow files come first, then the largest, and none is left out', () => {
  const sorted = new SlowFirst().sort(files.map(path => ({ path }))) as { path: string }[];
  expect(sorted.slice(0, slow.length).every(({ path }, n) => path.endsWith(`/${slow[n]}`))).toBe(true);
  expect(sorted.map(({ path }) => path).toSorted()).toEqual(files.toSorted());
});
