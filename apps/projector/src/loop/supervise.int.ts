import { storyStream } from '#domain';
import { handedOverAtOnce } from '#event-log';
import {
  applyBatch,
  buildName,
  checkpointOf,
  dropBuild,
  dropUnlessLive,
  ensureBuild,
  liveBuild,
  loadProgress,
  projections,
  type Projection,
} from '#projections';
import { inTransaction, type Client } from '#postgres';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { setTimeout as sleep } from 'node:timers/promises';
import { HealthController } from '../health.controller.js';
import type { Running } from '../running.fixture.js';
import { onServer } from '../../../../test/harness/databases.js';
import { until } from '../servers.fixture.js';
import { Newsroom } from './loop.fixture.js';

let newsroom: Newsroom;
beforeAll(async () => {
  newsroom = await Newsroom.open();
  await newsroom.post(25);
});
afterEach(() => newsroom.stop());
afterAll(() => newsroom?.close());

const leads = ({ status }: Running) => status.role === 'leader' && status.progress !== undefined;
const ready = ({ status, reader }: Running) => new HealthController(status, reader).ready();

/** Asserts that the rows equal those of an undisturbed run. */
async function expectUndisturbed(): Promise<void> {
  const found = await newsroom.settled();
  await newsroom.stop();
  await inTransaction(newsroom.pool, 'write', client => dropBuild(client, buildName(projections)));
  newsroom.start({ batchSize: 500 });
  expect(await newsroom.settled()).toEqual(found);
}

describe('two projectors on one database', () => {
  test('one leads, the other takes over when it stops, and each commit takes effect once', async () => {
    const first = newsroom.start();
    await until(() => leads(first));
    const second = newsroom.start();
    await until(() => second.status.role === 'standby');
    await newsroom.post(5);
    await newsroom.settled();
    expect([leads(first), second.status.role]).toEqual([true, 'standby']);
    expect(await ready(second)).toEqual({ status: 'ready', role: 'standby' });
    const { lag, live, role, position } = (await ready(first)) as Record<string, unknown>;
    expect({ lag, live, role, position }).toEqual({ lag: 0, live: true, role: 'leader', position: newsroom.told });

    expect(await first.stop()).toBeUndefined();
    expect(first.status.role).toBe('standby');
    await newsroom.post(5);
    await until(() => leads(second));
    await expectUndisturbed();
  });

  test('after the lock’s connection is lost, exactly one leads', async () => {
    const both = [newsroom.start(), newsroom.start()];
    await until(() => both.some(leads) && both.some(({ status }) => status.role === 'standby'));
    const leader = both.find(leads)!;
    await newsroom.terminate('lock dateline projector%');
    await until(() => leader.status.role === 'standby');
    await newsroom.post(3);
    await until(() => both.some(leads));
    await newsroom.settled();
    expect(both.filter(leads)).toHaveLength(1);
    expect(leader.warnings).toEqual(['the lock was lost: standing by']);
  });
});

describe('a leading projector', () => {
  test('if another process moved the checkpoint, it loads the checkpoint again and continues from there', async () => {
    const leader = newsroom.start();
    await newsroom.settled();
    await until(() => leads(leader));
    const release = await newsroom.holdUp('select from dateline.build for update');
    const progress = await loadProgress(newsroom.pool, projections);
    const { headers, value } = newsroom.next(storyStream('fire'), {
      type: 'StoryOpened',
      data: { title: 'F', zone: 'UTC' },
    });
    const record = { headers, value, key: 'fire' };
    // A process that wrongly considers itself the leader writes first; the real leader waits behind it with the same record.
    const first = applyBatch(newsroom, projections, progress, [{ offset: progress.checkpoint.next_offset, ...record }]);
    await newsroom.waiting(1);
    await newsroom.send(record);
    await newsroom.waiting(2);
    await release();
    await first;
    await newsroom.post(2);
    await newsroom.settled();
    expect(leader.warnings).toEqual([expect.stringMatching(/moved the checkpoint/)]);
    await expectUndisturbed();
  });

  test('if it loses its connection within a batch, it repeats that batch', async () => {
    const leader = newsroom.start();
    await newsroom.settled();
    await until(() => leads(leader));
    const release = await newsroom.holdUp();
    const before = await newsroom.checkpoint();
    await newsroom.post(1);
    await newsroom.waiting(1);
    await newsroom.terminate('projector');
    await until(() => leader.warnings.length > 0);
    expect(await newsroom.checkpoint()).toEqual(before);
    await release();
    await expectUndisturbed();
  });

  test('if the database is away, it retries slowly, and is not ready until the database is back', async () => {
    const leader = newsroom.start();
    await newsroom.settled();
    await until(() => leads(leader));
    const { name: database } = newsroom.database;
    await onServer(`alter database ${database} allow_connections false`);
    await onServer(`select pg_terminate_backend(pid) from pg_stat_activity where datname = '${database}'`);
    await until(() => leader.status.trouble?.includes('not currently accepting') === true);
    const before = leader.warnings.length;
    await sleep(1_500);
    expect(leader.warnings.length - before).toBeLessThanOrEqual(2);
    expect(leader.status).toMatchObject({
      role: 'standby',
      trouble: expect.stringContaining('not currently accepting'),
    });
    await expect(ready(leader)).rejects.toMatchObject({ details: { status: 503, detail: leader.status.trouble } });
    await onServer(`alter database ${database} allow_connections true`);
    await until(() => leads(leader));
    expect(leader.status.trouble).toBeUndefined();
    await newsroom.post(2);
    await newsroom.settled();
    expect(await ready(leader)).toMatchObject({ status: 'ready', lag: 0 });
  });

  test('if a fold fails, it repeats the batch and reports the error', async () => {
    let failures = 2;
    const failing = projections.map(projection => ({
      ...projection,
      fold: (...all: Parameters<typeof projection.fold>) => {
        if (all[1].position > 10 && failures-- > 0) throw new TypeError('a mistake in a fold');
        return projection.fold(...all);
      },
    }));
    await inTransaction(newsroom.pool, 'write', client => dropBuild(client, buildName(projections)));
    const leader = newsroom.start({ made: failing });
    await until(() => leader.status.trouble === 'a mistake in a fold');
    expect((await newsroom.checkpoint()).next_offset).toBe(10);
    await expectUndisturbed();
    expect(leader.warnings).toHaveLength(2);
  });

  test('if it is stopped within a batch, it completes that batch and begins no other', async () => {
    const leader = newsroom.start({ batchSize: 1 });
    await newsroom.settled();
    await until(() => leads(leader));
    const release = await newsroom.holdUp();
    await newsroom.post(5);
    await newsroom.waiting(1);
    const { next_offset } = await newsroom.checkpoint();
    let over = false;
    const ended = leader.stop().then(error => ((over = true), error));
    await sleep(100);
    expect(over).toBe(false);
    await release();
    expect(await ended).toBeUndefined();
    expect((await newsroom.checkpoint()).next_offset).toBe(next_offset + 1);
    newsroom.start();
    await expectUndisturbed();
  });
});

test('a new build goes live only after it has caught up with the log', async () => {
  const next = projections.map(projection => ({ ...projection, version: projection.version + 1 }));
  const [blue, green] = [buildName(projections), buildName(next)];
  const old = newsroom.start();
  await newsroom.settled();
  // An old build without a projector does not define how far a new build must come.
  await old.stop();
  await newsroom.post(20);
  const { next: end } = await old.reader.bounds();
  newsroom.start({ made: next, batchSize: 1 });
  const seen = new Set<string>();
  await until(async () => {
    const { rows } = await newsroom.pool.query('select * from dateline.build order by live desc');
    const [live, other] = rows;
    expect(rows.map(row => row.live).filter(Boolean)).toHaveLength(1);
    seen.add(live.name);
    if (live.name === blue && other?.next_offset > 0) seen.add('blue while green grows');
    if (live.name === green) expect(live.next_offset).toBeGreaterThanOrEqual(end);
    return live.name === green;
  });
  expect(seen).toEqual(new Set([blue, 'blue while green grows', green]));
});

test('readers go back to a build that they left only when no projector folds the other version’s any more', async () => {
  const next = projections.map(projection => ({ ...projection, version: projection.version + 2 }));
  const live = async () =>
    (await newsroom.pool.query<{ name: string }>('select name from dateline.build where live')).rows[0]?.name;
  const [blue, green] = [buildName(projections), buildName(next)];
  const before = newsroom.start({ leftMs: 300 });
  await until(async () => (await live()) === blue);
  const after = newsroom.start({ made: next, leftMs: 300 });
  await until(async () => (await live()) === green);
  // Side by side they do not take turns, also when there is news.
  await newsroom.post(5);
  await sleep(1_500);
  expect([await live(), leads(before), leads(after)]).toEqual([green, true, true]);

  await after.stop();
  await newsroom.post(5);
  await until(async () => (await live()) === blue);
  expect(before.warnings).toContain(`readers are back on ${blue}: no projector folds ${green} any more`);
  await newsroom.settled();
  // And forward again: the other version starts while this one still runs, and is live once this one has ended.
  newsroom.start({ made: next, leftMs: 300 });
  await newsroom.settled(next);
  expect(await live()).toBe(blue);
  await before.stop();
  await until(async () => (await live()) === green);
});

test('a batch holds more records than the reader hands over at once, up to the batch size', async () => {
  await newsroom.post(1_700);
  await inTransaction(newsroom.pool, 'write', client => dropBuild(client, buildName(projections)));
  const sizes: number[] = [];
  let asked = 0;
  const [first, ...others] = projections;
  const counting: Projection = {
    ...first!,
    touches: commit => (asked++, first!.touches(commit)),
    fold: (held, commit) => {
      if (asked > 0) sizes.push(asked);
      asked = 0;
      return first!.fold(held, commit);
    },
  };
  newsroom.start({ made: [counting, ...others], batchSize: 700 });
  await newsroom.settled();
  expect(sizes.reduce((all, size) => all + size, 0)).toBe(newsroom.told);
  expect(Math.max(...sizes)).toBeGreaterThan(handedOverAtOnce);
  expect(Math.max(...sizes)).toBeLessThanOrEqual(700);
});

async function goLive(client: Client, name: string): Promise<void> {
  await client.query('update dateline.build set live = false where live');
  await client.query('update dateline.build set live = true, promoted_at = now() where name = $1', [name]);
}
test('while readers are on another version, a projector goes on with the build of its own that they are moved to', async () => {
  const other = `${buildName(projections)}_other`;
  newsroom.start();
  await newsroom.settled();
  await newsroom.stop();
  await inTransaction(newsroom.pool, 'write', async client => {
    await ensureBuild(client, projections, other);
    await client.query(`insert into dateline.build (name, made) values ('newer', 'newer')`);
    await goLive(client, 'newer');
  });
  const projector = newsroom.start();
  await until(() => leads(projector));
  await inTransaction(newsroom.pool, 'write', client => goLive(client, other));
  await newsroom.post(2);
  await until(async () => (await checkpointOf(newsroom.pool, other))!.position === newsroom.told);
});

describe('a build that somebody dropped', () => {
  const others = projections.map(projection => ({ ...projection, version: projection.version + 1 }));
  const [own, other] = [buildName(projections), buildName(others)];
  let apart: Newsroom;
  beforeEach(async () => {
    apart = await Newsroom.open();
    await apart.post(5);
    apart.start({ leftMs: 300 });
    await apart.settled();
    await until(isOn(own));
  });
  afterEach(() => apart?.close());
  const isOn = (build: string) => async () => (await liveBuild(apart.pool))?.name === build;

  test('begins again, and takes readers back only once nobody folds the other version’s', async () => {
    const after = apart.start({ made: others, leftMs: 300 });
    await until(isOn(other));
    // As a takedown does while the older version's projector is without its lock for a moment.
    expect(await inTransaction(apart.pool, 'write', client => dropUnlessLive(client, own))).toBe(true);
    await apart.post(2);
    await apart.settled();
    await sleep(1_500);
    expect(await isOn(other)()).toBe(true);
    await after.stop();
    await until(isOn(own));
  });

  test('does not keep readers from going back to the one that replaced it, also where there is no news', async () => {
    const rebuilt = `${own}_rebuilt`;
    await inTransaction(apart.pool, 'write', async client => {
      await ensureBuild(client, projections, rebuilt);
      const as =
        '(log, position, next_offset, last_record) = (own.log, own.position, own.next_offset, own.last_record)';
      const sql = `update dateline.build set ${as} from dateline.build own where build.name = $1 and own.name = $2`;
      await client.query(sql, [rebuilt, own]);
      await goLive(client, rebuilt);
      await dropUnlessLive(client, own);
    });
    const after = apart.start({ made: others, leftMs: 300 });
    await until(isOn(other));
    await after.stop();
    await until(isOn(rebuilt));
  });
});
