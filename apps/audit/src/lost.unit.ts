import { expect, test } from '@jest/globals';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { id } from './newsroom.fixture.js';
import { lostFiles, lostKeys } from './lost.js';

const name = (digit: string) => digit.repeat(64);
const [folder, none] = [mkdtempSync(join(tmpdir(), 'dateline-test-')), new Set()];

test.each([
  ['keys are listed by development id', lostKeys, [id(1), id(2), id(3)], /--lost-keys needs a file/],
  ['files are listed by name', lostFiles, [name('a'), name('b'), name('3')], /--lost-files needs a file/],
] as const)('lost %s, in a file or on the command line', async (_, read, [one, two, three], error) => {
  const file = join(folder, 'lost.txt');
  writeFileSync(file, `${one}\n\n${two}\r\n`);
  expect(await read(file)).toEqual(new Set([one, two]));
  expect(await read(`${three}, ${one}`)).toEqual(new Set([three, one]));
  expect(await read(undefined)).toEqual(none);
  for (const wrong of ['all', '', `${one},x`, `${one}0`, '/no/such/file'])
    await expect(read(wrong)).rejects.toThrow(error);
});
