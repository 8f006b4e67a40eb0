import { inTransaction, type Client } from '#postgres';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { ensureBuild, useBuild } from '../../builds/build.js';
import { testDatabase, type TestDatabase } from '../../engine/database.fixture.js';
import { projections } from '../list.js';
import { putRows } from '../../engine/rows.js';
import { registryState } from './queries.js';
import type { ActorRow } from './rows.js';

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

const registry = { key: ['actor'], by: ['actor'] };
const stateAfter = (...rows: ActorRow[]) =>
  inTransaction(database.pool, 'write', async (client: Client) => {
    const { name } = await ensureBuild(client, projections);
    await useBuild(client, name);
    await putRows(client, 'actor', registry, rows);
    return registryState(client);
  });

test('the registry’s state moves with every entry, also with one that comes back from quarantine behind the last', async () => {
  expect(await stateAfter()).toEqual({ position: 0, sum: 0 });
  const before = await stateAfter(entry('ada', 5), entry('bo', 20));
  expect(before.position).toBe(20);
  const after = await stateAfter(entry('ada', 10));
  expect(after.position).toBe(20);
  expect(after.sum).toBeGreaterThan(before.sum);
});
