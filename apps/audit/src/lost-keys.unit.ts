import { expect, test } from '@jest/globals';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { id } from './newsroom.fixture.js';
import { lostKeys } from './lost-keys.js';

test('lost keys are listed by development id, in a file or on the command line', async () => {
  const file = join(mkdtempSync(join(tmpdir(), 'dateline-test-')), 'lost.txt');
  writeFileSync(file, `${id(1)}\n\n${id(2)}\r\n`);
  expect(await lostKeys(file)).toEqual(new Set([id(1), id(2)]));
  expect(await lostKeys(`${id(3)}, ${id(1)}`)).toEqual(new Set([id(3), id(1)]));
  expect(await lostKeys(undefined)).toEqual(new Set());
  for (const wrong of ['all', '', `${id(1)},x`, '/no/such/file'])
    await expect(lostKeys(wrong)).rejects.toThrow(/--lost-keys needs a file/);
});
