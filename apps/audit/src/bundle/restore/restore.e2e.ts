import { decisions } from '#domain';
import { visibilityLogOf, kafkaReader } from '#event-log';
import { tryLock } from '#postgres';
import { encodeVisibility, buildName, hashBuild, projectorLock, projections } from '#projections';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { KafkaLine } from '../../../../../test/harness/kafka-line.js';
import { Audited } from '../../audited.fixture.js';
import { id, secrets, said, story, withContent, writing, Writing } from '../../newsroom.fixture.js';
import { Bundled } from '../bundled.fixture.js';
import type { KeySource } from '../key-source.js';

const { records } = writing();
const visible = [
  { first: 1, last: 20, at: '2026-01-01T12:30:00.000Z' },
  { first: 21, last: 42, at: '2026-01-01T12:50:00.000Z' },
];
let source: Bundled;
let bundle: string;
let target: Audited;
const keys: KeySource = async ids =>
  new Map([...ids].map(development => [development, { secret: secrets.get(development) }]));
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
const visibilityTopicOf = ({ topic }: Audited) => visibilityLogOf({ ...source.log, topic }).topic;

/** Runs a restore whose connection that keeps projectors away breaks once it has written. */
async function losingItsLock(into: Audited, ...args: string[]): Promise<{ code: number; said: string }> {
  const line = await KafkaLine.to(into.env.KAFKA_BROKERS!);
  line.writes = 2;
  const before = await lengthOf(into.topic);
  const env = { ...into.env, KAFKA_BROKERS: line.brokers };
  const child = spawn(process.execPath, ['dist/apps/audit/src/main.js', ...args], { env });
  let said = '';
  child.stderr.on('data', data => (said += data));
  const closed = once(child, 'close');
  while ((await lengthOf(into.topic)) === before) await new Promise(go => setTimeout(go, 5));
  const { rowCount } = await into.pool.query(
    `select pg_terminate_backend(pid) from pg_stat_activity
     where datname = current_database() and application_name like 'lock dateline projector%'`,
  );
  expect(rowCount).toBe(1);
  // A write that waits for its answer is not stopped.
  await line.close();
  const [code] = await closed;
  return { code, said };
}

describe('restoring a bundle', () => {
  test('a bundle that is changed, of one story or signed by another key is refused, and nothing is written', async () => {
    target = await Audited.of([]);
    const altered = await source.changed(bundle, 'commits.jsonl', lines => lines.slice(0, -1));
    const broken = await restore(target, altered);
    expect([broken.code, broken.stderr]).toEqual([
      1,
      expect.stringMatching(/missing at the end[^]*Nothing was restored/),
    ]);
    const ofStory = await restore(target, await source.export({ story }));
    expect([ofStory.code, ofStory.stderr]).toEqual([2, expect.stringMatching(/holds one story, which is evidence/)]);
    const foreign = await target.run('restore', bundle, '--key', 'A'.repeat(43));
    expect([foreign.code, foreign.stderr]).toEqual([1, expect.stringMatching(/signed by a different key/)]);
    expect(await lengthOf(target.topic)).toBe(0);
  });

  test('restore refuses to run while a projector runs', async () => {
    const lock = await tryLock(target.databaseUrl, projectorLock(buildName(projections)));
    const { code, stderr } = await restore(target);
    await lock!.release();
    expect([code, stderr]).toEqual([2, expect.stringMatching(/Stop it first/)]);
    expect(await lengthOf(target.topic)).toBe(0);
  });

  test('restore refuses to run while a projector of another version runs, which has folded nothing yet', async () => {
    await target.pool.query(`insert into dateline.build (name, made) values ('build_other', 'build_other')`);
    const lock = await tryLock(target.databaseUrl, projectorLock('build_other'));
    const { code, stderr } = await restore(target);
    await lock!.release();
    await target.pool.query(`delete from dateline.build where name = 'build_other'`);
    expect([code, stderr]).toEqual([2, expect.stringMatching(/Stop it first/)]);
    expect(await lengthOf(target.topic)).toBe(0);
  });

  test('the commits and visibility entries of the bundle are written once, after void records in the log', async () => {
    await target.copy(records.slice(5, 8));
    // Two keys were lost on the way. The key store has only one of them.
    const lossy = await source.changed(bundle, 'keys.jsonl', lines =>
      lines.filter(line => ![id(7), id(8)].some(lost => line.includes(lost))),
    );
    await target.pool.query('delete from dateline_keys.key where development <> $1', [id(8)]);
    const refused = await restore(target, lossy);
    expect([refused.code, refused.stderr]).toEqual([
      1,
      expect.stringMatching(
        new RegExp(`The key of a development is missing.*${id(7)}[^]*Nothing was restored[^]*--lost-keys FILE`),
      ),
    ]);
    expect(lastLine(refused.stdout).keys).toMatchObject({ missing: [id(7)], missingCount: 1, elsewhere: 1 });
    const before = await target.keys.keysOf([id(7), id(8), id(9)]);
    expect(before).toEqual(new Map([[id(8), { secret: secrets.get(id(8)) }]]));
    expect(await lengthOf(target.topic)).toBe(3);

    // A key that was declared lost but is present stays too.
    const { code, stdout } = await restore(target, lossy, '--lost-keys', `${id(7)},${id(8)}`);
    const done = { before: 0, position: 42, records: 45, entries: 2, keys: 30, lost: [id(7)] };
    expect([code, lastLine(stdout)]).toMatchObject([0, done]);
    const keys = await target.keys.keysOf([id(7), id(8), id(9)]);
    expect(keys.get(id(7))).toHaveProperty('destroyed');
    for (const kept of [8, 9]) expect(keys.get(id(kept))).toEqual({ secret: secrets.get(id(kept)) });
    expect([await lengthOf(target.topic), await lengthOf(visibilityTopicOf(target))]).toEqual([45, 2]);
  });

  test('commits that no editor-api wrote are restored byte for byte and listed', async () => {
    const { id: parent } = records[0]!;
    const alien = { ce_id: 'a'.repeat(64), ce_subject: 'story:x\u001b[2J', ce_parent: parent };
    const latin = [Buffer.from('latin'), Buffer.from([0xeb])] as const;
    const headers = [
      ...Object.entries(alien).map(each => each.map(text => Buffer.from(text)) as [Buffer, Buffer]),
      latin,
    ];
    const raw = { key: Buffer.from([0xff]), headers, valueless: false };
    const log = [...records, { key: '', headers: {}, value: Buffer.from([0xff, 0]), raw }];
    const [from, into] = [await Bundled.of(log, visible), await Audited.of([])];
    const { code, stderr, stdout } = await into.run(
      ...['restore', await from.export({ all: true }, { keys }), '--key', from.key.kid],
    );
    expect([code, stderr]).toEqual([
      0,
      expect.stringMatching(/STRANGE: The commit id does not match .*\n +position +43\n/),
    ]);
    expect(stdout).toMatch(/43 commits restored.*\nSAME/);
    expect(`${stdout}${stderr}`.replaceAll('\n', '')).not.toMatch(/\p{Cc}/u);
    const reader = kafkaReader({ ...source.log, topic: into.topic });
    const last = new Promise<unknown>(found => {
      void reader.read(42, async ([record]) => found(record), new AbortController().signal);
    });
    expect(await last).toMatchObject({ headers: { ...alien, latin: '\ufffd' }, value: Buffer.from([0xff, 0]), raw });
    await reader.close();
    await into.drop();
    await from.close();
  });

  test('a taken-down development gets neither its key nor its words back, and all rows are the same', async () => {
    const log = writing().takeDown(id(7));
    const live = await Audited.of(log.records);
    const later = await Bundled.of(log.records, visible);
    // The exporter still had the key. The log's takedown decides.
    const whole = await later.export({ all: true }, { keys });
    expect(await later.check(whole)).toMatchObject({ whole: true, keys: { held: 31, removed: 0 } });
    expect(await readFile(join(whole, 'keys.jsonl'), 'utf8')).not.toContain(id(7));
    const into = await Audited.of([]);
    await into.pool.query('delete from dateline_keys.key');
    const { code } = await into.run('restore', whole, '--key', later.key.kid);
    expect(code).toBe(0);
    expect((await into.keys.keysOf([id(7)])).get(id(7))).toHaveProperty('destroyed');
    // A bundle contains no void records.
    await into.fold(log.records.filter((record, i) => record !== log.records[i - 1]));
    const hash = ({ pool }: Audited) => hashBuild(pool, buildName(projections), projections);
    expect(await hash(into)).toEqual(await hash(live));
    expect(await into.everything()).not.toContain('No. 7');
    expect((await into.verify()).equal).toBe(true);
    // Earlier signatures remain valid.
    expect(await source.check(bundle)).toMatchObject({ whole: true, keys: { held: 32 } });
    // The bundle has lost all its keys and the store has them: none is destroyed.
    const keyless = await source.changed(bundle, 'keys.jsonl', () => []);
    const kept = await Audited.of([]);
    expect((await restore(kept, keyless)).code).toBe(0);
    const held = await kept.keys.keysOf(Array.from({ length: 31 }, (_, i) => id(i + 1)));
    expect([...held.values()].filter(key => 'secret' in key)).toHaveLength(31);
    await kept.drop();
    for (const each of [live, into]) await each.drop();
    await later.close();
  });

  test('a log, a build or a visibility log that already exists is named and not overwritten', async () => {
    const again = await restore(target);
    expect([again.code, again.stderr]).toEqual([
      2,
      expect.stringMatching(/holds 45 records, 42 commits .*: the first ones of the bundle/),
    ]);

    const other = await Audited.of([]);
    await other.copy(new Writing().register('ghost', 'Ghost').records.slice(0, 2));
    const others = await restore(other, bundle, '--resume');
    expect([others.code, others.stderr]).toEqual([
      2,
      expect.stringMatching(/2 commits of the log [0-9a-f]{64}, which differ/),
    ]);
    await other.drop();

    const folded = await Audited.of(records);
    const { code, stderr } = await restore(folded);
    expect([code, stderr]).toEqual([
      2,
      expect.stringMatching(/Postgres already holds the build build_\w+, up to position 42/),
    ]);
    await folded.drop();

    const noted = await Audited.of([]);
    await noted.copy(
      [encodeVisibility({ first: 1, last: 3, at: '2026-01-01T12:29:00.000Z' })],
      visibilityTopicOf(noted),
    );
    const visibilityLog = await restore(noted);
    expect([visibilityLog.code, visibilityLog.stderr]).toEqual([
      2,
      expect.stringMatching(/holds entries that differ from the bundle's/),
    ]);
    expect(await lengthOf(noted.topic)).toBe(0);
    await noted.drop();
  });

  test('verify then reports the lost keys, unless they are listed', async () => {
    await target.fold([...records.slice(5, 8), ...records.filter((record, i) => record !== records[i - 1])]);
    expect(await target.verify()).toMatchObject({ equal: false, first: { code: 'key-lost' }, lost: [id(7)] });
    const listed = await target.run('verify', '--lost-keys', id(7));
    expect([listed.code, listed.stdout]).toEqual([0, expect.stringMatching(/EQUAL/)]);
  });

  test('a restore that was killed must be continued with --resume, and then gives the same log', async () => {
    const log = writing().decide(decisions.reopenStory({}));
    // Long bodies, so that the records fill many batches.
    const body = 'word '.repeat(2_000);
    for (let number = 100; number < 3_000; number++)
      log.decide(decisions.recordDevelopment(withContent(number, said(`No. ${number}`, { body }))));
    const long = await Bundled.of(log.records, visible);
    const whole = await long.export({ all: true });
    const into = await Audited.of([]);
    const args = ['restore', whole, '--key', long.key.kid, '--json'];
    // It can write only some of its batches, so it cannot end before it is killed.
    const line = await KafkaLine.to(into.env.KAFKA_BROKERS!);
    line.writes = 20;
    const env = { ...into.env, KAFKA_BROKERS: line.brokers };
    const child = spawn(process.execPath, ['dist/apps/audit/src/main.js', ...args], { env });
    while ((await lengthOf(into.topic)) < 200) await new Promise(go => setTimeout(go, 5));
    child.kill('SIGKILL');
    expect(await once(child, 'exit')).toEqual([null, 'SIGKILL']);
    await line.close();
    const refused = await into.run(...args);
    expect([refused.code, refused.stderr]).toEqual([2, expect.stringMatching(/continue it with --resume/)]);
    const unguarded = await losingItsLock(into, ...args, '--resume');
    expect([unguarded.code, unguarded.said]).toEqual([2, expect.stringMatching(/Make sure that none runs/)]);
    const { code, stdout } = await into.run(...args, '--resume');
    const answer = lastLine(stdout);
    expect([code, answer]).toMatchObject([0, { position: log.position, entries: 0 }]);
    expect(answer.before).toBeGreaterThan(100);
    expect(answer.before).toBeLessThan(log.position);
    await into.drop();
    await long.close();
  });
});
