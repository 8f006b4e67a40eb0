import { decisions } from '#domain';
import { liveBuild, projections } from '#projections';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { setTimeout as sleep } from 'node:timers/promises';
import { Audited } from '../audited.fixture.js';
import { writing } from '../newsroom.fixture.js';
import { inSharedSnapshot } from './shared-snapshot.js';

let it: Audited;
beforeAll(async () => {
  it = await Audited.of(writing().records);
});
afterAll(() => it?.drop());

describe('a snapshot that a candidate build shares with the live build', () => {
  test('the projector waits until the snapshot is taken, and not while it is read', async () => {
    const [more] = writing().decide(decisions.reopenStory({})).records.slice(-1);
    let folding: Promise<void> | undefined;
    const catchUp = async () => {
      folding = it.fold([more!]);
      await sleep(300);
    };
    const seen = await inSharedSnapshot(it.pool, { live: it.build, next: () => 44, catchUp }, async client => {
      await folding;
      return (await liveBuild(client))!.next_offset;
    });
    expect(seen).toBe(44);
    expect((await liveBuild(it.pool))?.next_offset).toBe(45);
  });

  test('no snapshot is taken while the live build is far ahead', async () => {
    const never = async () => {
      throw new Error('Nothing is to be caught up with.');
    };
    expect(
      await inSharedSnapshot(it.pool, { live: it.build, next: () => -5_000, catchUp: never }, never),
    ).toBeUndefined();
  });

  test('no snapshot is taken of two positions, or of a build that readers left', async () => {
    const { next_offset: at } = (await liveBuild(it.pool))!;
    const still = async () => undefined;
    const taken = (next: number) =>
      inSharedSnapshot(it.pool, { live: it.build, next: () => next, catchUp: still }, async () => true);
    expect([await taken(at), await taken(at - 1)]).toEqual([true, undefined]);
    await it.fold(
      writing().records,
      projections.map(fold => ({ ...fold, version: fold.version + 1 })),
    );
    expect(await taken(at)).toBeUndefined();
  });
});
