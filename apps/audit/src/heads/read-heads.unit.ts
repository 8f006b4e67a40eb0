import { generateSigningKey, signerOf, signHead } from '#bundle';
import { afterAll, expect, test } from '@jest/globals';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readHeads } from './read-heads.js';

const folder = mkdtempSync(join(tmpdir(), 'dateline-test-'));
afterAll(() => rmSync(folder, { recursive: true }));
const file = join(folder, 'heads.jws');
const key = await generateSigningKey({ dev: false });
const head = { log: 'a'.repeat(64), position: 3, root: 'b'.repeat(64), time: '2026-01-01T00:00:00.000Z' };
const signed = await signHead(await signerOf(key), head);
const read = (text: string) => {
  writeFileSync(file, text);
  return readHeads(file, [key.kid]);
};

test('the first 20 lines that are not signed heads are listed, and the others are counted', async () => {
  expect((await read(`${'x\n'.repeat(20)}${signed}\n`)).strange).toHaveLength(20);
  const { heads, strange } = await read(`${'x\n'.repeat(21)}${signed}\n`);
  expect([heads.length, strange.length, strange.at(-1)]).toEqual([1, 21, 'and 1 more lines.']);
});

test('heads are read from a regular file with lines of at most 64 KiB', async () => {
  expect((await read(`${'x'.repeat(65_536)}\n${signed}\n`)).heads).toHaveLength(1);
  await expect(read(`${'x'.repeat(65_537)}\n${signed}\n`)).rejects.toThrow(/a line of more than 65536 bytes/);
  rmSync(file);
  await expect(readHeads(file, [key.kid])).rejects.toThrow(/does not exist/);
  execFileSync('mkfifo', [file]);
  await expect(readHeads(file, [key.kid])).rejects.toThrow(/is not a regular file/);
});
