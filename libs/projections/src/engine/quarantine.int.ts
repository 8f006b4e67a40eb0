import { commitId, encode, headOf, type Headers, type LogRecord } from '#event-log';
import { storyStream } from '#domain';
import { inTransaction, type Client, type Pool } from '#postgres';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { applyBatch } from './apply.js';
import { buildName, dropBuild, useBuild } from '../builds/build.js';
import { heardWhile, testDatabase, type TestDatabase } from './database.fixture.js';
import { by } from '../folds/given.fixture.js';
import { hashBuild } from '../builds/hash.js';
import { choices, history, recordsOf } from '../folds/history.fixture.js';
import { projections } from '../folds/list.js';
import { loadProgress, releaseQuarantined } from './progress.js';
import { rewritesOf, streamId } from '../builds/rewritten.js';
import type { Progress } from './settle.js';
import { oneStory } from '../folds/stories/queries.js';
import { promote } from '../builds/swap.js';

const build = buildName(projections);
const records = recordsOf(history(choices(300, 5)));
const storm = storyStream('storm');
/** Offsets of the storm's winners, each only once. */
const offsets = records.flatMap(({ offset, headers }) =>
  headers.ce_subject === storm && records[offset - 1]?.headers.ce_id !== headers.ce_id ? [offset] : [],
);
const unreadable = Buffer.from('{"by":{"id":"ed"},"events":[{"type":"FromTheFuture","data":{}}]}');

let database: TestDatabase;
let pool: Pool;
let whole: Awaited<ReturnType<typeof hashBuild>>;

beforeAll(async () => {
  database = await testDatabase();
  pool = database.pool;
  await apply(records, [500]);
  whole = await hashBuild(pool, build, projections);
});
afterAll(() => database?.drop());
beforeEach(() => inBuild(client => dropBuild(client, build)));
afterEach(() => inBuild(client => dropBuild(client, build)));

const inBuild = <T>(run: (client: Client) => Promise<T>) =>
  inTransaction(pool, 'write', async client => {
    await useBuild(client, build);
    return run(client);
  });
const all = async (table: string) => (await inBuild(client => client.query(`select * from ${table} order by 1`))).rows;

async function apply(log: readonly LogRecord[], sizes: readonly number[]): Promise<Progress> {
  let progress = await loadProgress(pool, projections);
  for (let at = progress.checkpoint.next_offset, turn = 0; at < log.length; turn++)
    progress = await applyBatch(database, projections, progress, log.slice(at, (at += sizes[turn % sizes.length]!)));
  return progress;
}

/** Reads the log as a version that does not know the schema of the records at these offsets. */
const unknownAt = (...unknown: number[]) =>
  records.map(record =>
    unknown.some(offset => records[offset]!.headers.ce_id === record.headers.ce_id)
      ? { ...record, value: unreadable }
      : record,
  );

/** Simulates the upgrade: the kept copies of these records become readable. */
async function learn(...known: number[]): Promise<void> {
  for (const offset of known) {
    const { headers, value } = records[offset]!;
    const { rowCount } = await inBuild(client =>
      client.query('update quarantined set value = $2 where id = $1', [headers.ce_id, value]),
    );
    expect(rowCount).toBe(1);
  }
}

const release = async () => releaseQuarantined(database, projections, await loadProgress(pool, projections));
const [early, later] = [offsets[20]!, offsets[50]!];

describe('a winner that this version cannot read', () => {
  test.each([1, 7, 500])(
    "in batches of %i, its stream's later winners are kept raw while other streams are folded",
    async size => {
      const progress = await apply(unknownAt(early), [size]);
      expect([...progress.quarantined.keys()]).toEqual([storm]);
      const { at, reason } = progress.quarantined.get(storm)!;
      expect(reason).toMatch(/altered or forged/);
      const kept = await all('quarantined');
      expect(kept.map(({ id }) => id)).toEqual(offsets.slice(20).map(offset => records[offset]!.headers.ce_id));
      expect(kept[0]).toMatchObject({ position: at, stream: streamId(storm), seq: 21, value: unreadable });
      expect(kept.slice(1).map(({ value }) => value)).toEqual(offsets.slice(21).map(offset => records[offset]!.value));
      expect(kept.map(({ headers }) => JSON.parse(headers))).toEqual(offsets.slice(20).map(o => records[o]!.headers));

      const stories = await all('story');
      expect(stories.find(({ story }) => story === 'storm').position).toBeLessThan(at);
      expect(stories.find(({ story }) => story === 'vote').position).toBeGreaterThan(at);
      expect(progress.checkpoint).toMatchObject({ position: whole.position, next_offset: records.length });
      expect(progress.arbitration.heads.get(storm)!.seq).toBe(offsets.length);
    },
  );

  test('its stream is still quarantined after a restart, and later winners are kept too', async () => {
    const log = unknownAt(early);
    const progress = await apply(log.slice(0, -40), [30]);
    expect(await loadProgress(pool, projections)).toMatchObject({ quarantined: progress.quarantined });
    const before = (await all('quarantined')).length;
    await apply(log, [30]);
    expect((await all('quarantined')).length).toBeGreaterThan(before);
  });
});

describe('a quarantined stream', () => {
  test('a stream that still cannot be read stays quarantined, and a release changes nothing', async () => {
    const { quarantined } = await apply(unknownAt(early), [500]);
    const [before, kept] = [await hashBuild(pool, build, projections), await all('quarantined')];
    expect((await release()).quarantined).toEqual(quarantined);
    expect([await hashBuild(pool, build, projections), await all('quarantined')]).toEqual([before, kept]);
  });

  test('a stream that is released after an upgrade has the rows of a fresh replay', async () => {
    await apply(unknownAt(early), [40]);
    await learn(early);
    const progress = await release();
    expect(progress.quarantined.size).toBe(0);
    expect(await loadProgress(pool, projections)).toMatchObject({ quarantined: new Map() });
    expect(await all('quarantined')).toEqual([]);
    expect(await hashBuild(pool, build, projections)).toEqual(whole);
  });

  test('a stream that is released in the middle of the log gets the same rows in the end', async () => {
    await apply(unknownAt(early).slice(0, later), [40]);
    await learn(early);
    await release();
    await apply(records, [40]);
    expect(await hashBuild(pool, build, projections)).toEqual(whole);
  });

  test('a stream with a later unreadable winner is folded up to that one, as in a fresh replay', async () => {
    await apply(unknownAt(early, later), [40]);
    await learn(early);
    const { quarantined } = await release();
    const released = [await hashBuild(pool, build, projections), await all('quarantined')];
    await inBuild(client => dropBuild(client, build));
    const fresh = await apply(unknownAt(later), [500]);
    expect(quarantined).toEqual(fresh.quarantined);
    expect(await loadProgress(pool, projections)).toMatchObject({ quarantined });
    expect([await hashBuild(pool, build, projections), await all('quarantined')]).toEqual(released);
    await learn(later);
    await release();
    expect(await hashBuild(pool, build, projections)).toEqual(whole);
  });

  test('the release notifies readers, and counts as a rewrite of its story only', async () => {
    await apply(unknownAt(early), [500]);
    await inBuild(client => promote(client, build));
    await learn(early);
    const told = (story: string) => inBuild(client => rewritesOf(client, story));
    const { times, rewrites } = await told('storm');
    const heard = await heardWhile(pool, release);
    expect(heard).toEqual([{ build, position: whole.position }]);
    const { position: loaded } = (await inBuild(client => oneStory(client, 'storm')))!;
    const now = { position: whole.position, times: times + 1, loaded, swapped: 0, rewrites: rewrites + 1 };
    expect(await told('storm')).toEqual(now);
    expect(await told('vote')).toEqual({ position: 0, times: 0, loaded: 0, swapped: 0, rewrites: 0 });
  });

  test('the release in a build that is not live sends no notification and counts as no rewrite', async () => {
    await apply(unknownAt(early), [500]);
    await learn(early);
    const told = async () => (await inBuild(client => rewritesOf(client, 'storm'))).times;
    const before = await told();
    expect(await heardWhile(pool, release)).toEqual([]);
    expect(await told()).toBe(before);
  });
});

describe('any record in the log', () => {
  const genesis = recordsOf([])[0]!;
  const draft = { source: 'urn:x', recorded: '2026-01-01T00:00:00.000Z', command: 'c', commandHash: 'h', by, seq: 1 };
  const opening = { type: 'StoryOpened', data: { title: 'T', zone: 'UTC' } } as const;
  const first = (stream: string) => encode({ ...draft, stream, parent: genesis.headers.ce_id!, events: [opening] });

  const nul = '\0';
  test.each<[string, { headers: Headers; value: Uint8Array }]>([
    ['a story with an invalid id', first(`story:Storm${nul}`)],
    ['a story with an id that is too long for a key', first(`story:${'x'.repeat(20_000)}`)],
    [
      'a stream of an unknown type',
      { ...first('story:a'), headers: { ...first('story:a').headers, ce_subject: `${nul}\uffff`.repeat(9_000) } },
    ],
    [
      'a header with a NUL in it',
      { ...first('story:a'), headers: { ...first('story:a').headers, other: nul }, value: unreadable },
    ],
    [
      'an unknown field with a NUL and a lone surrogate in its name',
      forged(`{"by":{"id":"ed"},"events":[],"\\u0000\\ud800":1}`),
    ],
    [
      'a text cut inside a character',
      forged(`{"by":{"id":"ed"},"events":[],"${'🛫'.repeat(900)}":1,"x${'🛫'.repeat(900)}":1}`),
    ],
    ['no value', forged('')],
  ])('a record quarantines only its own stream: %s', async (_, record) => {
    const vote = encode({ ...draft, stream: storyStream('vote'), parent: genesis.headers.ce_id!, events: [opening] });
    const log = [genesis, record, vote].map(({ headers, value }, offset) => ({ offset, headers, value }));
    const { quarantined, arbitration } = await apply(log, [500]);
    const stream = record.headers.ce_subject!;
    const kept = { id: record.headers.ce_id, headers: JSON.stringify(record.headers), stream: streamId(stream) };
    expect([...quarantined.keys()]).toEqual([stream]);
    expect(await all('quarantined')).toMatchObject([kept]);
    expect((await all('story')).map(({ story }) => story)).toContain('vote');
    const loaded = await loadProgress(pool, projections);
    expect(loaded.quarantined).toEqual(quarantined);
    expect(headOf(loaded.arbitration, stream)).toEqual(headOf(arbitration, stream));
    expect((await release()).quarantined).toEqual(quarantined);
  });

  /** A record whose id covers its value, as any client of the log can write it. */
  function forged(value: string): { headers: Headers; value: Uint8Array } {
    const { headers } = first('story:forged');
    const bytes = Buffer.from(value);
    return { headers: { ...headers, ce_id: commitId(headers, bytes) }, value: bytes };
  }
});
