import type { BlobStore } from '#blobs';
import { decisions, type KeptPicture } from '#domain';
import { kafkaReader } from '#event-log';
import { waitsForEventMs } from '#media';
import { tryLock } from '#postgres';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { brokers } from '../append.fixture.js';
import { Audited } from '../audited.fixture.js';
import { namesOf, StoredFiles } from '../blobs/stored.fixture.js';
import { restoreLock } from '../bundle/restore/log-state.js';
import { id, said, withContent, writing, type Writing } from '../newsroom.fixture.js';
import { collect, type Collected, type Collecting } from './collect.js';

const showing = (number: number, ...pictures: readonly KeptPicture[]) =>
  decisions.recordDevelopment(
    withContent(number, said(`No. ${number}`, { media: pictures.map(picture => ({ alt: 'A crane', picture })) })),
  );
const longAgo = new Date(Date.now() - waitsForEventMs - 3_600_000);

let files: StoredFiles;
let [shown, both, down, going, never]: KeptPicture[] = [];
let log: Writing;
let it: Audited;
beforeEach(async () => {
  files = await StoredFiles.open();
  const old = async () => {
    const picture = await files.picture();
    for (const name of namesOf(picture)) await files.date(name, longAgo);
    return picture;
  };
  [shown, both, down, going, never] = [await old(), await old(), await old(), await old(), await old()];
  log = writing()
    .decide(decisions.reopenStory({}))
    .decide(showing(50, shown!, both!))
    .decide(showing(51, down!, both!))
    .decide(showing(52, going!))
    .takeDown(id(51))
    .takeDown(id(52));
  it = await Audited.of(log.records);
  // The projector has destroyed one of the two keys so far.
  await it.pool.query('delete from dateline_keys.key where development = $1', [id(52)]);
  await it.keys.adopt(new Map([[id(52), Buffer.alloc(64, 1)]]));
});
afterEach(() => Promise.all([it.drop(), files.close()]));

async function collected(more: Partial<Collecting> = {}, topic = it.topic): Promise<Collected> {
  const reader = kafkaReader({ brokers, topic });
  const stores = { pool: it.pool, keys: it.keys, databaseUrl: it.databaseUrl, blobs: files.sealed };
  const how = { now: () => new Date(), isDeleting: true, onProgress: () => undefined };
  try {
    return await collect({ topic, reader, ...stores, ...how, ...more }, new AbortController().signal);
  } finally {
    await reader.close();
  }
}
const allOf = (...pictures: readonly (KeptPicture | undefined)[]) => pictures.flatMap(each => namesOf(each!)).sort();

describe('collecting', () => {
  test('deletes what no commit names and what was taken down; keeps new files, and those whose key exists', async () => {
    const fresh = await files.picture();
    const all = await files.names();
    const counts = { kept: 6, unnamed: 2, takenDown: 2, bytes: 4_000, position: log.position };
    expect(await collected({ isDeleting: false })).toMatchObject({ isDeleted: false, ...counts });
    expect(await files.names()).toEqual(all);
    expect(await collected()).toMatchObject({ isDeleted: true, ...counts });
    expect(await files.names()).toEqual(allOf(shown, both, going, fresh));
    expect(await collected()).toMatchObject({ kept: 6, unnamed: 0, takenDown: 0 });

    await it.keys.destroy([id(52)]);
    expect(await collected()).toMatchObject({ kept: 4, unnamed: 0, takenDown: 2 });
    expect(await files.names()).toEqual(allOf(shown, both, fresh));
    expect(await it.verify(it.topic, undefined, undefined, { blobs: files.sealed })).toMatchObject({
      equal: true,
      files: { checked: 4, wrongCount: 0 },
    });
  });

  test('a file that a commit names while the collector runs is kept', async () => {
    const before = log.records.length;
    log.decide(showing(53, never!));
    let lists = 0;
    const blobs: BlobStore = {
      ...files.sealed,
      list: async asked => {
        const page = await files.sealed.list(asked);
        // The store is listed once for counting and once for deleting.
        if (++lists === 2) await it.copy(log.records.slice(before));
        return page;
      },
    };
    expect(await collected({ blobs })).toMatchObject({ kept: 8, unnamed: 0, takenDown: 2, position: log.position });
    expect(await files.names()).toEqual(allOf(shown, both, going, never));
  });

  test('a file that is put again meanwhile is kept', async () => {
    const [first, second] = namesOf(never!);
    const blobs: BlobStore = {
      ...files.sealed,
      list: async asked => {
        const page = await files.sealed.list(asked);
        await files.date(first!, new Date());
        return page;
      },
    };
    expect(await collected({ blobs, most: 9 })).toMatchObject({ unnamed: 1 });
    expect(await files.names()).toEqual([...allOf(shown, both, going), first!].sort());
    expect(second).toBeDefined();
  });

  test('files have their age by the store’s clock, and clocks that differ are refused', async () => {
    const ahead = (ms: number) => ({ now: () => new Date(Date.now() + ms) });
    await expect(collected(ahead(2 * 3_600_000))).rejects.toThrow(/clocks .* differ by 7[12]\d\d seconds/);
    await expect(collected(ahead(-2 * 3_600_000))).rejects.toThrow(/clocks/);
    // By our clock, this file would be more than a day old.
    const [name] = namesOf(never!);
    await files.date(name!, new Date(Date.now() - waitsForEventMs + 1_800_000));
    expect(await collected(ahead(3_500_000))).toMatchObject({ unnamed: 1 });
    expect(await files.names()).toContain(name);
  });
});

describe('the collector refuses, and deletes nothing,', () => {
  let all: string[];
  beforeEach(async () => void (all = await files.names()));
  afterEach(async () => expect(await files.names()).toEqual(all));

  test('when the log is cut, or is another, or the tables are empty', async () => {
    const cut = await it.copy(log.records.slice(0, -1), `${it.topic}-cut`);
    await expect(collected({}, cut)).rejects.toThrow(/has \d+ commits; the tables in Postgres have \d+/);
    await it.pool.query(`update dateline.build set log = 'another'`);
    await expect(collected()).rejects.toThrow(/is the log .*; the tables in Postgres come from another/);
    await it.pool.query('update dateline.build set live = false');
    await expect(collected()).rejects.toThrow(/No build is live yet/);
  });

  test('when a commit is strange: it might name files that do not show', async () => {
    const [last] = log.records.slice(-1);
    const strange = { ...last!, value: Buffer.from(last!.value.toString().replace('"events"', '"Events"')) };
    const topic = await it.copy([...log.records.slice(0, -1), strange], `${it.topic}-strange`);
    await expect(collected({}, topic)).rejects.toThrow(/position \d+ is strange.*Run verify/);
  });

  test('when the store lacks all that is named, or is gone, or has more that nothing names than a person expects', async () => {
    const empty = await StoredFiles.open();
    expect(await collected({ blobs: empty.sealed })).toMatchObject({ kept: 0, unnamed: 0, takenDown: 0 });
    await empty.date((await empty.file()).name, longAgo);
    await expect(collected({ blobs: empty.sealed })).rejects.toThrow(/names 6 files, and the blob store has none/);
    for (let count = 0; count < 4; count++) await files.date((await files.file()).name, longAgo);
    await files.date((await files.file()).name, longAgo);
    all = await files.names();
    await expect(collected()).rejects.toThrow(/names 7 files, and commits name 6.*add --most 7/);
    await expect(collected({ most: 6 })).rejects.toThrow(/add --most 7/);
    expect(await collected({ isDeleting: false })).toMatchObject({ unnamed: 7 });
    await empty.unmount();
    await expect(collected({ blobs: empty.sealed })).rejects.toThrow(/blob store is unreachable/);
    await empty.close();
  });

  test('while a restore runs', async () => {
    const lock = await tryLock(it.databaseUrl, restoreLock(it.topic));
    await expect(collected()).rejects.toThrow(/A restore into this log/);
    await lock!.release();
  });
});
