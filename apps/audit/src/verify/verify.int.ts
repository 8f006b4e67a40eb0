import { storyStream } from '#domain';
import { kafkaReader, type NewRecord } from '#event-log';
import { openKeyStore } from '#keys';
import { openPool } from '#postgres';
import { buildName, prepareDatabase, projections } from '#projections';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { closeDatabase, signedInAs, withRoles } from '../../../../test/harness/roles.js';
import { brokers } from '../append.fixture.js';
import { Audited } from '../audited.fixture.js';
import { id, said, secrets, withContent, story, Writing, writing } from '../newsroom.fixture.js';
import { rebuild } from '../rebuild/rebuild.js';
import { exitCodeOf } from './report.js';
import type { VerifyOptions } from './verify.js';

const stream = storyStream(story);
const { records } = writing();
let it: Audited;

beforeAll(async () => {
  it = await Audited.of(records);
});
afterAll(() => it?.drop());

/** Runs `sql`, then `run`, then `back`. Asserts that `sql` changed the rows and `back` restored them. */
async function whileTampered(sql: string, back: string, run: () => Promise<void>): Promise<void> {
  expect((await it.verify()).equal).toBe(true);
  expect(await it.tamper(sql)).toBe(1);
  await run();
  expect(await it.tamper(back)).toBe(1);
  expect((await it.verify()).equal).toBe(true);
}

describe('verifying an unchanged log and unchanged tables', () => {
  test('they are equal, with every count and a hash of every table, and no build is left behind', async () => {
    const report = await it.verify();
    expect(report).toMatchObject({
      equal: true,
      records: 44,
      winners: 42,
      voids: 2,
      streams: 4,
      faults: 0,
      first: null,
    });
    expect(report.compared).toMatchObject({ build: it.build, position: 42, nextOffset: 44 });
    const tables = Object.entries(report.compared!.tables);
    expect(tables.map(([table]) => table).sort()).toEqual(
      [
        ...[
          'actor',
          'actor_past',
          'actor_change',
          'actor_mention',
          'actor_mention_past',
          'actor_citation',
          'actor_citation_past',
          'actor_mark',
          'actor_mark_past',
          'story_state',
          'story_state_past',
          'story_header',
          'story_header_past',
          'story_condition',
          'story_condition_past',
          'story_shredded',
          'key_point',
          'key_point_past',
          'picture',
          'picture_past',
          'search',
          'search_past',
          'search_story',
          'search_story_past',
        ],
        ...[
          'timeline',
          'timeline_past',
          'timeline_change',
          'shown_commit',
          'commit',
          'quarantined',
          'stream',
          'withheld',
          'withheld_past',
        ],
      ].sort(),
    );
    for (const [, { log, live, differing }] of tables) expect([live, differing]).toEqual([log, 0]);
    expect(exitCodeOf(report)).toBe(0);
    expect(await it.builds()).toEqual([it.build]);
  });
});

describe('verifying a changed log', () => {
  test('a flipped byte is found, with the row that differs because of it', async () => {
    const at = 12;
    const flipped = records.map((record, offset): NewRecord => {
      const value = Buffer.from(record.value);
      if (offset === at) value[value.length - 20]! ^= 1;
      return { ...record, value };
    });
    const topic = await it.copy(flipped, `${it.topic}.flipped`);
    const report = await it.verify(topic);
    expect(report.first).toMatchObject({ code: 'altered-bytes', stream, seq: 9, position: 12 });
    expect(report.first!.row).toMatchObject({ table: 'commit', key: { position: 12 }, log: null });
    expect(exitCodeOf(report)).toBe(1);
  });

  test('a cut tail is found, with the first missing commit', async () => {
    const topic = await it.copy(records.slice(0, -3), `${it.topic}.cut`);
    const report = await it.verify(topic);
    expect(report.first).toMatchObject({ code: 'log-ends-early', stream, seq: 37, position: 40 });
    expect(report.first!.row).toMatchObject({ table: 'commit', key: { position: 40 }, log: null });
    expect(exitCodeOf(report)).toBe(1);
  });

  test('a tail that was replaced is found', async () => {
    const other = writing().records.slice(0, -1);
    const again = new Writing();
    const forged = [...other, again.records[0]!];
    const topic = await it.copy(forged, `${it.topic}.other`);
    const report = await it.verify(topic);
    expect(report.first).toMatchObject({ code: 'row-added', position: 42 });
    expect(exitCodeOf(report)).toBe(1);
  });

  test('a changed void record is found, although it has no row', async () => {
    const others = await Audited.of(writing().again().records);
    try {
      const topic = await it.copy([...writing().records, records[0]!], `${others.topic}.void`);
      expect((await others.verify()).equal).toBe(true);
      const report = await others.verify(topic);
      expect(report.first).toMatchObject({
        code: 'row-differs',
        row: { table: 'dateline.build', column: 'last_record' },
      });
    } finally {
      await others.drop();
    }
  });
});

describe('verifying a commit that no editor-api wrote', () => {
  const forging = async (forge: (log: Writing) => Writing, change = (record: NewRecord) => record) => {
    const log = writing();
    const others = await Audited.of(log.records);
    try {
      expect((await others.verify()).equal).toBe(true);
      const more = forge(log).records.slice(records.length).map(change);
      await others.copy(more);
      await others.fold(more);
      return await others.verify();
    } finally {
      await others.drop();
    }
  };

  test('a well-formed commit on the head is found if no decision allows it', async () => {
    const report = await forging(log =>
      log.append(stream, [{ type: 'DevelopmentRecorded', data: withContent(60, said('Forged.')) }]),
    );
    expect(report.first).toMatchObject({ code: 'not-allowed', stream, seq: 40, position: 43 });
    expect(exitCodeOf(report)).toBe(1);
  });

  test('a commit with the wrong id is found', async () => {
    const report = await forging(
      log => log.append(stream, [{ type: 'StoryReopened', data: {} }]),
      record => ({ ...record, headers: { ...record.headers, ce_id: 'ab'.repeat(32) } }),
    );
    expect(report.first).toMatchObject({ code: 'altered-bytes', stream, seq: 40, position: 43 });
    expect(exitCodeOf(report)).toBe(1);
  });

  test('a commit that this version cannot read makes the result incomplete', async () => {
    const report = await forging(log => log.append(stream, [{ type: 'StoryFrozen', data: {} } as never]));
    expect(report).toMatchObject({ equal: false, first: null, unchecked: [expect.stringContaining('Position 43')] });
    expect(exitCodeOf(report)).toBe(2);
  });
});

describe('verifying takedowns', () => {
  const log = writing().takeDown(id(7)).takeDown(id(2));
  let room: Audited;
  beforeAll(async () => {
    room = await Audited.of(log.records);
  });
  afterAll(() => room?.drop());

  test('a takedown is verified although its development is unreadable', async () => {
    expect(await room.everything()).not.toMatch(/No\. 7|No\. Two/);
    expect(await room.verify()).toMatchObject({ equal: true, winners: 46, faults: 0 });
  });

  test('a key that was not destroyed is found, and verify does not destroy it', async () => {
    const bring = 'update dateline_keys.key set secret = $2, destroyed = null where development = $1';
    await room.pool.query(bring, [id(2), secrets.get(id(2))]);
    const report = await room.verify();
    expect(report.first).toMatchObject({ code: 'key-not-destroyed', stream, seq: 43, position: 46, row: null });
    expect(report.first!.detail).toContain(id(2));
    expect(report.compared!.tables.timeline).toMatchObject({ differing: 0 });
    expect(exitCodeOf(report)).toBe(1);
    expect((await room.keys.keysOf([id(2)])).get(id(2))).toHaveProperty('secret');
    await room.keys.destroy([id(2)]);
    expect((await room.verify()).equal).toBe(true);
  });

  test('words that are left in a row are found', async () => {
    await room.tamper(`update LIVE.timeline set headline = 'Mayor: No. 7' where development = '${id(7)}'`);
    expect((await room.verify()).first).toMatchObject({
      code: 'row-differs',
      position: 44,
      row: { table: 'timeline', column: 'headline', log: null, live: 'Mayor: No. 7' },
    });
  });

  test('a takedown by one person alone is found', async () => {
    const proposal = log.records.at(-2)!.id;
    const alone = writing().append(stream, [
      { type: 'ProposalApproved', data: { development: id(9), proposal, as: 'legal' } },
      { type: 'ContentShredded', data: { development: id(9), ground: 'legal', proposal } },
    ]);
    const other = await Audited.of(alone.records);
    expect((await other.verify()).first).toMatchObject({ code: 'not-allowed', position: 43 });
    await other.drop();
  });
});

describe('verifying changed tables', () => {
  const where = `where development = '${id(7)}'`;

  test('a changed column is found, with the value of the log and of the table', () =>
    whileTampered(
      `update LIVE.timeline set headline = 'Mayor: No. 8' ${where}`,
      `update LIVE.timeline set headline = 'Mayor: No. 7' ${where}`,
      async () => {
        const report = await it.verify();
        expect(report.first).toEqual({
          code: 'row-differs',
          stream,
          seq: 8,
          position: 11,
          detail: expect.any(String),
          row: {
            table: 'timeline',
            key: { story, development: id(7) },
            column: 'headline',
            log: 'Mayor: No. 7',
            live: 'Mayor: No. 8',
          },
        });
        expect(report.compared!.tables.timeline).toMatchObject({ differing: 1 });
        expect(exitCodeOf(report)).toBe(1);
      },
    ));

  test('a removed row is found', async () => {
    await it.tamper(`create table LIVE.kept as select * from LIVE.actor_mark_now ${where} and mark = 0`);
    await whileTampered(
      `delete from LIVE.actor_mark ${where} and mark = 0`,
      'insert into LIVE.actor_mark_now select * from LIVE.kept',
      async () =>
        expect((await it.verify()).first).toMatchObject({
          code: 'row-missing',
          stream,
          seq: 8,
          position: 11,
          row: { table: 'actor_mark', key: { story, development: id(7), mark: 0 }, column: null, live: null },
        }),
    );
    await it.pool.query(`drop table ${it.build}.kept`);
  });

  test('a changed row of the past is found', () =>
    whileTampered(
      `update LIVE.story_state_past set pinned = 'forged' where valid_from = 11`,
      `update LIVE.story_state_past set pinned = null where valid_from = 11`,
      async () =>
        expect((await it.verify()).first).toMatchObject({
          code: 'row-differs',
          position: 12,
          row: { table: 'story_state_past', key: { story, valid_from: 11 }, column: 'pinned', live: 'forged' },
        }),
    ));

  test('an added row is found', () =>
    whileTampered(
      `insert into LIVE.actor_now values ('ghost', 'Ghost', 'person', '{}', '{}', null, null, null, 3, 3)`,
      `delete from LIVE.actor where actor = 'ghost'`,
      async () =>
        expect((await it.verify()).first).toMatchObject({
          code: 'row-added',
          position: 3,
          row: { table: 'actor', key: { actor: 'ghost' }, log: null },
        }),
    ));

  test('of several changed rows, the one of the earliest commit is reported first', async () => {
    await it.tamper(`update LIVE.timeline set body = 'x' where development in ('${id(9)}', '${id(20)}')`);
    const report = await it.verify();
    expect(report.first).toMatchObject({
      position: 13,
      row: { key: { development: id(9) }, column: 'body', log: null },
    });
    expect(report.compared!.tables.timeline).toMatchObject({ differing: 2 });
    await it.tamper(`update LIVE.timeline set body = null where body = 'x'`);
  });
});

describe('when verify cannot check everything', () => {
  test('without a live build of this version, only the log is checked and the report says what to do', async () => {
    await it.pool.query('update dateline.build set live = false');
    const report = await it.verify();
    await it.pool.query('update dateline.build set live = true');
    expect(report).toMatchObject({ equal: false, winners: 42, first: null, compared: null });
    expect(report.unchecked).toEqual([expect.stringContaining('start the projector')]);
    expect(exitCodeOf(report)).toBe(2);
  });

  test('without a log, verify fails and leaves no build behind', async () => {
    await expect(it.verify(`${it.topic}.none`)).rejects.toMatchObject({ code: 'log-unreachable' });
    expect(await it.builds()).toEqual([it.build]);
  });
});

describe('while the newsroom works', () => {
  test('verify compares the tables at one position, although commits arrive', async () => {
    const log = writing();
    const busy = await Audited.of(log.records);
    let writing_ = true;
    const goingOn = (async () => {
      for (let number = 0; writing_; number++) {
        const before = log.records.length;
        log.register(`actor-${number}`, `Actor ${number}`);
        const more = log.records.slice(before);
        await busy.copy(more);
        await busy.fold(more);
      }
    })();
    try {
      for (let turn = 0; turn < 3; turn++) expect(await busy.verify()).toMatchObject({ equal: true, first: null });
    } finally {
      writing_ = false;
      await goingOn;
      await busy.drop();
    }
  });

  test('an interrupted verify leaves no build behind, and the next one drops builds of killed ones', async () => {
    const interrupted = new AbortController();
    const verifying = it.verify(it.topic, interrupted.signal, () => interrupted.abort());
    await expect(verifying).rejects.toThrow(/abort/i);
    expect(await it.builds()).toEqual([it.build]);
    await it.pool.query(
      `create schema verify_left; insert into dateline.build (name, made) values ('verify_left', 'x')`,
    );
    expect((await it.verify()).equal).toBe(true);
    expect(await it.builds()).toEqual([it.build]);
  });
});

describe('when readers get another build, or more commits, while verify works', () => {
  let log: Writing;
  let room: Audited;
  let reader: ReturnType<typeof kafkaReader>;
  beforeEach(async () => {
    log = writing();
    room = await Audited.of(log.records);
    reader = kafkaReader({ brokers, topic: room.topic });
  });
  afterEach(async () => {
    await reader.close();
    await room.drop();
  });

  // It asks for the log's end before it reads, and again when its build has caught up with the live one.
  const moments = [
    ['before it looks at the tables', 1],
    ['after it has looked at the tables', 2],
  ] as const;
  const verifyWhile = (moment: number, event: () => Promise<void>, more: Partial<VerifyOptions> = {}) => {
    let asked = 0;
    const bounds = async () => {
      const found = await reader.bounds();
      if (++asked === moment) await event();
      return found;
    };
    return room.verify(room.topic, undefined, undefined, { reader: { ...reader, bounds }, ...more });
  };
  const rebuilt = async () => {
    const { pool, keys, databaseUrl } = room;
    const how = { named: [], rate: undefined, keep: false, accept: false, onProgress: () => undefined };
    const it = { pool, keys, databaseUrl, reader, projections, ...how };
    return (await rebuild(it, new AbortController().signal)).to;
  };
  const post = async () => {
    const before = log.records.length;
    log.register('harbourmaster', 'The harbourmaster');
    const more = log.records.slice(before);
    await room.copy(more);
    await room.fold(more);
  };

  test.each(moments)('%s, a changed row of the build that readers read now is found', async (_, moment) => {
    let now: string | undefined;
    const report = await verifyWhile(moment, async () => {
      now = await rebuilt();
      await room.pool.query(`update ${now}.timeline set headline = 'Forged' where development = '${id(7)}'`);
    });
    expect(report).toMatchObject({ equal: false, compared: { build: now, position: 42 } });
    expect(report.first).toMatchObject({ code: 'row-differs', row: { table: 'timeline', live: 'Forged' } });
    expect(exitCodeOf(report)).toBe(1);
  });

  test.each(moments)('%s, commits that only the new build has are no difference', async (_, moment) => {
    let now: string | undefined;
    const report = await verifyWhile(moment, async () => {
      now = await rebuilt();
      await post();
    });
    expect(report).toMatchObject({ equal: true, first: null, compared: { build: now, position: 43 } });
    expect(exitCodeOf(report)).toBe(0);
  });

  test.each(moments)('%s, a build of another version leaves the tables unchecked', async (_, moment) => {
    const other = projections.map(projection => ({ ...projection, version: projection.version + 1 }));
    const report = await verifyWhile(moment, () => room.fold(log.records, other));
    expect(report).toMatchObject({ equal: false, winners: 42, first: null, compared: null });
    expect(report.unchecked).toEqual([expect.stringContaining('Run the verify of the version that made it')]);
    expect(exitCodeOf(report)).toBe(2);
    expect(await room.builds()).toEqual([room.build, buildName(other)].sort());
  });

  const ifRoles = withRoles() ? test : test.skip;
  ifRoles('an auditor, for whom the projector does not wait, reads one position', async () => {
    await closeDatabase(room.databaseUrl);
    await prepareDatabase({ DATABASE_URL: room.databaseUrl });
    const databaseUrl = signedInAs('audit', room.databaseUrl);
    const pool = openPool(databaseUrl, { application: 'audit', max: 4 });
    const keys = openKeyStore({ DATABASE_URL: databaseUrl });
    try {
      const report = await verifyWhile(2, post, { pool, keys, databaseUrl });
      expect(report).toMatchObject({ equal: true, first: null, compared: { position: 43 } });
    } finally {
      await Promise.all([pool.end(), keys.close()]);
    }
  });
});
