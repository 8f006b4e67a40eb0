import { storyStream } from '#domain';
import { commitId, type NewRecord } from '#event-log';
import { readCommitLine, readRawLine, rawLine } from '#bundle';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { id, secrets, story, writing, type Writing } from '../../newsroom.fixture.js';
import { Bundled } from '../bundled.fixture.js';
import type { KeySource } from '../key-source.js';
import { checkLines, exitCodeOf } from './report.js';

const stream = storyStream(story);
const keys: KeySource = async ids => new Map([...ids].map(each => [each, { secret: secrets.get(each) }]));
const genesis = writing().records[0]!.id;
const more = { ce_subject: 'story:x', ce_parent: genesis };
const noId = 'a'.repeat(64);

/** A record by a foreign writer, who changes its headers and computes a matching id. */
function foreign({ headers, value }: NewRecord, change: object): NewRecord {
  const written = { ...headers, ...change } as Record<string, string>;
  return { key: written.ce_subject!, headers: { ...written, ce_id: commitId(written, value) }, value };
}

const log: Writing = writing();
const last = log.records.at(-1)!;
const elsewhere = { ...more, ce_subject: 'story:y' };
/** Each of these records wins, because its parent is the head of its stream. */
const strange: [NewRecord, code: string, detail: RegExp][] = [
  [
    { key: '', headers: { ...more, ce_id: noId }, value: Buffer.alloc(0) },
    'altered-bytes',
    /the id is a{64}; the bytes give the id/,
  ],
  [foreign(last, { ...elsewhere, ce_seq: '7' }), 'wrong-seq', /the record says 7; it is 1/],
  [
    foreign(last, { ...elsewhere, ce_subject: 'story:z', ce_seq: '1', ce_source: 'urn:evil' }),
    'wrong-attribute',
    /ce_source is urn:evil/,
  ],
  [
    foreign(last, { ...elsewhere, ce_subject: 'story:v', ce_seq: '1', ce_specversion: '9.9' }),
    'wrong-attribute',
    /ce_specversion is 9.9, not 1.0/,
  ],
  [
    foreign(
      {
        ...last,
        value: Buffer.from(
          '{"by":{"id":"ed"},"events":[{"data":{"development":"' + id(77) + '","told":"later"},"type":"NoSuchEvent"}]}',
        ),
      },
      { ...elsewhere, ce_subject: 'story:w', ce_seq: '1' },
    ),
    'unreadable-commit',
    /does not know the events’ schema/,
  ],
];

let it: Bundled;
beforeAll(async () => {
  it = await Bundled.of([...log.records, ...strange.map(([record]) => record)], []);
});
afterAll(() => it?.close());

describe('a log with commits that no editor-api writes', () => {
  test('its bundle has no faults, and export and check list each of these commits', async () => {
    const { folder, strange: listed, strangeCount, missing } = await it.exported({ all: true }, { keys });
    const due = strange.map(([{ headers }, code, detail], i) => ({
      code,
      position: 43 + i,
      stream: headers.ce_subject,
      seq: 1,
      detail: expect.stringMatching(detail),
    }));
    expect([listed, strangeCount, missing]).toEqual([due, due.length, []]);
    const report = await it.check(folder);
    expect(report).toMatchObject({
      whole: true,
      faults: 0,
      tree: { size: 47 },
      strange: due,
      strangeCount: due.length,
    });
    expect(exitCodeOf(report)).toBe(0);
    expect(checkLines(report).join('\n')).toMatch(
      /STRANGE: The commit id does not match these bytes.*\n +position +43\n +stream +story:x, commit 1\n/,
    );
    // Developments that a later version can read have keys too.
    expect(report.counts.keys).toBe(33);
  });

  test('its bundle keeps every byte of a record, even bytes that are not text', async () => {
    const bytes = (text: string) => Buffer.from(text);
    const headers: [Buffer, Buffer | null][] = [
      ...Object.entries({ ...more, ce_id: noId, ce_subject: 'story:raw' }).map(([name, text]): [Buffer, Buffer] => [
        bytes(name),
        bytes(text),
      ]),
      [bytes('latin'), Buffer.from([0x5a, 0x6f, 0xeb])],
      [bytes('twice'), bytes('a')],
      [bytes('twice'), bytes('b')],
      [bytes('__proto__'), bytes('x')],
    ];
    const raw = { key: Buffer.from([0xff, 0]), headers, valueless: true };
    const other = await Bundled.of([...log.records, { key: '', headers: {}, value: Buffer.alloc(0), raw }], []);
    try {
      const { folder } = await other.exported({ all: true });
      const line = (await readFile(join(folder, 'raw-records.jsonl'), 'utf8')).trimEnd();
      expect(readRawLine(line)).toEqual({ ...raw, position: 43 });
      const report = await other.check(folder);
      expect(report).toMatchObject({ whole: true, strange: [{ position: 43, code: 'altered-bytes' }] });
      const text = readCommitLine(
        (await readFile(join(folder, 'commits.jsonl'), 'utf8')).trimEnd().split('\n').at(-1)!,
      )!;
      expect(text.headers).toEqual({ ...more, ce_id: noId, ce_subject: 'story:raw', latin: 'Zo\ufffd' });
      const lies: [lines: string[], code: string][] = [
        [[rawLine({ ...raw, headers: headers.slice(1), position: 43 })], 'wrong-raw-record'],
        [[rawLine({ ...raw, position: 42 })], 'wrong-raw-record'],
        [[line, rawLine({ ...raw, position: 44 })], 'wrong-raw-record'],
        [[line, line], 'unreadable-line'],
        [['{}'], 'unreadable-line'],
      ];
      for (const [lines, code] of lies) {
        const forged = await other.forged(folder, { files: { 'raw-records.jsonl': () => lines } });
        expect(await other.check(forged)).toMatchObject({ whole: false, first: { code, file: 'raw-records.jsonl' } });
      }
      // An unsigned file is not part of the bundle.
      const signedNot = await other.forged(folder, {
        manifest: it => ({ ...it, files: it.files.filter(({ name }) => name !== 'raw-records.jsonl') }),
      });
      expect(await other.check(signedNot)).toMatchObject({ whole: true, others: { names: ['raw-records.jsonl'] } });
    } finally {
      await other.close();
    }
  });

  test('the check finds changed bytes in such a commit', async () => {
    const { folder } = await it.exported({ all: true }, { keys });
    const edited = await it.changed(folder, 'commits.jsonl', lines =>
      lines.with(42, lines[42]!.replace('"value":""', '"value":"x"')),
    );
    expect(await it.check(edited)).toMatchObject({ whole: false, first: { code: 'altered-bytes', position: 43 } });
  });

  test('the check lists the first 20 such commits and counts the others', async () => {
    const many = Array.from({ length: 21 }, (_, i): NewRecord => ({
      key: '',
      headers: {
        ce_id: 'b'.repeat(60) + String(i).padStart(4, '0'),
        ce_subject: `story:many-${i}`,
        ce_parent: genesis,
      },
      value: Buffer.alloc(0),
    }));
    const other = await Bundled.of([...log.records.slice(0, 1), ...many], []);
    try {
      const { folder, strange: listed, strangeCount } = await other.exported({ all: true });
      expect([listed.length, strangeCount]).toEqual([20, 21]);
      const report = await other.check(folder);
      expect([report.whole, report.strangeCount]).toEqual([true, 21]);
      expect(checkLines(report).join('\n')).toMatch(/\nand 1 more strange commits\n/);
    } finally {
      await other.close();
    }
  });

  test('a bundle of a story with such a commit has no faults, and the check lists the commit', async () => {
    const { folder } = await it.exported({ story: 'x' }, { keys });
    const report = await it.check(folder);
    expect(report).toMatchObject({ whole: true, scope: { story: 'x' }, strange: [{ position: 43 }], strangeCount: 1 });
    expect(stream).not.toBe('story:x');
  });
});
