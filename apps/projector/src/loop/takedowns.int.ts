import { storyStream, type DomainEvent } from '#domain';
import type { LogRecord } from '#event-log';
import { outlined, seal } from '#keys';
import { buildName, liveBuild, projections } from '#projections';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { until } from '../servers.fixture.js';
import { Newsroom } from './loop.fixture.js';

let newsroom: Newsroom;
let development: string;
beforeEach(async () => {
  newsroom = await Newsroom.open();
  development = randomUUID();
  await newsroom.post(1);
  await newsroom.send(newsroom.next(storyStream('storm'), await said('The hidden words.')));
});
afterEach(() => newsroom.close());

async function said(quote: string): Promise<DomainEvent> {
  const key = await newsroom.keys.keyFor(development);
  const { secret } = key as { secret: Uint8Array };
  const content = {
    kind: 'statement',
    headline: quote,
    data: { speaker: 'mayor', quote },
    occurred: { precision: 'unknown' as const },
    sourcing: { basis: 'official' as const, standing: 'reported' as const },
    modality: { mode: 'asserted' as const },
  };
  const data = { development, outline: outlined(content, secret), told: { content } };
  return seal(storyStream('storm'), [{ type: 'DevelopmentRecorded', data }], new Map([[development, secret]]))[0]!;
}

const takedown = () =>
  newsroom.next(storyStream('storm'), {
    type: 'ContentShredded',
    data: { development, ground: 'safety', proposal: 'a'.repeat(64) },
  });
const takeDown = () => newsroom.send(takedown());
const keyOf = async () => (await newsroom.keys.keysOf([development])).get(development);
const builds = async () => (await newsroom.pool.query('select name from dateline.build order by 1')).rows;

const live = async () => (await liveBuild(newsroom.pool))?.name;
const unsent = async () => (await newsroom.pool.query('select from dateline.visibility where not sent')).rowCount;

describe('the projector after a takedown', () => {
  test('it destroys the key, and destroys it again at a start if a backup brought it back', async () => {
    const first = newsroom.start();
    await newsroom.settled();
    const key = (await keyOf()) as { secret: Uint8Array };
    await takeDown();
    const whole = await newsroom.settled();
    expect(await keyOf()).toHaveProperty('destroyed');
    await first.stop();
    // A backup of the key store restores the key.
    const back = 'update dateline_keys.key set secret = $2, destroyed = null where development = $1';
    await newsroom.pool.query(back, [development, key.secret]);
    const second = newsroom.start();
    await until(async () => 'destroyed' in (await keyOf())!);
    expect(await newsroom.settled()).toEqual(whole);
    await until(async () => second.warnings.length > 0);
    expect(second.warnings).toEqual([expect.stringContaining(development)]);
  });

  test('it drops retired builds as soon as no reader uses them', async () => {
    const running = newsroom.start();
    await newsroom.settled();
    const left = `insert into dateline.build (name, made, promoted_at, kept) values ('old_one', 'old', now(), true)`;
    await newsroom.pool.query(`create schema old_one; create table old_one.timeline (headline text); ${left}`);
    const reading = await newsroom.pool.connect();
    await reading.query('begin; select from old_one.timeline');
    await takeDown();
    await until(async () => 'destroyed' in (await keyOf())!);
    // The loop continues meanwhile.
    await newsroom.post(2);
    await newsroom.settled();
    expect(await builds()).toHaveLength(2);
    await reading.query('rollback');
    reading.release();
    await until(async () => (await builds()).length === 1);
    await until(async () => running.warnings.length > 0);
    expect(running.warnings).toEqual([expect.stringContaining('old_one')]);
  });

  test('once readers are back on its build, it is live and drops the one that they left, without a further commit', async () => {
    const next = projections.map(projection => ({ ...projection, version: projection.version + 1 }));
    const before = newsroom.start({ leftMs: 2_000 });
    await until(async () => (await live()) === buildName(projections));
    const after = newsroom.start({ made: next, leftMs: 2_000 });
    await until(async () => (await live()) === buildName(next));
    await after.stop();
    await takeDown();
    await newsroom.settled();
    await until(async () => (await live()) === buildName(projections));
    await until(() => before.status.progress?.checkpoint.live === true);
    await until(async () => (await builds()).length === 1);
    await until(async () => (await unsent()) === 0);
    expect(before.status.role).toBe('leader');
    const others = before.warnings.filter(text => !text.startsWith('dropped builds'));
    expect(others).toEqual([expect.stringContaining(`readers are back on ${buildName(projections)}`)]);
  });

  test('readers never go back to a build of a version that cannot read the takedown', async () => {
    const next = projections.map(projection => ({ ...projection, version: projection.version + 1 }));
    const order = takedown();
    // To the older version the record is from the future.
    const reads = (record: LogRecord) =>
      record.headers.ce_id === order.headers.ce_id ? { ...record, value: Buffer.from('{}') } : record;
    const before = newsroom.start({ leftMs: 300, reads });
    await until(async () => (await live()) === buildName(projections));
    const after = newsroom.start({ made: next, leftMs: 300 });
    await until(async () => (await live()) === buildName(next));
    await newsroom.send(order);
    await newsroom.settled();
    await newsroom.settled(next);
    // A later takedown, which it can read, changes nothing.
    development = randomUUID();
    await newsroom.send(newsroom.next(storyStream('storm'), await said('More hidden words.')));
    await newsroom.send(takedown());
    await newsroom.settled();
    await newsroom.settled(next);
    await after.stop();
    await until(() => before.warnings.some(text => text.startsWith(`Readers stay on ${buildName(next)}`)));
    await sleep(1_500);
    expect(await live()).toBe(buildName(next));
    expect(before.warnings.filter(text => text.startsWith('Readers stay on'))).toHaveLength(1);
    expect(before.status.role).toBe('leader');
    // Its build still has the words, so it goes once nobody folds it.
    await before.stop();
    newsroom.start({ made: next });
    await until(async () => (await builds()).length === 1);
    expect(await live()).toBe(buildName(next));
  });
});
