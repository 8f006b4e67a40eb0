import { generateSigningKey, signerOf, signHead, type Head } from '#bundle';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { execFileSync } from 'node:child_process';
import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ownHeads } from './own.js';
import { headSink } from './sink.js';

const folder = mkdtempSync(join(tmpdir(), 'dateline-test-'));
afterAll(() => rmSync(folder, { recursive: true }));
const file = join(folder, 'heads.jws');
const many = 6_000;
/** So many heads at a time need more. */
const littleMemory = ['--max-old-space-size=32', '--max-semi-space-size=2'];
const never = new AbortController().signal;
let signer: Awaited<ReturnType<typeof signerOf>>;
beforeAll(async () => {
  signer = await signerOf(await generateSigningKey({ dev: false }));
});

const [logA, logB, rootA, rootB] = ['a', 'b', 'c', 'd'].map(hex => hex.repeat(64)) as [string, string, string, string];
const head = (position: number, more: Partial<Head> = {}) =>
  signHead(signer, { log: logA, position, root: rootA, time: '2026-01-01T00:00:00.000Z', ...more });

async function ownIn(...lines: (string | Promise<string>)[]) {
  writeFileSync(file, (await Promise.all(lines)).map(line => `${line}\n`).join(''));
  const own = await ownHeads(headSink(file), signer, never);
  return own.map(({ log, position, root }) => ({ log, position, root }));
}

describe('the heads that were signed before', () => {
  test('only the furthest head of each log is kept, and a second one if its root differs', async () => {
    const furthest = { log: logA, position: 7, root: rootA };
    expect(await ownIn()).toEqual([]);
    expect(await ownIn(head(3), head(7), head(7), head(5, { root: rootB }))).toEqual([furthest]);
    expect(await ownIn(head(5, { root: rootB }), head(7, { root: rootB }), head(7))).toEqual([
      { ...furthest, root: rootB },
      furthest,
    ]);
    expect(await ownIn(head(7), head(3, { log: logB }))).toEqual([furthest, { ...furthest, log: logB, position: 3 }]);
  });

  test('lines that are no heads of this key are left out, and an incomplete line is removed', async () => {
    const other = await signerOf(await generateSigningKey({ dev: false }));
    const foreign = signHead(other, { log: logA, position: 9, root: rootA, time: '2026-01-01T00:00:00.000Z' });
    expect(await ownIn('nonsense', '', foreign, head(3))).toMatchObject([{ position: 3 }]);
    const whole = readFileSync(file, 'utf8');
    appendFileSync(file, 'eyJhbGci');
    expect(await ownHeads(headSink(file), signer, never)).toMatchObject([{ position: 3 }]);
    expect(readFileSync(file, 'utf8')).toBe(whole);
    expect(await ownHeads(headSink(join(folder, 'new', 'heads.jws')), signer, never)).toEqual([]);
  });

  test('nothing is read any more after the signing was stopped', async () => {
    await ownIn(head(3), head(7));
    expect(await ownHeads(headSink(file), signer, AbortSignal.abort())).toEqual([]);
  });

  test('many heads are read in little memory', async () => {
    writeFileSync(file, `${await head(3)}\n`.repeat(many));
    const at = (name: string) => JSON.stringify(new URL(name, import.meta.url));
    const program = `
      const [{ headSink }, { ownHeads }] = [await import(${at('./sink.js')}), await import(${at('./own.js')})];
      const own = await ownHeads(headSink(${JSON.stringify(file)}), { kid: ${JSON.stringify(signer.kid)} }, new AbortController().signal);
      process.stdout.write(String(own.length));
    `;
    const args = [...littleMemory, '--input-type=module', '--eval', program];
    expect(execFileSync(process.execPath, args, { encoding: 'utf8' })).toBe('1');
  });
});
