import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describeWithPython, python } from './python.js';

const frozen = join('test', 'frozen', '3be572a', 'stories');
let folder: string;
beforeAll(() => void (folder = mkdtempSync(join(tmpdir(), 'dateline-test-'))));
afterAll(() => rmSync(folder, { recursive: true }));

let copies = 0;
/** A copy of the frozen bundle with one changed file. */
function changed(file: string, change: (text: string) => string): string {
  const copy = join(folder, String(++copies));
  cpSync(join(frozen, 'bundle'), copy, { recursive: true });
  const before = readFileSync(join(copy, file), 'utf8');
  const after = change(before);
  expect(after).not.toBe(before);
  writeFileSync(join(copy, file), after);
  return copy;
}
const onLines = (change: (lines: string[]) => string[]) => (text: string) => change(text.split('\n')).join('\n');
const once = (from: string | RegExp, to: string) => (text: string) => text.replace(from, to);

describeWithPython('the independent check in Python', () => {
  test('the program computes every value of the test vectors, and finds a changed one', () => {
    expect(python('--vectors', 'docs/test-vectors.md')).toMatchObject({ code: 0 });
    const page = readFileSync('docs/test-vectors.md', 'utf8');
    const root = /"root": "(\w{8})/.exec(page)![1]!;
    writeFileSync(join(folder, 'vectors.md'), page.replace(`"root": "${root}`, '"root": "00000000'));
    expect(python('--vectors', join(folder, 'vectors.md'))).toEqual({
      code: 1,
      out: expect.stringMatching(/^root\npath\n/),
    });
  });

  test('the program accepts a frozen bundle, if its signer is the expected one', () => {
    const { kid } = JSON.parse(readFileSync(join(frozen, 'signing-key.pub.json'), 'utf8'));
    const bundle = join(frozen, 'bundle');
    expect(python(bundle, '--key', kid)).toEqual({ code: 0, out: expect.stringContaining('WHOLE; 0 commits') });
    expect(python(bundle, '--key', `x${kid}`)).toEqual({ code: 1, out: expect.stringContaining('was signed by') });
  });

  test.each<[string, string, string, (text: string) => string]>([
    ['a word of a commit', 'the index says otherwise', 'commits.jsonl', once('Europe/', 'Europa/')],
    [
      'the order of commits',
      'the position is wrong',
      'commits.jsonl',
      onLines(([a, b, ...rest]) => [a!, rest[0]!, b!, ...rest.slice(1)]),
    ],
    ['the last commit', 'another number of lines', 'commits.jsonl', onLines(lines => lines.toSpliced(-2, 1))],
    ['a commit in the middle', 'does not follow its parent', 'commits.jsonl', onLines(lines => lines.toSpliced(50, 1))],
    [
      'a repeated commit',
      'does not follow its parent',
      'commits.jsonl',
      onLines(lines => lines.toSpliced(5, 0, lines[5]!)),
    ],
    ['a position', 'the position is wrong', 'commits.jsonl', once('"position":9,', '"position":10,')],
    ['a parent', 'does not follow its parent', 'commits.jsonl', once(/"ce_parent":"[1-9a-f]/, '"ce_parent":"0')],
    [
      'a header that no id covers',
      'the root is another',
      'commits.jsonl',
      once('"ce_specversion":"1.0"', '"ce_specversion":"1.1"'),
    ],
    ['the spelling of a line', 'not canonical JSON', 'commits.jsonl', once('"position":', ' "position":')],
    ['the last line feed', 'has no line feed', 'commits.jsonl', text => text.slice(0, -1)],
    ['a leaf of the index', 'the index says otherwise', 'index.jsonl', once(/"leaf":"\w/, '"leaf":"g')],
    ['a number in the index', 'the index says otherwise', 'index.jsonl', once('"seq":2', '"seq":3')],
    ['a time of visibility', 'visibility.jsonl is not what was signed', 'visibility.jsonl', once(/"at":"2/, '"at":"1')],
    ['a digest', 'the key is another', 'key-digests.jsonl', once(/"sha256":"\w{4}/, '"sha256":"0000')],
    ['a key', 'the key is another', 'keys.jsonl', once(/"key":"\w/, '"key":"_')],
    ['a repeated key', 'a key is there twice', 'keys.jsonl', onLines(lines => [lines[0]!, ...lines])],
    ['a key that was removed', 'the key is gone', 'keys.jsonl', onLines(lines => lines.slice(1))],
    [
      'the root in the manifest',
      'manifest.json is not what was signed',
      'manifest.json',
      once(/"root": "\w{4}/, '"root": "0000'),
    ],
    [
      'a count in the manifest',
      'manifest.json is not what was signed',
      'manifest.json',
      once(/"commits": 1/, '"commits": 2'),
    ],
    [
      'the signature',
      'the signature is not that of the key',
      'manifest.jws',
      text => text.replace(/(.)(.{30}\n)$/, (_, one, rest) => `${one === 'A' ? 'B' : 'A'}${rest}`),
    ],
    ['the spelling of the signature', 'unreadable', 'manifest.jws', once('\n', '==\n')],
    ['the line end of the signature', 'unreadable', 'manifest.jws', once('\n', '\r\n')],
    ['the payload of the signature', 'the signature is not', 'manifest.jws', once(/\.e/, '.f')],
  ])('the program finds a change of %s (%s)', (_, fault, file, change) => {
    const { code, out } = python(changed(file, change));
    expect({ code, out }).toEqual({ code: 1, out: expect.stringContaining(fault) });
    expect(out).not.toContain('Traceback');
  });

  test('the program finds an extra file and a missing file', () => {
    const copy = changed('manifest.json', text => `${text}\n`);
    cpSync(join(frozen, 'bundle', 'manifest.json'), join(copy, 'manifest.json'));
    expect(python(copy).code).toBe(0);
    writeFileSync(join(copy, 'commits-2.jsonl'), '');
    expect(python(copy)).toEqual({ code: 1, out: expect.stringContaining('belongs to no bundle') });
    rmSync(join(copy, 'commits-2.jsonl'));
    rmSync(join(copy, 'index.jsonl'));
    expect(python(copy)).toEqual({ code: 1, out: expect.stringContaining('index.jsonl') });
    // A device never ends.
    symlinkSync('/dev/zero', join(copy, 'index.jsonl'));
    expect(python(copy)).toEqual({ code: 1, out: expect.stringContaining('index.jsonl is not there, or is no file') });
  });
});
