import { folded } from '#domain';
import { inTransaction, type Client } from '#postgres';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { ensureBuild, useBuild } from '../../builds/build.js';
import { testDatabase, type TestDatabase } from '../../engine/database.fixture.js';
import { projections } from '../list.js';
import { putRows } from '../../engine/rows.js';
import { actorsCalled, actorsLike, registryState } from './queries.js';
import type { ActorRow } from './projection.js';

let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database?.drop());

const entry = (actor: string, position: number): ActorRow => ({
  actor,
  name: actor,
  kind: 'person',
  aliases: [],
  affiliations: [],
  description: null,
  wikidata: null,
  iso3166: null,
  position,
});

const current = (row: ActorRow) => ({ ...row, valid_from: row.position });
const registry = { key: ['actor'], by: ['actor'] };
/** Puts rows into the registry, each of an actor whom readers know from the first position on. */
async function register(client: Client, rows: readonly ActorRow[]): Promise<void> {
  await putRows(client, 'actor_now', registry, rows.map(current));
  await putRows(
    client,
    'actor_mention_now',
    { key: ['story', 'development', 'actor'] },
    rows.map(({ actor }) => ({ story: 's', development: 'd', actor, position: 1, valid_from: 1 })),
  );
}
const stateAfter = (...rows: ActorRow[]) =>
  inTransaction(database.pool, 'write', async (client: Client) => {
    const { name } = await ensureBuild(client, projections);
    await useBuild(client, name);
    await register(client, rows);
    return registryState(client);
  });

test("the registry's state changes with every entry, even with one that is behind the last position", async () => {
  expect(await stateAfter()).toEqual({ position: 0, sum: 0 });
  const before = await stateAfter(entry('ada', 5), entry('bo', 20));
  expect(before.position).toBe(20);
  const after = await stateAfter(entry('ada', 10));
  expect(after.position).toBe(20);
  expect(after.sum).toBeGreaterThan(before.sum);
});

describe('actors by name', () => {
  const called = (client: Client, ...names: string[]) => actorsCalled(client, names.map(folded));
  const idsOf = (rows: readonly ActorRow[]) => rows.map(({ actor }) => actor).sort();
  const within = <T>(rows: readonly ActorRow[], run: (client: Client) => Promise<T>) =>
    inTransaction(database.pool, 'write', async client => {
      const { name } = await ensureBuild(client, projections);
      await useBuild(client, name);
      await client.query('truncate actor_now');
      await register(client, rows);
      return run(client);
    });
  const named = (actor: string, name: string, ...aliases: string[]) => ({ ...entry(actor, 1), name, aliases });

  test.each([
    ['Ada Vik', 'ADA VIK'],
    ['ΟΔΥΣΣΕΥΣ', 'οδυσσευς'],
    ['İstanbul', 'i̇stanbul'],
    ['Jose\u0301', 'JOSÉ'],
    ['Straße', 'straße'],
    ['ﬁne', 'FINE'],
    ['Ⅳ', 'iv'],
    ['\u2003Ada\u00a0', 'ada'],
    ['ǅungla', 'ǆungla'],
    ['Ꭰ', 'ꭰ'],
  ])("%s is found as %s, as in the domain's comparison", async (name, ref) => {
    expect(folded(ref)).toBe(folded(name));
    await within([named('one', name), named('two', 'x', name), named('three', 'y')], async client => {
      expect(idsOf(await called(client, ref))).toEqual(['one', 'two']);
      expect(idsOf(await called(client, name, 'three'))).toEqual(['one', 'three', 'two']);
    });
  });

  test("actors with any characters in their names are found, as in the domain's comparison", async () => {
    const names = fc.sample(fc.string({ unit: 'grapheme', minLength: 1, maxLength: 8 }), { numRuns: 2_000, seed: 7 });
    const storable = names.filter(name => !/\p{Cc}|\p{Cs}/u.test(name));
    const rows = storable.map((name, n) => named(`a${n}`, name));
    await within(rows, async client => {
      const found = new Set(idsOf(await called(client, ...storable)));
      const counts = Map.groupBy(storable, folded);
      const missing = rows.filter(({ actor, name }) => !found.has(actor) && counts.get(folded(name))!.length <= 50);
      expect(missing.map(({ name }) => [...name].map(each => each.codePointAt(0)!.toString(16)))).toEqual([]);
    });
  });

  test('at most 50 actors are found for each name, and ten with a similar name', async () => {
    const many = Array.from({ length: 60 }, (_, n) => named(`a${String(n).padStart(2, '0')}`, 'Minister Berg'));
    await within([...many, named('zoe', 'Zoe')], async client => {
      expect(idsOf(await called(client, 'minister berg', 'ZOE'))).toEqual([
        ...many.slice(0, 50).map(({ actor }) => actor),
        'zoe',
      ]);
      expect(idsOf(await actorsLike(client, ['berg'], 10))).toEqual(many.slice(0, 10).map(({ actor }) => actor));
      expect(await actorsLike(client, [], 10)).toEqual([]);
      expect(idsOf(await actorsLike(client, ['zo'], 10))).toEqual(['zoe']);
    });
  });
});
