import { commitLine, readCommitLine, type LoggedCommit, type Manifest } from '#bundle';
import { storyStream } from '#domain';
import { commitId } from '#event-log';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { execFileSync } from 'node:child_process';
import { readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { id, secrets, source, story, writing } from '../../newsroom.fixture.js';
import { Bundled, type Lie } from '../bundled.fixture.js';
import type { KeySource } from '../key-source.js';
import { exitCodeOf } from './report.js';

const stream = storyStream(story);
const keys: KeySource = async ids => new Map([...ids].map(each => [each, { secret: secrets.get(each) }]));
let it: Bundled;
let whole: string;
let ofStory: string;
beforeAll(async () => {
  it = await Bundled.of(writing().takeDown(id(7)).records, [{ first: 1, last: 44, at: '2026-01-01T13:00:00.000Z' }]);
  whole = await it.export({ all: true }, { keys });
  ofStory = await it.export({ story }, { keys });
});
afterAll(() => it?.close());

const changed = (change: (commit: LoggedCommit, at: number, all: number) => LoggedCommit) => (lines: string[]) =>
  lines.map((line, at) => commitLine(change(readCommitLine(line)!, at, lines.length)));
/** Changes the last commit's parent, and gives it a matching id. */
const voided = changed(({ headers, ...commit }, at, all) => {
  if (at < all - 1) return { ...commit, headers };
  const other = { ...headers, ce_parent: 'f'.repeat(64) };
  return { ...commit, headers: { ...other, ce_id: commitId(other, commit.value) } };
});
const counts = (more: object) => (manifest: Manifest) => ({ ...manifest, counts: { ...manifest.counts, ...more } });
/** The index with its lines 2 and 3 exchanged. */
const exchanged = (lines: string[]) => lines.with(1, lines[2]!).with(2, lines[1]!);
const commits = (change: (lines: string[]) => readonly string[]): Lie => ({ files: { 'commits.jsonl': change } });

describe('checking a bundle with false claims that the genuine key signed', () => {
  test('a bundle with true claims and a new signature has no faults', async () => {
    for (const bundle of [whole, ofStory])
      expect(await it.check(await it.forged(bundle, {}))).toMatchObject({ whole: true });
    const same = await it.forged(
      whole,
      commits(lines => lines),
    );
    expect(await readFile(join(same, 'index.jsonl'), 'utf8')).toBe(await readFile(join(whole, 'index.jsonl'), 'utf8'));
    expect(await it.check(same)).toMatchObject({ whole: true });
  });

  const lies: [what: string, of: 'whole' | 'story', lie: Lie, code: string, detail: RegExp][] = [
    [
      'every position is 1,000 more',
      'whole',
      commits(changed(commit => ({ ...commit, position: commit.position + 1_000 }))),
      'wrong-position',
      /gives position 1001; it is 1/,
    ],
    [
      'the last position is five more, and the tree is said to be that large',
      'whole',
      {
        ...commits(changed((commit, at, all) => ({ ...commit, position: commit.position + (at === all - 1 ? 5 : 0) }))),
        manifest: it => it,
      },
      'wrong-position',
      /gives position 49; it is 44/,
    ],
    [
      'there is one stream',
      'whole',
      { manifest: counts({ streams: 1 }) },
      'wrong-claim',
      /streams is 1; the bundle has 4/,
    ],
    ['there is one key', 'whole', { manifest: counts({ keys: 1 }) }, 'wrong-claim', /keys is 1; the bundle has 31/],
    ['keys were lost', 'whole', { manifest: counts({ lost: 3 }) }, 'wrong-claim', /lost is 3; the bundle has 0/],
    [
      'there are more commits',
      'story',
      { manifest: counts({ commits: 99 }) },
      'wrong-claim',
      /commits is 99; the bundle/,
    ],
    [
      'the visibility log has two entries',
      'whole',
      { manifest: counts({ visibility: 2 }) },
      'wrong-claim',
      /visibility is 2; the bundle/,
    ],
    [
      'a file has seven lines',
      'whole',
      { manifest: it => ({ ...it, files: it.files.map(file => ({ ...file, lines: 7 })) }) },
      'wrong-claim',
      /commits\.jsonl 7 lines; it has 44/,
    ],
    [
      'the index is no part of the bundle',
      'whole',
      { manifest: it => ({ ...it, files: it.files.filter(({ name }) => name !== 'index.jsonl') }) },
      'wrong-claim',
      /does not list index.jsonl/,
    ],
    [
      'the log has another name',
      'whole',
      { manifest: it => ({ ...it, log: { ...it.log, name: 'urn:dateline:other' } }) },
      'wrong-claim',
      new RegExp(`log.name is urn:dateline:other; the log's first commit says ${source}`),
    ],
    [
      'somebody else signed it',
      'whole',
      { manifest: it => ({ ...it, kid: 'A'.repeat(43) }) },
      'wrong-claim',
      /kid is A+; the key that signed is/,
    ],
    [
      'a commit is of another stream',
      'whole',
      {
        files: {
          'index.jsonl': lines => lines.with(9, lines[9]!.replace(`"stream":"${stream}"`, '"stream":"story:other"')),
        },
      },
      'wrong-index',
      /The index gives stream story:other; it is story:storm/,
    ],
    [
      'the index has another order',
      'story',
      { files: { 'index.jsonl': exchanged } },
      'wrong-index',
      /Position 2 comes after position 3/,
    ],
    [
      'the index has another order, and a commit was left out',
      'story',
      {
        files: {
          'commits.jsonl': lines => lines.toSpliced(20, 1),
          'index.jsonl': lines => exchanged(lines.toSpliced(20, 1)),
        },
        manifest: counts({ commits: 43 }),
      },
      'wrong-index',
      /Position 2 comes after position 3/,
    ],
    [
      'it is of another story',
      'story',
      { manifest: it => ({ ...it, scope: { story: 'summit' } }) },
      'wrong-claim',
      /scope.story is summit, but the stream story:storm does not belong to it/,
    ],
    [
      'its streams have no heads',
      'story',
      { manifest: it => ({ ...it, heads: {} }) },
      'wrong-claim',
      /heads does not name the last commit of log/,
    ],
    [
      'there is no list of heads',
      'story',
      { manifest: ({ heads: _, ...it }) => it },
      'wrong-claim',
      /heads is missing/,
    ],
    [
      'a stream has 999 commits',
      'story',
      { manifest: it => ({ ...it, heads: { ...it.heads, [stream]: { ...it.heads![stream]!, seq: 999 } } }) },
      'wrong-claim',
      /heads gives the number 999; it is 41/,
    ],
    [
      'an absent stream has a head',
      'story',
      { manifest: it => ({ ...it, heads: { ...it.heads, 'actor:ghost': it.heads![stream]! } }) },
      'wrong-claim',
      /heads names actor:ghost, but the bundle has no commit of it/,
    ],
    [
      'there is a key of an unknown development',
      'whole',
      {
        files: { 'key-digests.jsonl': lines => [...lines, `{"development":"${id(99)}","sha256":"${'a'.repeat(64)}"}`] },
        manifest: counts({ keys: 32 }),
      },
      'added-digest',
      new RegExp(id(99)),
    ],
    [
      'a development never had a key',
      'whole',
      { files: { 'key-digests.jsonl': lines => lines.slice(1) }, manifest: counts({ keys: 30 }) },
      'missing-digest',
      new RegExp(id(1)),
    ],
    [
      'a position is text',
      'whole',
      { files: { 'index.jsonl': lines => lines.with(4, lines[4]!.replace('"position":5', '"position":"5"')) } },
      'unreadable-line',
      /^$/,
    ],
    ['a void record won', 'whole', commits(voided), 'broken-chain', /Its parent is f{64}/],
  ];
  test.each(lies)('the check finds the false claim: %s', async (_, of, lie, code, detail) => {
    const report = await it.check(await it.forged(of === 'whole' ? whole : ofStory, lie));
    expect([report.whole, exitCodeOf(report)]).toEqual([false, 1]);
    expect(report.first).toMatchObject({ code, detail: expect.stringMatching(detail) });
  });

  test('the remaining heads reveal a story’s tail that was cut from the commits and the index', async () => {
    const cut = (lines: string[]) => lines.slice(0, -1);
    const lie = { files: { 'commits.jsonl': cut, 'index.jsonl': cut }, manifest: counts({ commits: 43 }) };
    const report = await it.check(await it.forged(ofStory, lie));
    expect(report.first).toMatchObject({
      code: 'broken-chain',
      stream,
      detail: expect.stringMatching(/The signed last commit/),
    });
  });
});

describe('checking what the signature does not cover', () => {
  test('a signature in another encoding, or with characters around it, is invalid', async () => {
    const spell = async (change: (jws: string) => string) => {
      const bundle = await it.changed(whole, 'keys.jsonl', lines => lines);
      const file = join(bundle, 'manifest.jws');
      await writeFile(file, change((await readFile(file, 'utf8')).trimEnd()));
      return it.check(bundle);
    };
    expect(await spell(jws => `${jws}\n`)).toMatchObject({ whole: true });
    // The last character of 64 bytes in base64url has four unused bits.
    const alike = (jws: string) => jws.slice(0, -1) + letters[letters.indexOf(jws.at(-1)!) ^ 1];
    for (const other of [
      alike,
      (jws: string) => `${jws}==`,
      (jws: string) => ` ${jws}`,
      (jws: string) => `${jws} `,
      (jws: string) => `${jws}\n`,
    ])
      expect(await spell(jws => `${other(jws)}\n`)).toMatchObject({ first: { code: 'bad-signature' } });
    expect(await spell(jws => jws)).toMatchObject({ first: { code: 'bad-signature' } });
  });

  test('files that nobody signed are listed', async () => {
    const bundle = await it.changed(whole, 'keys.jsonl', lines => lines);
    await writeFile(join(bundle, 'commits-2.jsonl'), '');
    expect(await it.check(bundle)).toMatchObject({ whole: true, others: { names: ['commits-2.jsonl'], more: false } });
    for (let number = 0; number < 20; number++) await writeFile(join(bundle, `more-${number}`), '');
    const { others } = await it.check(bundle);
    expect([others.names.length, others.more]).toEqual([20, true]);
  });

  test('a pipe or a device in place of a file is refused at once', async () => {
    for (const name of ['keys.jsonl', 'commits.jsonl', 'manifest.jws']) {
      const bundle = await it.changed(whole, 'keys.jsonl', lines => lines);
      await rm(join(bundle, name));
      execFileSync('mkfifo', [join(bundle, name)]);
      await expect(it.check(bundle)).rejects.toThrow(/is not a regular file/);
      await rm(join(bundle, name));
      await symlink('/dev/zero', join(bundle, name));
      await expect(it.check(bundle)).rejects.toThrow(/is not a regular file/);
    }
  });
});

const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
