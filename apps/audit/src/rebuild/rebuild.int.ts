import { kafkaReader } from '#event-log';
import {
  allBuilds,
  buildName,
  dropLeft,
  dropOutdated,
  liveBuild,
  loadProgress,
  projectorLock,
  projections,
  rebuildLock,
  rewritesOf,
  useBuild,
  type Projection,
} from '#projections';
import { inTransaction, tryLock, type Lock } from '#postgres';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { Audited } from '../audited.fixture.js';
import { id, story, writing } from '../newsroom.fixture.js';
import { drop, keep, returnTo } from './builds.js';
import { rebuild, type RebuildOptions, type Rebuilt } from './rebuild.js';
import { abort } from './unfinished.js';

let it: Audited;
let reader: ReturnType<typeof kafkaReader>;
beforeEach(async () => {
  it = await Audited.of(writing().records);
  reader = kafkaReader({ brokers: process.env.KAFKA_BROKERS!.split(','), topic: it.topic });
});
afterEach(async () => {
  await reader.close();
  await it.drop();
});

const never = new AbortController().signal;
const wish = (more: Partial<RebuildOptions> = {}): RebuildOptions => ({
  pool: it.pool,
  keys: it.keys,
  databaseUrl: it.databaseUrl,
  reader,
  projections,
  named: [],
  rate: undefined,
  keep: false,
  accept: false,
  onProgress: () => undefined,
  ...more,
});
const rebuilt = (more?: Partial<RebuildOptions>): Promise<Rebuilt> => rebuild(wish(more), never);
const headline = async () => {
  const { name } = (await liveBuild(it.pool))!;
  const { rows } = await it.pool.query(`select headline from ${name}.timeline where development = $1`, [id(7)]);
  return rows[0].headline;
};
const forge = () => it.tamper(`update LIVE.timeline set headline = 'Forged' where development = '${id(7)}'`);
const toldPages = async () => {
  const { name } = (await liveBuild(it.pool))!;
  return inTransaction(it.pool, 'read', async client => (await useBuild(client, name), rewritesOf(client, story)));
};
const standing = async () => (await allBuilds(it.pool)).map(({ name }) => name);

describe('rebuild', () => {
  test('readers get a build with equal rows and another name, and no page must load again', async () => {
    const visibilityLog = () => it.pool.query('select first, last, at from dateline.visibility order by last');
    const { rows: before } = await visibilityLog();
    const done = await rebuilt();
    expect(done).toMatchObject({ swapped: true, from: it.build, compared: { first: undefined } });
    expect(await liveBuild(it.pool)).toMatchObject({ name: done.to, made: it.build, next_offset: 44 });
    expect((await visibilityLog()).rows).toEqual(before);
    expect((await toldPages()).times).toBe(0);
    expect((await loadProgress(it.pool, projections)).checkpoint.name).toBe(done.to);
  });

  test('a build with different rows goes live only if that is accepted, and then pages load again', async () => {
    await forge();
    const refused = await rebuilt();
    expect(refused).toMatchObject({ swapped: false, compared: { differing: { timeline: 1 } } });
    expect(refused.compared.first).toMatchObject({ position: 11, row: { table: 'timeline', column: 'headline' } });
    expect(await headline()).toBe('Forged');
    const accepted = await rebuilt({ accept: true });
    expect(accepted).toMatchObject({ swapped: true, to: refused.to, records: 0 });
    expect([await headline(), (await toldPages()).times]).toEqual(['Mayor: No. 7', 1]);
  });

  test('a rebuild of some projections takes over the tables of the others unchanged', async () => {
    await forge();
    expect(await rebuilt({ named: ['actors'] })).toMatchObject({ swapped: true, compared: { first: undefined } });
    expect(await headline()).toBe('Forged');
    expect(await rebuilt({ named: ['timeline'], accept: true })).toMatchObject({
      compared: { differing: { timeline: 1 } },
    });
    expect(await headline()).toBe('Mayor: No. 7');
    expect((await it.verify()).equal).toBe(true);
  });

  test('an unknown projection is refused', async () => {
    await expect(rebuilt({ named: ['weather'] })).rejects.toMatchObject({ code: 'no-such-projection' });
    expect(await standing()).toEqual([it.build]);
  });

  test('an unfinished rebuild of other projections must be aborted first', async () => {
    const stop = new AbortController();
    const onProgress = () => stop.abort();
    await expect(rebuild(wish({ named: ['actors'], onProgress }), stop.signal)).rejects.toThrow();
    await expect(rebuilt()).rejects.toMatchObject({ code: 'unfinished-other' });
    expect(await abort(it.pool, it.databaseUrl)).toHaveLength(1);
    expect(await standing()).toEqual([it.build]);
    expect(await rebuilt()).toMatchObject({ swapped: true });
  });

  test('a rebuild is refused while another version is live', async () => {
    const other: Projection[] = projections.map(projection => ({ ...projection, version: projection.version + 1 }));
    await expect(rebuilt({ projections: other })).rejects.toMatchObject({ code: 'other-version' });
    expect(buildName(other)).not.toBe(it.build);
  });
});

describe('retired builds', () => {
  test('all retired builds are dropped except the latest and those that are kept', async () => {
    const first = await rebuilt();
    const second = await rebuilt({ keep: true });
    expect(second.dropped).toEqual([it.build]);
    const third = await rebuilt();
    expect(third.dropped).toEqual([]);
    expect((await rebuilt()).dropped).toEqual([second.to]);
    expect(await standing()).toContain(first.to);
    await keep(it.pool, third.to);
    await rebuilt();
    expect(await standing()).toContain(third.to);
    expect(await dropLeft(it.pool)).toEqual([]);
  });

  test('a retired build can go live again, after it has caught up', async () => {
    const { to } = await rebuilt();
    await expect(drop(it.pool, to)).rejects.toMatchObject({ code: 'is-live' });
    const { records } = writing().again();
    await it.copy(records.slice(-1));
    await it.fold(records.slice(-1));
    expect(await returnTo(wish(), undefined, never)).toBe(it.build);
    expect(await liveBuild(it.pool)).toMatchObject({ name: it.build, next_offset: 45 });
    await drop(it.pool, to);
    expect(await standing()).toEqual([it.build]);
    // No other build is left.
    expect(await returnTo(wish(), undefined, never)).toBe(it.build);
  });

  test('without a name, a return names this version’s live build; without one it says how to get it', async () => {
    const others: Projection[] = projections.map(projection => ({ ...projection, version: projection.version + 1 }));
    await it.fold(writing().records, others);
    await drop(it.pool, it.build);
    // As while its projector folds the log again, before and after the build is created.
    await expect(returnTo(wish(), undefined, never)).rejects.toMatchObject({ code: 'must-fold' });
    await loadProgress(it.pool, projections);
    await expect(returnTo(wish(), undefined, never)).rejects.toMatchObject({ code: 'must-fold' });
    await it.fold(writing().records);
    expect(await returnTo(wish(), undefined, never)).toBe(it.build);
    expect((await liveBuild(it.pool))?.name).toBe(it.build);
    await expect(returnTo(wish(), buildName(others), never)).rejects.toMatchObject({ code: 'not-yours' });
  });
});

describe('a return while another version is live, and a projector of this one folds beside it', () => {
  const others: Projection[] = projections.map(projection => ({ ...projection, version: projection.version + 1 }));
  let latest: string;
  let leading: Lock;
  beforeEach(async () => {
    latest = (await rebuilt()).to;
    await it.fold(writing().records, others);
    leading = (await tryLock(it.databaseUrl, projectorLock(buildName(projections))))!;
  });
  afterEach(() => leading?.release());

  test('goes to the build that it folds, and is refused for another one', async () => {
    await expect(returnTo(wish(), it.build, never)).rejects.toMatchObject({ code: 'folds-another' });
    expect((await liveBuild(it.pool))?.made).toBe(buildName(others));
    expect(await returnTo(wish(), latest, never)).toBe(latest);
    expect((await liveBuild(it.pool))?.name).toBe(latest);
  });

  test('ends if the lock is lost, and says that readers were not moved', async () => {
    const { records } = writing().again();
    await it.fold(records.slice(-1), others);
    const lose = () =>
      it.pool.query(
        `select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and application_name = $1`,
        [`lock ${rebuildLock}`],
      );
    const onProgress = () => void lose().catch(() => undefined);
    await expect(returnTo(wish({ onProgress }), latest, never)).rejects.toThrow(/Readers were not moved/);
    expect((await liveBuild(it.pool))?.made).toBe(buildName(others));
  });
});

describe('builds after a takedown', () => {
  const takenDown = async () => {
    const { records } = writing().takeDown(id(7));
    await it.copy(records.slice(-2));
    await it.fold(records.slice(-2));
  };

  test('a return drops the builds that hold the words', async () => {
    await rebuilt({ keep: true });
    const { to } = await rebuilt();
    await takenDown();
    expect(await it.everything()).toContain('No. 7');
    expect(await returnTo(wish(), to, never)).toBe(to);
    expect(await standing()).toEqual([to]);
    expect(await it.everything()).not.toContain('No. 7');
  });

  test('retired builds that hold the words are dropped, even those that are kept', async () => {
    await rebuilt({ keep: true });
    await rebuilt();
    const { to } = await rebuilt();
    expect(await standing()).toHaveLength(3);
    await takenDown();
    expect(await it.everything()).toContain('No. 7');
    const { dropped, busy } = await dropOutdated(it.pool);
    expect([dropped, busy]).toEqual([expect.arrayContaining([it.build]), []]);
    expect(await standing()).toEqual([to]);
    expect(await it.everything()).not.toContain('No. 7');
    expect(await it.everything()).toContain('No. 8');
    expect((await it.verify()).equal).toBe(true);
    // Builds that are retired from now on never held these rows.
    await rebuilt({ keep: true });
    expect(await dropOutdated(it.pool)).toEqual({ dropped: [], busy: [] });
    expect(await it.everything()).not.toContain('No. 7');
  });

  test('a build in progress is left alone, and loses the words when it catches up', async () => {
    const stop = new AbortController();
    await expect(rebuild(wish({ onProgress: () => stop.abort() }), stop.signal)).rejects.toThrow();
    await takenDown();
    const lock = await tryLock(it.databaseUrl, rebuildLock);
    const { busy } = await dropOutdated(it.pool);
    await lock!.release();
    expect(busy).toHaveLength(1);
    expect((await rebuilt()).swapped).toBe(true);
    expect(await it.everything()).not.toContain('No. 7');
  });

  test('a rebuild of one projection leaves the words out too', async () => {
    await takenDown();
    expect(await rebuilt({ named: ['timeline'] })).toMatchObject({ swapped: true, compared: { first: undefined } });
    expect(await it.everything()).not.toContain('No. 7');
    expect((await it.verify()).equal).toBe(true);
  });
});
