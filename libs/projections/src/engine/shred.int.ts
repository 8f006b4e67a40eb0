import { actorOf, actorStream, storyStream, type OpenEvent } from '#domain';
import type { LogRecord } from '#event-log';
import type { KeyStore } from '#keys';
import { inTransaction, type Client, type Pool } from '#postgres';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { applyBatch, type Stores } from './apply.js';
import { buildName, dropBuild, useBuild } from '../builds/build.js';
import { heardWhile, testDatabase, type TestDatabase } from './database.fixture.js';
import { tablesOf, type Projection } from '../folds/fold.js';
import {
  amended,
  begunKeys,
  embargoed,
  opened,
  onCondition,
  openedSealed,
  recorded,
  retracted,
  said,
  story,
  takenDown,
  takenDownActor,
  takenDownText,
  type Payload,
} from '../folds/given.fixture.js';
import { storedIn } from '../builds/past.js';
import { hashBuild, type BuildHash } from '../builds/hash.js';
import { choices, history, idOf, recordsOf } from '../folds/history.fixture.js';
import { projections } from '../folds/list.js';
import { oneStory } from '../folds/stories/queries.js';
import { allTakenDown } from '../queries/takedowns.js';
import { loadProgress, releaseQuarantined, takenDownUnfolded } from './progress.js';
import { rewritesOf } from '../builds/rewritten.js';
import { promote } from '../builds/swap.js';

const build = buildName(projections);
const shredded = (development: string, stream = storyStream(story)): Payload => ({
  stream,
  events: [takenDown(development)],
});

let database: TestDatabase;
let pool: Pool;
beforeAll(async () => {
  database = await testDatabase();
  pool = database.pool;
});
afterAll(() => database?.drop());
const inBuild = <T>(run: (client: Client) => Promise<T>) =>
  inTransaction(pool, 'write', async client => {
    await useBuild(client, build);
    return run(client);
  });
const inPast = <T>(at: number, run: (client: Client) => Promise<T>) =>
  inTransaction(pool, 'read', async client => {
    await useBuild(client, build, { at });
    return run(client);
  });
beforeEach(async () => {
  await database.bringBackKeys();
  await inBuild(client => dropBuild(client, build));
});

async function apply(log: readonly LogRecord[], sizes: readonly number[], stores: Stores = database): Promise<void> {
  let progress = await loadProgress(pool, projections);
  for (let at = progress.checkpoint.next_offset, turn = 0; at < log.length; turn++)
    progress = await applyBatch(stores, projections, progress, log.slice(at, (at += sizes[turn % sizes.length]!)));
}

/** Folds the log as a process that starts long after the keys were destroyed. */
async function afterwards(log: readonly LogRecord[]): Promise<BuildHash> {
  await inBuild(client => dropBuild(client, build));
  await apply(log, [Infinity]);
  return hashBuild(pool, build, projections);
}

/** The developments and texts whose keys a start of the projector destroys again. */
async function listed(): Promise<string[]> {
  const { checkpoint } = await loadProgress(pool, projections);
  return inBuild(async client => [
    ...(await allTakenDown(client, checkpoint.shredded)),
    ...(await takenDownUnfolded(client)),
  ]);
}

let takenDownEntries = 0;
/** A history in which every third commit is followed by the takedown of a development, or of a header, that its story had at that point. */
function withTakedowns(payloads: readonly Payload[]): Payload[] {
  const known = new Map<string, ReturnType<typeof begunKeys>>();
  const over = new Set<string>();
  const entries = new Map<string, string[]>();
  return payloads.flatMap((commit, i) => {
    const { stream, events } = commit;
    if (actorOf({ stream })) {
      const versions = events.flatMap(({ data }) => ('told' in data && 'text' in data ? [data.text] : []));
      const held = [...(entries.get(stream) ?? []), ...versions];
      // Every third takedown that is possible.
      const isDue = held.length > 0 && takenDownEntries++ % 3 === 2;
      entries.set(stream, isDue ? [] : held);
      return isDue ? [commit, { stream, events: [takenDownActor(held)] }] : [commit];
    }
    const all = [...(known.get(stream) ?? []), ...begunKeys(events)];
    known.set(stream, all);
    const one = all.filter(({ id }) => !over.has(id)).at(-1 - (i % 4));
    if (i % 3 || one === undefined) return [commit];
    over.add(one.id);
    return [commit, { stream, events: [one.gone] }];
  });
}

// Both stories use the same development ids; keep one, as keys are stored by development only.
const payloads = withTakedowns(history(choices(900, 11)).filter(({ stream }) => stream !== storyStream('vote')));
const records = recordsOf(payloads);
const takedowns = payloads.filter(({ events }) => events.some(({ type }) => type === 'ContentShredded')).length;

const texts = async () => {
  const tables = Object.keys(tablesOf(projections));
  const rows = await Promise.all(tables.map(table => inBuild(client => client.query(`select * from ${table}`))));
  return JSON.stringify(rows.map(({ rows }) => rows));
};

/** All rows, former ones too. */
const inEveryTable = async () => {
  const relations = Object.values(storedIn(tablesOf(projections))).map(({ relation }) => relation);
  const rows = await Promise.all(relations.map(each => inBuild(client => client.query(`select * from ${each}`))));
  return JSON.stringify(rows.map(({ rows }) => rows));
};

describe('the takedown of a development', () => {
  test.each([1, 7, 500])(
    'in batches of %i, a takedown leaves the same rows as a replay without the key',
    async size => {
      expect(takedowns).toBeGreaterThan(10);
      expect(takenDownEntries).toBeGreaterThan(10);
      await apply(records, [size]);
      const live = await hashBuild(pool, build, projections);
      expect(await afterwards(records)).toEqual(live);
      // And in one batch, with keys.
      await database.bringBackKeys();
      expect(await afterwards(records)).toEqual(live);
    },
  );

  test('the takedown of a development, a header or a key point writes as few rows in a long story as in a short one', async () => {
    const [header, point, secret] = [1_801, 1_802, 1_803].map(idOf) as [string, string, string];
    const told = { words: 'It blows.' };
    const begun: Payload[] = [
      [openedSealed(header, 'The storm', 'It blows.')],
      [{ type: 'KeyPointWritten', data: { text: point, told } } as const],
      [recorded(secret, said('A secret.', onCondition('sea-calms', 'the sea calms')))],
    ].map(events => ({ stream: storyStream(story), events }));
    const written = async (more: number) => {
      await inBuild(client => dropBuild(client, build));
      await database.bringBackKeys();
      const later = Array.from({ length: more }, (_, i) => ({
        stream: storyStream(story),
        events: [recorded(idOf(i), said(`No. ${i}`, onCondition('rain', 'it rains')))],
      }));
      const gone = [takenDown(secret), takenDownText(header), takenDownText(point)].map(event => ({
        stream: storyStream(story),
        events: [event],
      }));
      const log = recordsOf([...begun, ...later, ...gone]);
      await apply(log.slice(0, -3), [Infinity]);
      const { rows } = await pool.query<{ next: string }>('select pg_snapshot_xmax(pg_current_snapshot()) as next');
      await apply(log, [1]);
      const relations = Object.values(storedIn(tablesOf(projections))).map(({ relation }) => relation);
      const sql = relations
        .map(each => `select count(*) from ${each} where xmin::text::bigint >= $1`)
        .join(' union all ');
      const counted = await inBuild(client =>
        client.query<{ sum: number }>(`select sum(count)::integer from (${sql}) each`, [rows[0]!.next]),
      );
      return counted.rows[0]!.sum;
    };
    expect(await written(300)).toBe(await written(3));
  });

  test.each<[string, number[]]>([
    ['never opened', []],
    ['opened after it', [1]],
    ['opened before its retraction alone', [1, 2]],
  ])('the takedown of a development in a story that was %s leaves the same rows as a replay', async (_, later) => {
    const secret = idOf(1_810);
    const steps = [opened(), retracted(secret)].filter((__, n) => later.includes(n + 1));
    const log = recordsOf(
      [recorded(secret), ...steps, takenDown(secret)].map(event => ({ stream: storyStream(story), events: [event] })),
    );
    await apply(log, [1]);
    const live = await hashBuild(pool, build, projections);
    expect(await afterwards(log)).toEqual(live);
  });

  test('for any batches, even if each starts from the stored state, a takedown leaves the same rows', async () => {
    const few = records.slice(0, 80);
    await apply(few, [Infinity]);
    const whole = await afterwards(few);
    const sizes = fc.array(fc.integer({ min: 1, max: 30 }), { minLength: 1, maxLength: 5 });
    await fc.assert(
      fc.asyncProperty(sizes, async splits => {
        await database.bringBackKeys();
        await inBuild(client => dropBuild(client, build));
        for (let end = 0, turn = 0; end < few.length; turn++)
          await apply(few.slice(0, (end += splits[turn % splits.length]!)), [Infinity]);
        expect(await hashBuild(pool, build, projections)).toEqual(whole);
      }),
      { numRuns: 6 },
    );
  });

  const [secret, other, hidden] = [0, 1, 2].map(idOf) as [string, string, string];
  const short = recordsOf([
    { stream: storyStream(story), events: [opened()] },
    { stream: storyStream(story), events: [recorded(secret, said('The hidden words.'))] },
    { stream: storyStream(story), events: [recorded(other)] },
    { stream: storyStream(story), events: embargoed(hidden, said('Words under embargo.')) },
    {
      stream: storyStream(story),
      events: [{ type: 'DevelopmentPinned', data: { development: secret } }] as OpenEvent[],
    },
    shredded(secret),
    shredded(hidden),
  ]);

  test('a takedown removes the text from every table, and its row has the ground and time', async () => {
    await apply(short.slice(0, 5), [500]);
    expect(await texts()).toMatch(/hidden words.*Words under embargo/s);
    await apply(short, [500]);
    expect(await texts()).not.toMatch(/hidden words|Words under embargo/);
    const takedown = { ground: 'legal', position: 7, recorded: expect.any(String) };
    const { rows } = await inBuild(client => client.query('select * from timeline order by position'));
    expect(rows).toMatchObject([
      { development: secret, status: 'taken-down', headline: null, changed: 7, takedown },
      { development: other, status: 'active', takedown: null },
    ]);
    const withheld = await inBuild(client => client.query('select * from withheld'));
    expect(withheld.rows).toMatchObject([{ development: hidden, content: null, takedown: { position: 8 } }]);
    const { rows: stories } = await inBuild(client => client.query('select * from story'));
    expect(stories).toMatchObject([{ developments: 1, pinned: null }]);
  });

  test('the key is destroyed before any row shows the takedown', async () => {
    await apply(short.slice(0, 5), [500]);
    const seen: unknown[] = [];
    const destroy: KeyStore['destroy'] = async ids => {
      await database.keys.destroy(ids);
      seen.push(await texts());
    };
    await apply(short, [1], { pool, keys: { ...database.keys, destroy } });
    expect(seen).toEqual([expect.stringContaining('hidden words'), expect.stringContaining('under embargo')]);
    expect((await database.keys.keysOf([secret, other, hidden])).get(secret)).toHaveProperty('destroyed');
    expect((await database.keys.keysOf([other])).get(other)).toHaveProperty('secret');
  });

  test('a takedown whose process was killed after the key was destroyed is completed by the next process', async () => {
    await apply(short.slice(0, 5), [500]);
    const killed = database.open();
    const destroy: KeyStore['destroy'] = async ids => {
      await database.keys.destroy(ids);
      await pool.query(`select pg_terminate_backend(pid) from pg_stat_activity
        where datname = current_database() and state = 'idle in transaction'`);
    };
    await expect(apply(short, [500], { pool: killed, keys: { ...database.keys, destroy } })).rejects.toThrow();
    expect(await texts()).toContain('hidden words');
    await apply(short, [500]);
    expect(await texts()).not.toContain('hidden words');
    const live = await hashBuild(pool, build, projections);
    expect(await afterwards(short)).toEqual(live);
  });

  test('a takedown whose key cannot be destroyed fails and changes no row', async () => {
    await apply(short.slice(0, 5), [500]);
    const before = await hashBuild(pool, build, projections);
    const destroy = async () => Promise.reject(new Error('away'));
    await expect(apply(short, [500], { pool, keys: { ...database.keys, destroy } })).rejects.toThrow('away');
    expect(await hashBuild(pool, build, projections)).toEqual(before);
  });

  test('a takedown in a quarantined story removes the text at once, without waiting for an upgrade', async () => {
    const value = Buffer.from('{"by":{"id":"ed"},"events":[{"type":"FromTheFuture","data":{}}]}');
    const log = short.map(record => (record.offset === short.length - 4 ? { ...record, value } : record));
    await apply(log.slice(0, 5), [500]);
    await apply(log, [1]);
    expect((await loadProgress(pool, projections)).quarantined.size).toBe(1);
    expect(await texts()).not.toContain('hidden words');
    const [row] = (await inBuild(client => client.query('select * from timeline order by position'))).rows;
    expect(row).toMatchObject({ development: secret, status: 'taken-down', takedown: null });
    // A key that comes back from a backup is destroyed again meanwhile.
    expect(await listed()).toEqual([secret, hidden]);
    // The upgrade.
    const { headers } = log.at(-4)!;
    await inBuild(client =>
      client.query('update quarantined set value = $2 where id = $1', [headers.ce_id, short.at(-4)!.value]),
    );
    await releaseQuarantined(database, projections, await loadProgress(pool, projections));
    const released = await hashBuild(pool, build, projections);
    expect(await afterwards(short)).toEqual(released);
  });

  test('the takedown of a header leaves its words in no table at any position, and the other headers as they were', async () => {
    const texts = [3, 4, 5].map(idOf) as [string, string, string];
    const told = { title: 'A slanderous title', reason: 'A slanderous reason', summary: 'A slanderous line' };
    const log = recordsOf([
      { stream: storyStream(story), events: [openedSealed(texts[0], 'The storm', 'It blows.')] },
      { stream: storyStream(story), events: [amended(texts[1], '', { told })] },
      { stream: storyStream(story), events: [amended(texts[2], 'The flood')] },
      { stream: storyStream(story), events: [takenDownText(texts[1])] },
    ]);
    await apply(log.slice(0, 4), [1]);
    expect(await inEveryTable()).toContain('slanderous');
    await apply(log, [1]);
    expect(await inEveryTable()).not.toContain('slanderous');
    const live = await hashBuild(pool, build, projections);
    expect(await afterwards(log)).toEqual(live);
    const { rows } = await inBuild(client => client.query('select * from story_header order by position'));
    const takedown = { ground: 'legal', position: 5, recorded: expect.any(String) };
    expect(rows).toMatchObject([
      { text: texts[0], title: 'The storm', summary: 'It blows.', takedown: null },
      { text: texts[1], title: null, summary: null, reason: null, takedown },
      { text: texts[2], title: 'The flood', reason: 'It went on.', takedown: null },
    ]);
    for (const [at, title] of [
      [2, 'The storm'],
      [3, null],
      [4, 'The flood'],
    ] as const)
      expect(await inPast(at, client => oneStory(client, story))).toMatchObject({ title });
    expect((await database.keys.keysOf([texts[1]])).get(texts[1])).toHaveProperty('destroyed');
  });

  test('the takedown of an actor’s entry leaves its names in no table at any position; a later version is readable', async () => {
    const [first, second, third] = [1_901, 1_902, 1_903].map(idOf) as [string, string, string];
    const settings = { kind: 'person' as const, affiliations: [] };
    const words = {
      name: 'Slandered Name',
      aliases: ['Slandered Alias'],
      description: 'Slandered.',
      wikidata: 'Q4711',
    };
    const of = actorStream('finch');
    const log = recordsOf([
      { stream: storyStream('aviary'), events: [opened()] },
      // An earlier version of the product wrote the first entry in the clear.
      { stream: of, events: [{ type: 'ActorRegistered', data: { ...words, ...settings } }] },
      { stream: of, events: [{ type: 'ActorAmendedSealed', data: { text: first, told: words, ...settings } }] },
      {
        stream: of,
        events: [{ type: 'ActorAmendedSealed', data: { text: second, told: { ...words, aliases: [] }, ...settings } }],
      },
      {
        stream: storyStream('aviary'),
        events: [recorded(idOf(0), said('It sings.', { data: { speaker: 'finch', quote: 'It sings.' } }))],
      },
      { stream: of, events: [takenDownActor([first, second])] },
      {
        stream: of,
        events: [
          { type: 'ActorAmendedSealed', data: { text: third, told: { name: 'Finch', aliases: [] }, ...settings } },
        ],
      },
    ]);
    // The log itself has the first entry.
    const clear = /\{"data":\{[^{}]*"name":"Slandered Name"[^{}]*\},"type":"ActorRegistered"\}/;
    const rows = async () => (await inEveryTable()).replaceAll('\\"', '"').replace(clear, '');
    await apply(log.slice(0, 6), [1]);
    await inBuild(client => promote(client, build));
    expect(await rows()).toMatch(/Slandered Name.*Slandered Alias/s);
    await apply(log, [1]);
    expect(await rows()).not.toMatch(/Slandered|Q4711/);
    expect((await inBuild(client => rewritesOf(client, 'aviary'))).times).toBe(1);
    const { rows: versions } = await inBuild(client =>
      client.query('select name, valid_from from actor_versions order by valid_from'),
    );
    expect(versions).toEqual([3, 4, 5, 7, 8].map(at => ({ name: at === 8 ? 'Finch' : '', valid_from: at })));
    const keys = await database.keys.keysOf([first, second, third]);
    expect([first, second].map(id => keys.get(id))).toEqual(Array(2).fill({ destroyed: expect.any(String) }));
    expect(keys.get(third)).toHaveProperty('secret');
    expect(await listed()).toEqual([first, second]);
    const live = await hashBuild(pool, build, projections);
    expect(await afterwards(log)).toEqual(live);
  });

  test('every taken-down development and text is listed, for a start to destroy its key again', async () => {
    const [header, point, settled, closed, again] = [1_921, 1_922, 1_923, 1_924, 1_925].map(idOf) as [
      ...[string, string, string, string, string],
    ];
    const told = { reason: 'A slanderous reason' };
    const steps: OpenEvent[][] = [
      [openedSealed(header, 'The storm')],
      [recorded(secret, said('The hidden words.', onCondition('rain', 'it rains')))],
      embargoed(hidden),
      [{ type: 'KeyPointWritten', data: { text: point, told: { words: 'It blows.' } } }],
      [{ type: 'ConditionSettledSealed', data: { text: settled, condition: 'rain', fate: 'met', told } }],
      [{ type: 'StoryClosedSealed', data: { text: closed, ended: '2026-01-01T00:00:00.000Z', told } }],
      [{ type: 'StoryReopenedSealed', data: { text: again, told } }],
      [amended(idOf(1_926), 'The flood')],
    ];
    const texts = [header, point, settled, closed, again];
    const gone = [...[secret, hidden].map(takenDown), ...texts.map(takenDownText)].map(event => [event]);
    const log = recordsOf([...steps, ...gone].map(events => ({ stream: storyStream(story), events })));
    await apply(log.slice(0, steps.length), [500]);
    expect(await listed()).toEqual([]);
    await apply(log, [500]);
    expect(await listed()).toEqual([secret, hidden, ...texts]);
  });

  test('a takedown of visible text counts as one rewrite and sends one notification', async () => {
    await apply(short.slice(0, 5), [500]);
    await inBuild(client => promote(client, build));
    const times = async () => (await inBuild(client => rewritesOf(client, story))).times;
    const heard = await heardWhile(pool, () => apply(short.slice(0, 7), [500]));
    expect([heard, await times()]).toEqual([[{ build, position: 7 }], 1]);
    // Readers never saw it, so they are not notified.
    await apply(short, [500]);
    expect(await times()).toBe(1);
  });

  test('a replay folds each commit once, as text that was never in a row need not be removed', async () => {
    await apply(short, [500]);
    await inBuild(client => dropBuild(client, build));
    const folded: number[] = [];
    const counting = projections.map((projection): Projection => {
      if (projection.name !== 'stories') return projection;
      return { ...projection, fold: (held, commit) => (folded.push(commit.position), projection.fold(held, commit)) };
    });
    const progress = await loadProgress(pool, projections);
    await applyBatch(database, counting, progress, short);
    expect(folded).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
  });

  test('a build that goes live beyond a takedown makes all open pages load again, and one that was not beyond it does not', async () => {
    const next = projections.map(projection => ({ ...projection, version: projection.version + 1 }));
    const times = async () => (await inBuild(client => rewritesOf(client, 'elsewhere'))).times;
    const become = (name: string) => inTransaction(pool, 'write', client => promote(client, name));
    await apply(short.slice(0, 5), [500]);
    await become(build);
    const before = await times();
    await applyBatch(database, next, await loadProgress(pool, next), short);
    await become(buildName(next));
    expect(await times()).toBe(before + 1);
    await apply(short, [500]);
    await become(build);
    expect(await times()).toBe(before + 1);
    await inTransaction(pool, 'write', client => dropBuild(client, buildName(next)));
  });
});
