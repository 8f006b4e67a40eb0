import { storyStream } from '#domain';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { applyBatch } from '../engine/apply.js';
import { testDatabase, type TestDatabase } from '../engine/database.fixture.js';
import { corrected, embargoed, opened, recorded, said, secrets, story, takenDown } from '../folds/given.fixture.js';
import { idOf, recordsOf } from '../folds/history.fixture.js';
import { projections } from '../folds/list.js';
import { loadProgress } from '../engine/progress.js';
import { scrub } from './scrub.js';
import { promote } from './swap.js';
import { inTransaction } from '#postgres';

let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database?.drop());

const stream = storyStream(story);
const ids = Array.from({ length: 20 }, (_, number) => idOf(number));
const canary = (id: string) => `canary${id.slice(-4)}words`;

/** The developments whose text or key is in the database's files; undefined where we cannot read the server's disk. */
async function inFiles(): Promise<string[] | undefined> {
  const { rows } = await database.pool.query<{ folder: string }>(
    `select current_setting('data_directory') || '/base/' || oid as folder from pg_database where datname = current_database()`,
  );
  await database.pool.query('checkpoint');
  try {
    const files = readdirSync(rows[0]!.folder).map(name => join(rows[0]!.folder, name));
    const texts = files.filter(file => statSync(file).isFile()).map(file => readFileSync(file));
    return ids.filter(id => texts.some(text => text.includes(canary(id)) || text.includes(secrets.get(id))));
  } catch {
    return undefined;
  }
}

/** Other tests use the same server. While a transaction runs that began before, in any database, the server keeps deleted rows. */
async function earlierTransactionsEnd(): Promise<void> {
  const { rows } = await database.pool.query<{ now: string }>('select pg_current_xact_id()::text as now');
  const over = 'select pg_snapshot_xmin(pg_current_snapshot()) > $1::xid8 as over';
  while (!(await database.pool.query<{ over: boolean }>(over, [rows[0]!.now])).rows[0]!.over)
    await new Promise(resolve => setTimeout(resolve, 20));
}

test("after scrub, the database's files contain no text or key of a development that was taken down", async () => {
  const records = recordsOf([
    { stream, events: [opened()] },
    ...ids.map((id, n) => ({
      stream,
      events: n % 3 ? [recorded(id, said(canary(id)))] : embargoed(id, said(canary(id))),
    })),
    { stream, events: [corrected(ids[1]!, said(`${canary(ids[1]!)} again`))] },
    ...ids.map(id => ({ stream, events: [takenDown(id)] })),
  ]);
  let progress = await loadProgress(database.pool, projections);
  await inTransaction(database.pool, 'write', client => promote(client, progress.checkpoint.name));
  progress = await loadProgress(database.pool, projections);
  progress = await applyBatch(database, projections, progress, records.slice(0, ids.length + 2));
  await database.pool.query('analyze');
  const found = await inFiles();
  await applyBatch(database, projections, progress, records.slice(ids.length + 2));
  const before = await inFiles();
  await earlierTransactionsEnd();
  const tables = await scrub(database.pool);
  const after = await inFiles();
  expect(tables).toContain('dateline_keys.key');
  for (const table of ['withheld_now', 'withheld_past', 'timeline_past'])
    expect(tables).toContain(`${progress.checkpoint.name}.${table}`);
  if (!after) return console.log('the server’s files are not ours to read here');
  console.log(
    `${found!.length} of ${ids.length} in files when told, ${before!.length} after the takedown, ${after.length} after the tables were rewritten`,
  );
  expect(before!.length).toBeGreaterThan(0);
  expect(after).toEqual([]);
});
