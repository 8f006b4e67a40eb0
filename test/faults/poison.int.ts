import { arbitrate, emptyLog, kafkaAppender, kafkaReader, type NewRecord } from '#event-log';
import { sha256, storyStream } from '#domain';
import { openKeyStore } from '#keys';
import { openPool } from '#postgres';
import { buildName, hashBuild, loadProgress, projections } from '#projections';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { CommandProcessor } from '../../apps/editor-api/src/commands/processor.js';
import { Newsroom } from '../../apps/projector/src/loop/loop.fixture.js';
import { runProjector } from '../../apps/projector/src/running.fixture.js';
import { brokers, testDatabase, until } from '../../apps/projector/src/servers.fixture.js';
import { Written } from '../../apps/projector/src/written.fixture.js';
import { appendRaw, bytesOf, readRaw, toBytes, type RawRecord } from '../frozen/raw-record.js';
import { headersOf, next, withValue } from '../frozen/strange.js';
import { Random } from './simulator/random.js';

const opened = { type: 'StoryOpened', data: { title: 'Poison', zone: 'UTC' } };
const closed = { type: 'StoryClosed', data: {} };
const reopened = { type: 'StoryReopened', data: {} };

const mebibyte = 1024 * 1024;
/** The broker's bound includes the headers. */
const roomForHeaders = 2_048;

const rawOf = ({ key, headers, value }: NewRecord): RawRecord => ({
  key,
  headers: Object.entries(headers).map(([name, text]) => [name, text!]),
  value: toBytes(value),
});
const withHeaders = (record: RawRecord, headers: RawRecord['headers']): RawRecord => ({ ...record, headers });
const parentOf = (record: RawRecord) => headersOf(record).ce_parent!;

/** The record after another parent, with the id that it then has. */
function withParent(record: RawRecord, parent: string): RawRecord {
  const headers = record.headers.map(([name, text]) => [name, name === 'ce_parent' ? parent : text] as const);
  return withValue(withHeaders(record, headers), bytesOf(record.value!).toString());
}

/** Changes one byte in each half of the value. */
function flipped(record: RawRecord, random: Random): RawRecord {
  const bytes = bytesOf(record.value!);
  const half = Math.floor(bytes.length / 2);
  for (const from of [0, half]) {
    const at = from + random.below(half);
    bytes.writeUInt8(bytes.readUInt8(at) ^ (1 + random.below(255)), at);
  }
  return { ...record, value: toBytes(bytes) };
}

const unknownEvent = (bytes: number) =>
  `{"by":{"id":"x"},"events":[{"data":{"text":"${'x'.repeat(bytes)}"},"type":"StoryFrozen"}]}`;

/** Another newsroom's log, with one story. */
function foreignLog(story: string): RawRecord[] {
  const written = new Written('urn:dateline:foreign');
  return [written.open(), ...written.records(2, story)].map(rawOf);
}

interface Poison {
  /** What becomes of it: it quarantines its stream, it is void, or it is a good record. */
  readonly fate: 'quarantines' | 'void' | 'good';
  /** Makes it of a good next commit of the story, which is not in the log. */
  make(good: RawRecord, random: Random, another: RawRecord): readonly RawRecord[];
}

const poisons: Readonly<Record<string, Poison>> = {
  'flipped-bytes': { fate: 'quarantines', make: (good, random) => [flipped(good, random)] },
  'future-schema': {
    fate: 'quarantines',
    make: good => [withValue(good, '{"by":{"id":"x"},"events":[{"data":{},"type":"StoryClosed"}],"schema":2}')],
  },
  'unknown-event': { fate: 'quarantines', make: good => [withValue(good, unknownEvent(10))] },
  'as-large-as-possible': {
    fate: 'quarantines',
    make: good => [withValue(good, unknownEvent(mebibyte - roomForHeaders))],
  },
  'foreign-parent': {
    fate: 'void',
    make: (good, _, another) => [withParent(good, parentOf(another))],
  },
  'foreign-log': { fate: 'void', make: good => foreignLog(String(good.key).replace('story:', '')) },
  'parent-twice': {
    fate: 'void',
    make: good => [withHeaders(good, [...good.headers, ['ce_parent', parentOf(good)]])],
  },
  'other-header-twice': {
    fate: 'good',
    make: good => [withHeaders(good, [...good.headers, ['twice', '1'], ['twice', '2']])],
  },
};

let newsroom: Newsroom;
beforeEach(async () => {
  newsroom = await Newsroom.open();
});
afterEach(() => newsroom?.close());

/** The topic's records, with what must become of each winner. */
class Log {
  readonly records: RawRecord[] = [];
  readonly folded: [position: number, stream: string][] = [];
  readonly kept: [position: number, value: string][] = [];
  private state = emptyLog;

  /** Counts records that are in the topic. */
  count(records: readonly RawRecord[], fate: 'void' | 'folded' | 'kept'): void {
    for (const record of records) {
      this.records.push(record);
      const [state, verdict] = arbitrate(this.state, headersOf(record));
      this.state = state;
      expect(verdict.won).toBe(fate !== 'void');
      if (!verdict.won) continue;
      if (fate === 'folded') this.folded.push([verdict.position, verdict.stream]);
      else this.kept.push([verdict.position, sha256(bytesOf(record.value!))]);
    }
  }

  async append(records: readonly RawRecord[], fate: 'void' | 'folded' | 'kept'): Promise<void> {
    await appendRaw(newsroom.topic, records);
    this.count(records, fate);
  }
}

/** The hash of the rows of a projector that folds the whole log into another database, in large batches. */
async function rebuiltHash(end: number) {
  const database = await testDatabase();
  const pool = openPool(database.url, { application: 'test', max: 2 });
  const again = runProjector({ topic: newsroom.topic, databaseUrl: database.url }, { batchSize: 500 });
  try {
    const sql = 'select next_offset from dateline.build';
    await until(async () => (await pool.query(sql)).rows[0]?.next_offset === end);
    return await hashBuild(pool, buildName(projections), projections);
  } finally {
    await again.close();
    await pool.end();
    await database.drop();
  }
}

/** The streams that an editor-api cannot read, after it has read the whole log. */
async function unreadableToEditors(): Promise<string[]> {
  const log = { brokers, topic: newsroom.topic };
  const keys = openKeyStore({ KEY_STORE: 'file:///nowhere', DATABASE_URL: '' });
  const desk = new CommandProcessor('urn:dateline:test', 30_000, kafkaReader(log), kafkaAppender(log), keys);
  const following = desk.follow();
  try {
    await Promise.race([desk.open(), following]);
    return Object.keys(desk.view().unreadable.entries.toObject()).sort();
  } finally {
    await desk.close();
    await following;
  }
}

test.each([1, 2])('poison costs only its own stream, and every good record is in the rows (seed %i)', async seed => {
  const random = new Random(seed);
  const projector = newsroom.start({ batchSize: 1 + random.below(5) });
  const log = new Log();
  log.count(await readRaw(newsroom.topic), 'folded');
  const after = (story: string, event: object) => next(log.records, story, [event]);
  await log.append([after('spared', opened)], 'folded');

  let isOpen = true;
  for (const [story, { fate, make }] of Object.entries(poisons)) {
    await log.append([after(story, opened)], 'folded');
    const poison = make(after(story, closed), random, after('spared', closed));
    await log.append(poison, ({ quarantines: 'kept', void: 'void', good: 'folded' } as const)[fate]);
    const good = after(story, fate === 'void' ? closed : reopened);
    await log.append([good], fate === 'quarantines' ? 'kept' : 'folded');
    await log.append([after('spared', isOpen ? closed : reopened)], 'folded');
    isOpen = !isOpen;
  }
  // The broker takes no larger value.
  const tooLarge = withValue(after('spared', closed), unknownEvent(mebibyte));
  await expect(appendRaw(newsroom.topic, [tooLarge])).rejects.toThrow(/large/);

  const { next: end } = await projector.reader.bounds();
  await until(async () => (await newsroom.checkpoint()).next_offset === end);
  const build = buildName(projections);
  const rowsOf = async (sql: string) => (await newsroom.pool.query(sql)).rows;
  const shown = await rowsOf(`select position, stream from ${build}.shown_commit order by position`);
  expect(shown.map(({ position, stream }) => [position, stream])).toEqual(log.folded);
  const kept = await rowsOf(`select position, value from ${build}.quarantined order by position`);
  expect(kept.map(({ position, value }) => [position, sha256(value)])).toEqual(log.kept);

  const struck = Object.keys(poisons).filter(story => poisons[story]!.fate === 'quarantines');
  const quarantined = struck.map(storyStream).sort();
  const progress = await loadProgress(newsroom.pool, projections);
  expect([...progress.quarantined.keys()].sort()).toEqual(quarantined);
  expect(await unreadableToEditors()).toEqual(quarantined);

  const live = await hashBuild(newsroom.pool, build, projections);
  // It did not halt.
  expect(await projector.stop()).toBeUndefined();
  expect(await rebuiltHash(end)).toEqual(live);
});
