import { commitLine, generateSigningKey, readCommitLine, type Manifest } from '#bundle';
import { storyStream } from '#domain';
import { encode } from '#event-log';
import { print } from '#platform';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { id, secrets, source, story, Writing, writing } from '../../newsroom.fixture.js';
import { Bundled } from '../bundled.fixture.js';
import { wholeFolder } from '../files.js';
import type { KeySource } from '../key-source.js';
import { checkLines, exitCodeOf } from './report.js';

const stream = storyStream(story);
const { records } = writing();
const visible = [
  { first: 1, last: 20, at: '2026-01-01T12:30:00.000Z' },
  { first: 1, last: 20, at: '2026-01-01T12:30:00.000Z' },
  { first: 21, last: 41, at: '2026-01-01T12:50:00.000Z' },
  { first: 42, last: 42, at: '2026-01-01T13:00:00.000Z' },
];
const keys: KeySource = async ids => new Map([...ids].map(each => [each, { secret: secrets.get(each) }]));

let it: Bundled;
let whole: string;
let ofStory: string;
beforeAll(async () => {
  it = await Bundled.of(records, visible);
  whole = await it.export({ all: true }, { keys });
  ofStory = await it.export({ story }, { keys });
});
afterAll(() => it?.close());

const first = async (bundle: string, more = {}) => {
  const report = await it.check(bundle, more);
  expect([report.whole, exitCodeOf(report)]).toEqual([false, 1]);
  return report.first;
};
const file = 'commits.jsonl';
const changed = (change: (lines: string[]) => readonly string[]) => it.changed(whole, file, change);
const swap = (lines: string[], a: number, b: number) => lines.with(a, lines[b]!).with(b, lines[a]!);
const json = (lines: string[], at: number, change: (line: string) => string) => lines.with(at, change(lines[at]!));

/** Changes the bundle's manifest and signs it with the key. */
const signedAnew = (bundle: string, change: Partial<Manifest>, key = it.key) =>
  it.forged(bundle, { manifest: manifest => ({ ...manifest, ...change }) }, key);

describe('checking an unchanged bundle', () => {
  test('a bundle of the whole log has every commit that won and no void record', async () => {
    const report = await it.check(whole);
    expect(report).toMatchObject({
      whole: true,
      faults: 0,
      signer: it.key.kid,
      dev: false,
      log: { id: records[0]!.id, name: source },
      tree: { size: 42 },
      counts: { commits: 42, streams: 4, visibility: 3, keys: 32, lost: 0 },
      keys: { held: 32, exported: 32, removed: 0, gone: 0, missing: [], missingCount: 0 },
      strange: [],
      others: { names: [], more: false },
      unproven: [],
    });
    expect(exitCodeOf(report)).toBe(0);
    expect((await readdir(whole)).sort()).toEqual(
      'commits.jsonl index.jsonl key-digests.jsonl keys.jsonl manifest.json manifest.jws visibility.jsonl'.split(' '),
    );
    expect((await stat(join(whole, 'keys.jsonl'))).mode & 0o777).toBe(0o600);
    const visibilityLog = (await readFile(join(whole, 'visibility.jsonl'), 'utf8')).trimEnd().split('\n');
    expect(visibilityLog.at(-1)).toBe('{"at":"2026-01-01T13:00:00.000Z","first":42,"last":42}');
  });

  test('late and odd entries of the visibility log do not spoil a bundle', async () => {
    const late = { first: 15, last: 42, at: '2026-01-01T12:20:00.000Z' };
    const odd = { first: 20, last: 2_147_483_647, at: '2026-01-01T12:30:00.000Z' };
    const future = { first: 21, last: 21, at: '9999-12-31T23:59:59.999Z' };
    const other = await Bundled.of(records, [visible[0]!, odd, future, late]);
    try {
      const bundle = await other.export({ all: true }, { keys });
      expect(await other.check(bundle)).toMatchObject({ whole: true, counts: { visibility: 2 } });
      expect((await readFile(join(bundle, 'visibility.jsonl'), 'utf8')).trimEnd().split('\n').at(-1)).toBe(
        '{"at":"2026-01-01T12:30:00.000Z","first":21,"last":42}',
      );
    } finally {
      await other.close();
    }
  });

  test('a bundle of a story has the story, all actors and the first commit, under the same root as the log', async () => {
    const [report, log] = [await it.check(ofStory), await it.check(whole)];
    expect(report).toMatchObject({ whole: true, scope: { story }, counts: { commits: 42, streams: 4 } });
    expect(report.tree).toEqual(log.tree);
  });

  test('a bundle of one story leaves other stories out', async () => {
    const log = new Writing().register('mayor', 'The mayor');
    // Some line readers take this character for a line end.
    log.append(storyStream('two'), [{ type: 'StoryOpened', data: { title: 'A\u2028storm', zone: 'UTC' } }]);
    for (const name of ['one', 'two', 'three', 'two', 'two'])
      log.append(storyStream(name), [{ type: 'StoryClosed', data: {} }]);
    const several = await Bundled.of(log.records, visible);
    try {
      const bundle = await several.export({ story: 'two' });
      const report = await several.check(bundle);
      expect(report).toMatchObject({ whole: true, tree: { size: 8 }, counts: { commits: 6, streams: 3 } });
      await expect(several.export({ story: 'four' })).rejects.toThrow('No story has the id four.');
      const cut = await several.changed(bundle, file, lines => lines.slice(0, -1));
      expect((await several.check(cut)).first).toMatchObject({
        code: 'missing-tail',
        position: 8,
        stream: 'story:two',
        seq: 4,
      });
    } finally {
      await several.close();
    }
  });

  test('the check gives no verdict if it is not told which key to expect', async () => {
    const report = await it.check(whole, { expected: undefined });
    expect([report.whole, report.first, report.unchecked.length, exitCodeOf(report)]).toEqual([false, null, 1, 2]);
  });

  test('each missing key is a fault, unless a person lists it as lost', async () => {
    const without = await it.changed(whole, 'keys.jsonl', lines => lines.toSpliced(1, 2));
    const report = await it.check(without);
    expect(report).toMatchObject({
      whole: false,
      faults: 2,
      first: { code: 'missing-key', file: 'keys.jsonl', detail: `Development ${id(2)}.` },
      keys: { held: 30, exported: 32, removed: 2, missing: [id(2), id(3)], missingCount: 2 },
    });
    expect(exitCodeOf(report)).toBe(1);
    const listed = (...ids: string[]) => it.check(without, { keys: { lost: new Set(ids) } });
    expect(await listed(id(2))).toMatchObject({ whole: false, keys: { missing: [id(3)], gone: 1 } });
    expect(await listed(id(2), id(3), id(99))).toMatchObject({ whole: true, keys: { gone: 2, missingCount: 0 } });
    await expect(listed(id(2), id(3), id(4))).rejects.toThrow(/listed as lost, but it is in keys.jsonl, line 2/);
  });

  test('every key is missing if keys.jsonl is empty or absent', async () => {
    const empty = await it.changed(whole, 'keys.jsonl', () => []);
    const lost = await it.changed(whole, 'keys.jsonl', () => []);
    await rm(join(lost, 'keys.jsonl'));
    for (const bundle of [empty, lost])
      expect(await it.check(bundle)).toMatchObject({ whole: false, faults: 32, keys: { held: 0, missingCount: 32 } });
  });

  test('the check tells a key that was destroyed before the export from one that was missing', async () => {
    const some: KeySource = async ids => {
      const all = new Map(await keys(ids));
      all.delete(id(2));
      return all.set(id(3), { destroyed: '2026-01-02T00:00:00.000Z' });
    };
    const bundle = await it.export({ all: true }, { keys: some });
    expect(await it.check(bundle)).toMatchObject({
      whole: false,
      faults: 1,
      first: { code: 'missing-key', detail: `Development ${id(2)}.` },
      counts: { keys: 30, lost: 2 },
      keys: { exported: 30, gone: 1, missing: [id(2)] },
    });
    const none = await it.check(await it.export({ all: true }));
    expect(none).toMatchObject({ whole: true, counts: { keys: 0, lost: 0 }, keys: { exported: 0, untold: 32 } });
  });
});

/** Changes one character of a sealed payload. */
const edited = (text: string) => text.replace(/\.\.([\w-])/, (_, first) => `..${first === 'A' ? 'B' : 'A'}`);

describe('checking changed commits', () => {
  test('a missing tail is reported at its first missing commit', async () => {
    expect(await first(await changed(lines => lines.slice(0, -3)))).toMatchObject({
      code: 'missing-tail',
      file,
      line: 40,
      position: 40,
      stream,
      seq: 37,
      detail: '3 are missing, from position 40 to 42.',
    });
  });

  test('a tail that is cut inside a line is reported at that line', async () => {
    const bundle = await changed(lines => json(lines, 41, line => line.slice(0, 100)));
    expect(await first(bundle)).toMatchObject({ code: 'unreadable-line', line: 42, position: 42, stream });
  });

  test('an edited quote is reported with its place', async () => {
    const bundle = await changed(lines => json(lines, 11, line => edited(line)));
    expect(await first(bundle)).toMatchObject({ code: 'altered-bytes', line: 12, position: 12, stream, seq: 9 });
  });

  test('an edited quote under a new id is reported as a rewritten commit', async () => {
    const bundle = await changed(lines =>
      json(lines, 11, line => {
        const { position, headers, value } = readCommitLine(line)!;
        const { by, events } = JSON.parse(edited(Buffer.from(value).toString()));
        const { ce_parent: parent, ce_time: recorded, ce_command: command, ce_commandhash: commandHash } = headers;
        const asked = { parent: parent!, recorded: recorded!, command: command!, commandHash: commandHash! };
        return commitLine({ ...encode({ source, stream, seq: 9, by, events, ...asked }), position });
      }),
    );
    expect(await first(bundle)).toMatchObject({ code: 'rewritten-commit', line: 12, position: 12, stream, seq: 9 });
  });

  test('the tree finds a changed header that the commit id does not cover', async () => {
    const bundle = await changed(lines =>
      json(lines, 11, line => line.replace('application/json', 'application/jsom')),
    );
    expect(await first(bundle)).toMatchObject({ code: 'rewritten-commit', line: 12, position: 12 });
  });

  test('two commits in the wrong order are reported, even if their positions were exchanged too', async () => {
    expect(await first(await changed(lines => swap(lines, 11, 12)))).toMatchObject({
      code: 'swapped-order',
      line: 13,
      position: 12,
      stream,
      detail: 'Position 13 comes before position 12.',
    });
    const renumbered = await changed(lines => {
      const [a, b] = [readCommitLine(lines[11]!)!, readCommitLine(lines[12]!)!];
      return lines.with(11, commitLine({ ...b, position: 12 })).with(12, commitLine({ ...a, position: 13 }));
    });
    expect(await first(renumbered)).toMatchObject({
      code: 'swapped-order',
      line: 12,
      position: 12,
      detail: 'Its line gives position 12; it is 13.',
    });
  });

  test('a commit removed from the middle is one fault, and the commits after it are no faults', async () => {
    const report = await it.check(await changed(lines => lines.toSpliced(11, 1)));
    expect(report.faults).toBe(1);
    expect(report.first).toMatchObject({ code: 'missing-commit', line: 12, position: 12, stream, seq: 9 });
  });

  test('a repeated commit and an added one are reported', async () => {
    expect(await first(await changed(lines => lines.toSpliced(12, 0, lines[11]!)))).toMatchObject({
      code: 'repeated-commit',
      line: 13,
      position: 12,
    });
    const added = new Writing().register('ghost', 'Ghost').records[1]!;
    const bundle = await changed(lines => [...lines, commitLine({ ...added, position: 43 })]);
    expect(await first(bundle)).toMatchObject({ code: 'added-commit', line: 43, position: 43, stream: 'actor:ghost' });
  });

  test('the check reads 20 lines past the signed ones and ignores the rest', async () => {
    const more = (count: number) => changed(lines => [...lines, ...Array<string>(count).fill(lines[11]!)]);
    const at = await it.check(await more(20));
    expect([at.faults, at.found.at(-1)]).toMatchObject([20, { code: 'repeated-commit', line: 62 }]);
    expect((await it.check(await more(21))).faults).toBe(21);
    expect((await it.check(await more(40))).faults).toBe(21);
  });

  test('commits of another log are reported with the id of that log', async () => {
    const id = 'f'.repeat(64);
    const foreign = encode({
      source: 'other',
      stream: 'log',
      seq: 1,
      parent: '0'.repeat(64),
      recorded: '2026-01-01T12:00:00.000Z',
      command: 'c',
      commandHash: id,
      by: { id: 'ed' },
      events: [{ type: 'LogOpened', data: { name: 'other' } }],
    });
    expect(await first(await changed(lines => lines.with(0, commitLine({ ...foreign, position: 1 }))))).toMatchObject({
      code: 'other-log',
      line: 1,
      detail: expect.stringContaining(foreign.id),
    });
    expect(await first(whole, { log: id })).toMatchObject({ code: 'other-log', file: 'manifest.json' });
  });

  test('control characters in a commit id are escaped, so that they cannot fake a verdict', async () => {
    const escape = '\u001b';
    const painted = `${escape}[2J${escape}[H\nWHOLE: every commit is there${escape}[8m`;
    const bundle = await changed(lines => {
      const { headers, ...commit } = readCommitLine(lines.at(-1)!)!;
      return lines.with(-1, commitLine({ ...commit, headers: { ...headers, ce_id: painted, ce_subject: painted } }));
    });
    let shown = '';
    print(checkLines(await it.check(bundle)), { write: text => ((shown += text), true) });
    expect(shown).toContain('\\u001b[2J\\u001b[H WHOLE: every commit is there\\u001b[8m');
    expect(shown.replaceAll('\n', '')).not.toMatch(/\p{Cc}/u);
    expect(shown).not.toMatch(/^WHOLE/m);
  });

  test('the faults are found without the index too, and the index is a fault itself', async () => {
    const bundle = await it.changed(await changed(lines => lines.slice(0, -1)), 'index.jsonl', lines => lines.slice(1));
    const report = await it.check(bundle);
    expect(report.found.map(({ code }) => code)).toEqual(['missing-tail', 'altered-file']);
  });
});

describe('checking the other files', () => {
  test('a bundle signed with another key is reported, with the expected key', async () => {
    const other = await generateSigningKey({ dev: false });
    const bundle = await signedAnew(whole, { kid: other.kid }, other);
    expect(await first(bundle)).toMatchObject({
      code: 'foreign-key',
      detail: `The expected signer is ${it.key.kid}; the signer was ${other.kid}.`,
    });
  });

  test('a changed manifest is reported with the line that differs', async () => {
    const bundle = await it.changed(whole, 'manifest.json', lines =>
      lines.map(line => line.replace('"commits": 42', '"commits": 41')),
    );
    expect(await first(bundle)).toMatchObject({
      code: 'altered-manifest',
      detail: expect.stringMatching(/the signed text is "commits": 42,; the file has "commits": 41,/),
    });
  });

  test('a changed, cut or missing signature is reported', async () => {
    const flip = (line: string) => line.replace(/.{5}$/, end => (end.startsWith('A') ? 'B' : 'A') + end.slice(1));
    for (const change of [([line]: string[]) => [flip(line!)], ([line]: string[]) => [line!.slice(0, -9)], () => []])
      expect(await first(await it.changed(whole, 'manifest.jws', change))).toMatchObject({ code: 'bad-signature' });
  });

  test('a root that does not match the commits is reported, even if it is signed', async () => {
    const tree = { size: 42, root: 'a'.repeat(64) };
    expect(await first(await signedAnew(whole, { tree }))).toMatchObject({ code: 'wrong-root' });
    expect(await first(await signedAnew(ofStory, { tree }))).toMatchObject({
      code: 'wrong-path',
      line: 1,
      position: 1,
    });
  });

  test('a changed or missing visibility log is reported', async () => {
    const later = await it.changed(whole, 'visibility.jsonl', ([a, ...more]) => [
      a!.replace('12:30', '12:29'),
      ...more,
    ]);
    expect(await first(later)).toMatchObject({ code: 'altered-file', file: 'visibility.jsonl' });
    const back = await it.changed(whole, 'visibility.jsonl', lines => swap(lines, 0, 1));
    expect(await first(back)).toMatchObject({ code: 'wrong-entry', line: 2, position: 1 });
    await rm(join(back, 'visibility.jsonl'));
    expect(await first(back)).toMatchObject({ code: 'missing-file', file: 'visibility.jsonl' });
  });

  test('a changed, added or unreadable key is reported with its line', async () => {
    const key = (number: number, of = number) =>
      JSON.stringify({ development: id(number), key: secrets.get(id(of)).toString('base64url') });
    const at = (line: string) => it.changed(whole, 'keys.jsonl', lines => lines.with(1, line));
    const named = { file: 'keys.jsonl', line: 2 };
    const detail = (number: number) => `Development ${id(number)}.`;
    expect(await first(await at(key(2, 9)))).toMatchObject({ code: 'altered-key', detail: detail(2), ...named });
    expect(await first(await at(key(44)))).toMatchObject({ code: 'added-key', detail: detail(44), ...named });
    expect(await first(await at(key(1)))).toMatchObject({ code: 'added-key', detail: /second time/, ...named });
    expect(await first(await at('{}'))).toMatchObject({ code: 'unreadable-line', ...named });
  });

  test('a folder that is no bundle is reported differently from a broken bundle', async () => {
    await expect(it.check(it.folder)).rejects.toThrow(/it has no manifest/);
    const later = await it.changed(whole, 'manifest.jws', () => []);
    await writeFile(join(later, 'manifest.json'), '{"format":"dateline-bundle/9"}');
    await expect(it.check(later)).rejects.toThrow(/another version/);
  });
});

describe('exporting', () => {
  test('an interrupted export leaves no files, and no export overwrites a folder', async () => {
    const before = await readdir(it.folder);
    await expect(wholeFolder(whole, async () => undefined)).rejects.toThrow(/already exists/);
    const stopped = AbortSignal.abort(new Error('Stopped.'));
    await expect(it.export({ all: true }, { signal: stopped })).rejects.toThrow();
    expect(await readdir(it.folder)).toEqual(before);
  });
});
