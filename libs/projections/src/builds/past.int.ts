import { storyStream, type OpenCommit } from '#domain';
import { emptyLog, type LogRecord } from '#event-log';
import { open } from '#keys';
import { inTransaction, type Client } from '#postgres';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { applyBatch } from '../engine/apply.js';
import { testDatabase, type TestDatabase } from '../engine/database.fixture.js';
import { loadProgress, releaseQuarantined } from '../engine/progress.js';
import { arbitrateAll } from '../engine/settle.js';
import type { MentionRow } from '../folds/actors/mentions.js';
import type { ActorChangeRow, ActorRow } from '../folds/actors/projection.js';
import { tablesOf, type Row } from '../folds/fold.js';
import { begunKeys, type Payload, readableIn, rowsAfter, secrets } from '../folds/given.fixture.js';
import { choices, history, recordsOf } from '../folds/history.fixture.js';
import { projections } from '../folds/list.js';
import { buildName, dropBuild, NoPastRows, useBuild } from './build.js';
import { hashBuild } from './hash.js';
import { pastSchema } from './past.js';

const build = buildName(projections);
const tables = Object.entries(tablesOf(projections)).filter(([, { past }]) => past);

let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database?.drop());
const write = <T>(run: (client: Client) => Promise<T>) => inTransaction(database.pool, 'write', run);
const begin = async () => {
  await database.bringBackKeys();
  await write(client => dropBuild(client, build));
};
beforeEach(begin);

async function apply(log: readonly LogRecord[], sizes: readonly number[]): Promise<void> {
  let progress = await loadProgress(database.pool, projections);
  for (let at = progress.checkpoint.next_offset, turn = 0; at < log.length; turn++)
    progress = await applyBatch(database, projections, progress, log.slice(at, (at += sizes[turn % sizes.length]!)));
}

const views = { readable_actor: 'actor', readable_actor_change: 'position', story: 'story' };

/** The rows that queries of readers find as of a position. */
const rowsAt = (position: number) =>
  inTransaction(database.pool, 'read', async client => {
    await useBuild(client, build, { at: position });
    const found: Record<string, Row[]> = {};
    for (const [table, { key }] of tables)
      found[table] = (await client.query<Row>(`select * from ${table} order by ${key.join(', ')}`)).rows;
    for (const [view, key] of Object.entries(views))
      found[view] = (await client.query<Row>(`select * from ${view} order by ${key}`)).rows;
    return found;
  });

/** The rows that the projections fold from the commits up to a position. */
function foldedTo(commits: readonly OpenCommit[], position: number) {
  const rows = rowsAfter(projections, commits.slice(0, position));
  const found = Object.fromEntries(tables.map(([table, { key }]) => [table, rows[table]!.sort(byKey(key))]));
  const stories = found.story_state!.flatMap(({ story }) => readableIn(found, story as string) ?? []);
  return { ...found, ...readableOf(found as never), story: stories };
}

/** The registry as readers may read it, made from the rows of its tables. */
function readableOf(tables: { actor: ActorRow[]; actor_change: ActorChangeRow[]; actor_mention: MentionRow[] }) {
  const since = (actor: string) =>
    Math.min(...tables.actor_mention.flatMap(row => (row.actor === actor ? [row.position] : [])));
  const isNamed = (actor: string) => since(actor) < Infinity;
  const actors = tables.actor.flatMap(row => {
    const affiliations = row.affiliations.filter(isNamed);
    const position = Math.max(row.position, since(row.actor), ...affiliations.map(since));
    return isNamed(row.actor) ? [{ ...row, affiliations, position }] : [];
  });
  return {
    readable_actor: actors,
    readable_actor_change: tables.actor_change.filter(({ actor, position }) => since(actor) <= position),
  };
}
const byKey = (key: readonly string[]) => (a: Row, b: Row) =>
  key.reduce((sign, column) => sign || compare(a[column] as string, b[column] as string), 0);
const compare = (a: string | number, b: string | number) => (a < b ? -1 : a > b ? 1 : 0);

/** The commits of a log, as opened after the keys of these developments were destroyed. */
function commitsIn(log: readonly LogRecord[], destroyed: ReadonlySet<string> = new Set()): OpenCommit[] {
  const get = (id: string) => (destroyed.has(id) ? { destroyed: 'yes' } : { secret: secrets.get(id) });
  return arbitrateAll({ arbitration: emptyLog }, log).winners.map(({ read }) => {
    const opening = 'commit' in read ? open(read.commit, { get }) : read;
    if (!('commit' in opening)) throw new Error(opening.unreadable);
    return opening.commit;
  });
}

async function expectEveryPosition(commits: readonly OpenCommit[]): Promise<void> {
  for (let position = 1; position <= commits.length; position++)
    expect([position, await rowsAt(position)]).toEqual([position, foldedTo(commits, position)]);
}

// The two stories number their developments alike, and keys are stored by development only.
const ofOneStory = (wished: readonly number[]) =>
  history(wished).filter(({ stream }) => stream !== storyStream('vote'));
const wishes = fc.array(fc.nat({ max: Number.MAX_SAFE_INTEGER }), { minLength: 25, maxLength: 40, size: 'max' });
const batches = fc.array(fc.integer({ min: 1, max: 25 }), { minLength: 1, maxLength: 4 });
const unreadable = Buffer.from('{"by":{"id":"ed"},"events":[{"type":"FromTheFuture","data":{}}]}');
const numRuns = Number(process.env.PAST_RUNS ?? 3);

/** Takes down some of the developments and headers that the story has, each some time after it was recorded. */
function withTakedowns(told: readonly Payload[]): { readonly told: Payload[]; readonly gone: ReadonlySet<string> } {
  const known: ReturnType<typeof begunKeys> = [];
  const gone = new Set<string>();
  const all = told.flatMap((commit, i) => {
    known.push(...begunKeys(commit.events));
    const one = known.filter(({ id }) => !gone.has(id)).at(-1 - (i % 4));
    if (i % 3 || one === undefined) return [commit];
    gone.add(one.id);
    return [commit, { stream: storyStream('storm'), events: [one.gone] }];
  });
  return { told: all, gone };
}

describe('a build, read as of any position', () => {
  test('at every position the build has the rows that a fold up to there gives, for any batches', async () => {
    let former = 0;
    await fc.assert(
      fc.asyncProperty(wishes, batches, async (wished, sizes) => {
        await begin();
        const log = recordsOf(history(wished));
        await apply(log, sizes);
        await expectEveryPosition(commitsIn(log));
        const { rows } = await database.pool.query(`select count(*) from ${build}.timeline_past`);
        former += rows[0].count;
      }),
      // The first history has former rows.
      { numRuns, endOnFailure: true, examples: [[choices(40, 36), [7]]] },
    );
    expect(former).toBeGreaterThan(0);
  });

  test('after takedowns, the build has at every position the rows of a fold without the destroyed keys', async () => {
    let takedowns = 0;
    await fc.assert(
      fc.asyncProperty(wishes, batches, async (wished, sizes) => {
        await begin();
        const { told, gone } = withTakedowns(ofOneStory(wished));
        takedowns += gone.size;
        const log = recordsOf(told);
        await apply(log, sizes);
        await expectEveryPosition(commitsIn(log, gone));
        const live = await hashBuild(database.pool, build, projections);
        await write(client => dropBuild(client, build));
        await apply(log, [Infinity]);
        expect(await hashBuild(database.pool, build, projections)).toEqual(live);
      }),
      { numRuns, endOnFailure: true },
    );
    expect(takedowns).toBeGreaterThan(0);
  });

  test('after a release from quarantine, the build has at every position the rows of a fold up to there', async () => {
    const log = recordsOf(history(Array.from({ length: 60 }, (_, i) => (i + 1) * 987_654_321)));
    const unread = log.findIndex(({ headers }, i) => i > 12 && headers.ce_subject?.startsWith('story:'));
    const { headers, value } = log[unread]!;
    await apply(
      log.map(record => (record.headers.ce_id === headers.ce_id ? { ...record, value: unreadable } : record)),
      [7],
    );
    await database.pool.query(`update ${build}.quarantined set value = $2 where id = $1`, [headers.ce_id, value]);
    const progress = await loadProgress(database.pool, projections);
    expect(progress.quarantined.size).toBe(1);
    await releaseQuarantined(database, projections, progress);
    await expectEveryPosition(commitsIn(log));
  });

  test('reading the past of a build without past rows is refused', async () => {
    await apply(recordsOf([]), [1]);
    await database.pool.query(`drop schema ${pastSchema(build)} cascade`);
    await expect(rowsAt(1)).rejects.toThrow(NoPastRows);
  });

  test('past rows cannot be written', async () => {
    await apply(recordsOf([]), [1]);
    await expect(
      write(async client => {
        await useBuild(client, build, { at: 1 });
        await client.query('delete from timeline');
      }),
    ).rejects.toMatchObject({ code: '25006' });
  });
});

describe('the fork of a version', () => {
  test('at each position, exactly the version that was current then is found', async () => {
    await loadProgress(database.pool, projections);
    const ends = fc.uniqueArray(fc.integer({ min: 1, max: 2 ** 31 - 2 }), { minLength: 2, maxLength: 40 });
    await fc.assert(
      fc.asyncProperty(ends, async positions => {
        const sorted = positions.toSorted((a, b) => a - b);
        await write(async client => {
          await useBuild(client, build);
          await client.query('delete from story_state_past');
          await client.query(
            `insert into story_state_past (story, header, status, opened, unretracted, position, recorded, valid_from, valid_to)
             select 's', 1, 'open', 'o', 0, was, 'r', was, next from unnest($1::integer[], $2::integer[]) ends (was, next)`,
            [sorted.slice(0, -1), sorted.slice(1)],
          );
        });
        for (const [i, position] of sorted.entries()) {
          const [before, then] = [(await rowsAt(position - 1)).story_state, (await rowsAt(position)).story_state];
          expect(before!.map(row => row.position)).toEqual(i === 0 ? [] : [sorted[i - 1]]);
          expect(then!.map(row => row.position)).toEqual(i === sorted.length - 1 ? [] : [position]);
        }
      }),
      { numRuns, endOnFailure: true },
    );
  });
});
