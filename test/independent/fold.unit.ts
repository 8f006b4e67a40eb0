import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createHash } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describeWithPython, foldedInPython } from './python.js';

const frozen = readdirSync(join('test', 'frozen'))
  .map(name => join('test', 'frozen', name, 'stories'))
  .filter(existsSync);
const rowsIn = (folder: string) => readFileSync(join(folder, 'rows', 'timeline.jsonl'), 'utf8').trimEnd();
/** With the columns of a current row, which the frozen rows do not have. */
const stored = (row: string) => {
  const { changed } = JSON.parse(row) as { readonly changed: number };
  return row.replace(/\}$/, `,"valid_from":${changed},"valid_to":2147483647}`);
};
const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');
let folder: string;
beforeAll(() => void (folder = mkdtempSync(join(tmpdir(), 'dateline-test-'))));
afterAll(() => rmSync(folder, { recursive: true }));

describeWithPython('the fold of the timeline in Python', () => {
  test.each(frozen)('gives the rows of the product, byte for byte: %s', stories => {
    const { code, rows, hash } = foldedInPython(join(stories, 'bundle'));
    const due = rowsIn(stories).split('\n').map(stored);
    expect({ code, rows, hash }).toEqual({ code: 0, rows: due.length, hash: sha256(due.join('\n')) });
  });

  test('leaves a story as it was before a commit whose bytes were changed, or whose words do not open', () => {
    const [stories] = frozen;
    const whole = foldedInPython(join(stories!, 'bundle'));
    const copy = join(folder, 'bundle');
    cpSync(join(stories!, 'bundle'), copy, { recursive: true });
    const [commits, keys] = [join(copy, 'commits.jsonl'), join(copy, 'keys.jsonl')];
    const text = readFileSync(commits, 'utf8');
    writeFileSync(commits, text.replace(/(\\"type\\":\\"Development)Recorded/, '$1Recalled'));
    const changed = foldedInPython(copy);
    expect(changed).toMatchObject({ code: 0, out: expect.stringContaining('the id does not cover the bytes') });
    expect(changed.rows).toBeLessThan(whole.rows);
    writeFileSync(commits, text);
    const lines = readFileSync(keys, 'utf8');
    writeFileSync(keys, lines.replace(/"key":"(\w\w)/, '"key":"AA'));
    expect(foldedInPython(copy).out).toContain('was not sealed under this key');
    rmSync(keys);
    expect(foldedInPython(copy)).toMatchObject({ code: 1, out: expect.stringContaining('keys.jsonl') });
  });

  test('opens the test vector of AES-256-GCM of NIST, and refuses another tag', () => {
    // Test case 16 of the GCM specification.
    const open = (tag: string) =>
      spawnSync(
        'python3',
        [
          '-c',
          `import sys; sys.dont_write_bytecode = True; sys.path.insert(0, 'test/independent'); from aes_gcm import aes_gcm_open; x = bytes.fromhex
print(aes_gcm_open(x('feffe9928665731c6d6a8f9467308308' * 2), x('cafebabefacedbaddecaf888'), x('522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa8cb08e48590dbb3da7b08b1056828838c5f61e6393ba7a0abcc9f662'), x('${tag}'), x('feedfacedeadbeeffeedfacedeadbeefabaddad2')).hex())`,
        ],
        { encoding: 'utf8' },
      );
    expect(open('76fc6ece0f4e1768cddf8853bb2d551b').stdout.trim()).toBe(
      'd9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a721c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b39',
    );
    expect(open('76fc6ece0f4e1768cddf8853bb2d551c').stderr).toContain('was not sealed under this key');
  });
});
