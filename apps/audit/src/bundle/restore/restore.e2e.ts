import { decisions } from '#domain';
import { besideLog, kafkaReader } from '#event-log';
import { tryLock } from '#postgres';
import { encodeVisible, buildName, hashBuild, projections } from '#projections';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Audited } from '../../audited.fixture.js';
import { id, secrets, said, story, telling, writing, Writing } from '../../newsroom.fixture.js';
import { Bundled } from '../bundled.fixture.js';
import type { KeySource } from '../export.js';

const { records } = writing();
const visible = [
  { first: 1, last: 20, at: '2026-01-01T12:30:00.000Z' },
  { first: 21, last: 42, at: '2026-01-01T12:50:00.000Z' },
];
let source: Bundled;
let bundle: string;
let target: Audited;
const keys: KeySource = async ids => new Map([...ids].map(development => [development, secrets.get(development)]));
beforeAll(async () => {
  source = await Bundled.of(records, visible);
  bundle = await source.export({ all: true }, { keys });
});
afterAll(async () => {
  await source?.close();
  await target?.drop();
});

const restore = (to: Audited, from = bundle, ...more: string[]) =>
  to.run('restore', from, '--key', source.key.kid, '--json', ...more);
const lastLine = (text: string) => JSON.parse(text.trimEnd().split('\n').at(-1)!);
async function lengthOf(topic: string): Promise<number> {
  const reader = kafkaReader({ ...source.log, topic });
  const { next } = await reader.bounds();
  await reader.close();
  return next;
}
const ledgerOf = ({ topic }: Audited) => besideLog({ ...source.log, topic }).topic;

describe('restoring', () => {
  test('refuses what is not whole, and what is of one story, and leaves no trace', async () => {
    target = await Audited.of([]);
    const altered = await source.changed(bundle, 'commits.jsonl', lines => lines.slice(0, -1));
    const broken = await restore(target, altered);
    expect([broken.code, broken.stderr]).toEqual([
      1,
      expect.stringMatching(/missing at the end[^]*Nothing was restored/),
    ]);
    const ofStory = await restore(target, await source.export({ story }));
    expect([ofStory.code, ofStory.stderr]).toEqual([2, expect.stringMatching(/of one story: evidence, and no backup/)]);
    const foreign = await target.run('restore', bundle, '--key', 'A'.repeat(43));
    expect([foreign.code, foreign.stderr]).toEqual([1, expect.stringMatching(/signed by another key/)]);
    expect(await lengthOf(target.topic)).toBe(0);
  });

  test('refuses while a projector folds', async () => {
    const lock = await tryLock(target.databaseUrl, `dateline projector ${buildName(projections)}`);
    const { code, stderr } = await restore(target);
    await lock!.release();
    expect([code, stderr]).toEqual([2, expect.stringMatching(/Stop it first/)]);
    expect(await lengthOf(target.topic)).toBe(0);
  });

  test('into a log that holds nothing but void records gives the same commits, and entries once each', async () => {
    await target.copy(records.slice(5, 8));
    // After a takedown somebody took the key of one development out of the bundle.
    const taken = await source.changed(bundle, 'keys.jsonl', lines => lines.filter(line => !line.includes(id(7))));
    const { code, stdout } = await restore(target, taken);
    expect([code, lastLine(stdout)]).toMatchObject([0, { before: 0, position: 42, records: 45, entries: 2, keys: 30 }]);
    const keys = await target.keys.keysOf([id(7), id(8)]);
    expect(keys.get(id(7))).toHaveProperty('destroyed');
    expect(keys.get(id(8))).toEqual({ secret: secrets.get(id(8)) });
    expect([await lengthOf(target.topic), await lengthOf(ledgerOf(target))]).toEqual([45, 2]);
  });

  test('of a log in which something was taken down brings back neither its key nor its words, and the same rows', async () => {
    const log = writing().takeDown(id(7));
    const live = await Audited.of(log.records);
    const later = await Bundled.of(log.records, visible);
    // Whoever exported it had the key still: the log's word is what counts.
    const whole = await later.export({ all: true }, { keys });
    expect(await later.check(whole)).toMatchObject({ whole: true, keys: { held: 30, removed: 0 } });
    expect(await readFile(join(whole, 'keys.jsonl'), 'utf8')).not.toContain(id(7));
    const into = await Audited.of([]);
    await into.pool.query('delete from dateline_keys.key');
    const { code } = await into.run('restore', whole, '--key', later.key.kid);
    expect(code).toBe(0);
    expect((await into.keys.keysOf([id(7)])).get(id(7))).toHaveProperty('destroyed');
    // Void records are in no bundle.
    await into.fold(log.records.filter((record, i) => record !== log.records[i - 1]));
    const hash = ({ pool }: Audited) => hashBuild(pool, buildName(projections), projections);
    expect(await hash(into)).toEqual(await hash(live));
    expect(await into.everything()).not.toContain('No. 7');
    expect((await into.verify()).equal).toBe(true);
    // What was signed before is still what it was.
    expect(await source.check(bundle)).toMatchObject({ whole: true, keys: { held: 31 } });
    for (const each of [live, into]) await each.drop();
    await later.close();
  });

  test('refuses what holds anything already, and names it', async () => {
    const again = await restore(target);
    expect([again.code, again.stderr]).toEqual([
      2,
      expect.stringMatching(/holds 45 records, 42 commits .*: the bundle's first/),
    ]);

    const other = await Audited.of([]);
    await other.copy(new Writing().register('ghost', 'Ghost').records.slice(0, 2));
    const others = await restore(other, bundle, '--resume');
    expect([others.code, others.stderr]).toEqual([
      2,
      expect.stringMatching(/2 commits of the log [0-9a-f]{64}, which are not/),
    ]);
    await other.drop();

    const folded = await Audited.of(records);
    const { code, stderr } = await restore(folded);
    expect([code, stderr]).toEqual([2, expect.stringMatching(/Postgres holds build_\w+, folded up to position 42/)]);
    await folded.drop();

    const noted = await Audited.of([]);
    await noted.copy([encodeVisible({ first: 1, last: 3, at: '2026-01-01T12:29:00.000Z' })], ledgerOf(noted));
    const ledger = await restore(noted);
    expect([ledger.code, ledger.stderr]).toEqual([2, expect.stringMatching(/holds other entries than the bundle's/)]);
    expect(await lengthOf(noted.topic)).toBe(0);
    await noted.drop();
  });

  test('killed half-way is refused by the next, which goes on with --resume to the same log', async () => {
    const log = writing().decide(decisions.reopenStory({}));
    // Long ones, so that they are many batches.
    const body = 'word '.repeat(2_000);
    for (let number = 100; number < 3_000; number++)
      log.decide(decisions.recordDevelopment(telling(number, said(`No. ${number}`, { body }))));
    const long = await Bundled.of(log.records, visible);
    const whole = await long.export({ all: true });
    const into = await Audited.of([]);
    const args = ['restore', whole, '--key', long.key.kid, '--json'];
    const child = spawn(process.execPath, ['dist/apps/audit/src/main.js', ...args], { env: into.env });
    while ((await lengthOf(into.topic)) < 200) await new Promise(go => setTimeout(go, 5));
    child.kill('SIGKILL');
    await once(child, 'exit');
    const refused = await into.run(...args);
    expect([refused.code, refused.stderr]).toEqual([2, expect.stringMatching(/go on with it by --resume/)]);
    const { code, stdout } = await into.run(...args, '--resume');
    const told = lastLine(stdout);
    expect([code, told]).toMatchObject([0, { position: log.position, entries: 0 }]);
    expect(told.before).toBeGreaterThan(100);
    expect(told.before).toBeLessThan(log.position);
    await into.drop();
    await long.close();
  });
});
