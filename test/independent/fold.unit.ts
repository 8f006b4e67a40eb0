import { canonicalJson } from '#domain';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createHash } from 'node:crypto';
import fc from 'fast-check';
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
/** The bundle with another commit at the end of the story of its first row, of these events about that row's development. */
function withCommit(stories: string, eventsOf: (development: string) => readonly object[]): string {
  const copy = mkdtempSync(join(folder, 'more-'));
  cpSync(join(stories, 'bundle'), copy, { recursive: true });
  const { story, development } = JSON.parse(rowsIn(stories).split('\n')[0]!) as { story: string; development: string };
  const file = join(copy, 'commits.jsonl');
  const text = readFileSync(file, 'utf8');
  const lines = text
    .trimEnd()
    .split('\n')
    .map(line => JSON.parse(line) as Line);
  const last = lines.findLast(({ headers }) => headers.ce_subject === `story:${story}`)!;
  const value = JSON.stringify({ by: { id: 'ed' }, events: eventsOf(development) });
  const { ce_id: parent, ...before } = last.headers;
  const headers: Line['headers'] = { ...before, ce_parent: parent!, ce_seq: String(Number(before.ce_seq) + 1) };
  const named = covered.flatMap(name => (`ce_${name}` in headers ? [[name, headers[`ce_${name}`]]] : []));
  const id = sha256(canonicalJson({ ...Object.fromEntries(named), value: sha256(value) }));
  const line = { headers: { ...headers, ce_id: id }, position: lines.length + 1, value };
  writeFileSync(file, `${text}${canonicalJson(line)}\n`);
  return copy;
}
type Line = { readonly headers: Readonly<Record<string, string>> };
const covered = ['source', 'type', 'subject', 'time', 'parent', 'seq', 'command', 'commandhash', 'kind'];

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

  test('folds a commit after the others', () => {
    const [stories] = frozen;
    const { out, rows, hash } = foldedInPython(join(stories!, 'bundle'));
    const more = foldedInPython(
      withCommit(stories!, development => [{ type: 'DevelopmentMarkedKey', data: { development } }]),
    );
    expect(more).toMatchObject({ code: 0, rows, hash: expect.not.stringMatching(hash) });
    expect(more.out.match(/stays as it was/g)).toEqual(out.match(/stays as it was/g));
  });

  test.each<[string, (development: string) => object]>([
    ['an event without its words', development => ({ type: 'DevelopmentRetracted', data: { development } })],
    ['an event of an unknown type', development => ({ type: 'DevelopmentForeseen', data: { development } })],
    [
      'an unknown kind',
      () => ({ type: 'DevelopmentRecorded', data: { development: 'x', outline: { kind: 'horoscope' }, told: 'x' } }),
    ],
  ])('leaves a story as it was before a commit with %s, and applies nothing of it', (_, event) => {
    const [stories] = frozen;
    const { rows, hash } = foldedInPython(join(stories!, 'bundle'));
    const bundle = withCommit(stories!, development => [
      { type: 'DevelopmentMarkedKey', data: { development } },
      event(development),
    ]);
    expect(foldedInPython(bundle)).toMatchObject({
      ...{ code: 0, rows, hash },
      out: expect.stringContaining('stays as it was before position'),
    });
  });

  test('writes numbers as ECMAScript does', () => {
    const program = `import sys; sys.dont_write_bytecode = True; sys.path.insert(0, 'test/independent'); import json; from canonical import canonical
print(canonical(json.load(sys.stdin)))`;
    const written = (input: string) => spawnSync('python3', ['-c', program], { encoding: 'utf8', input }).stdout.trim();
    expect(written('[5e-05, 0.000001, 1e-7, 1.5E-10, 1e20, 1e21, -0.0, 5.0, 100000000000000000000000]')).toBe(
      '[0.00005,0.000001,1e-7,1.5e-10,100000000000000000000,1e+21,0,5,1e+23]',
    );
    const numbers = fc.oneof(
      fc.double({ noNaN: true, noDefaultInfinity: true }),
      fc.maxSafeInteger(),
      fc.float({ noNaN: true, noDefaultInfinity: true }),
    );
    const some = JSON.stringify(fc.sample(numbers, 2_000));
    expect(written(some)).toBe(some);
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
