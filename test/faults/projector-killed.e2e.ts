import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { openPool, type Pool } from '#postgres';
import { buildName, dropBuild, hashBuild, projections, type BuildHash } from '#projections';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Client } from '../harness/client.js';
import { TestNewsroom } from '../harness/newsroom.js';
import { statement } from '../harness/statement.js';

const commands = 300;
const build = buildName(projections);

let newsroom: TestNewsroom;
let editor: Client;
let pool: Pool;
let position: number;

beforeAll(async () => {
  newsroom = await TestNewsroom.open({ reader: false });
  editor = await newsroom.as(['editor']);
  pool = openPool(newsroom.env.DATABASE_URL!, { application: 'test' });
  position = await post(commands);
});
afterAll(async () => {
  await pool?.end();
  await newsroom?.close();
});

const note = (number: number) => statement(`Sentence ${number}.`);

/** Posts a story with corrections and retractions; resolves to the log's position. */
async function post(count: number): Promise<number> {
  await editor.post('/actors', { id: 'mayor', name: 'The Mayor', kind: 'person' });
  await editor.post('/stories', { id: 'speech', title: 'The speech', zone: 'Europe/Berlin' });
  let last = 0;
  for (let number = 0; number < count; number++) {
    const { body } = await editor.post('/stories/speech/developments', note(number));
    last = body.position;
    const target = `/stories/speech/developments/${body.development}`;
    if (number % 10 === 3) last = (await editor.post(`${target}/pin`)).body.position;
    if (number % 10 === 5) last = (await editor.post(`${target}/retract`, { reason: 'Misheard.' })).body.position;
    if (number % 10 === 7)
      last = (await editor.post(`${target}/correct`, { ...note(-number), wrong: 'A word.', reason: 'Misheard.' })).body
        .position;
  }
  return last;
}

/** The hash of the tables when the projector has reached the position. */
async function settledHash(): Promise<BuildHash> {
  for (let tries = 0; tries < 600; tries++) {
    const { rows } = await pool.query('select position from dateline.build where name = $1', [build]);
    if (rows[0]?.position >= position) return hashBuild(pool, build, projections);
    await sleep(50);
  }
  throw new Error('The projector did not reach the position in time.');
}

async function fromScratch(batchSize: number): Promise<void> {
  await newsroom.projector!.signal('SIGTERM');
  const client = await pool.connect();
  await dropBuild(client, build);
  client.release();
  await newsroom.startProjector({ BATCH_SIZE: String(batchSize) });
}

/** Folds in small batches, and kills the projector during a transaction that has moved the checkpoint but not committed. */
async function killInMidBatch(batchSize: number, lockAfter: number): Promise<void> {
  const client = await pool.connect();
  try {
    const before = await untilPosition(lockAfter);
    await client.query(`begin; lock table ${build}.timeline_change in access exclusive mode`);
    // However late the lock comes, a batch must still wait for it.
    position = (await editor.post('/stories/speech/developments', note(commands + lockAfter))).body.position;
    const waiting = `select 1 from pg_locks where not granted and relation = '${build}.timeline_change'::regclass`;
    while ((await pool.query(waiting)).rowCount === 0) await sleep(5);
    const { rows } = await pool.query('select position from dateline.build where name = $1', [build]);
    await newsroom.projector!.signal('SIGKILL');
    await client.query('rollback');
    const after = await pool.query('select position from dateline.build where name = $1', [build]);
    expect(after.rows).toEqual(rows);
    expect(rows[0].position).toBeGreaterThanOrEqual(before);
    expect(rows[0].position).toBeLessThan(position);
  } finally {
    client.release();
  }
  await newsroom.startProjector({ BATCH_SIZE: String(batchSize) });
}

async function untilPosition(wanted: number): Promise<number> {
  for (;;) {
    const { rows } = await pool.query('select position from dateline.build where name = $1', [build]);
    if (rows[0]?.position >= wanted) return rows[0].position;
    await sleep(2);
  }
}

test('a projector killed at any moment gives the same tables as an undisturbed one', async () => {
  const undisturbed = await settledHash();
  await fromScratch(2);
  for (let round = 0; round < 5; round++) {
    await sleep(40 * round);
    await newsroom.projector!.signal('SIGKILL');
    await newsroom.startProjector({ BATCH_SIZE: '2' });
  }
  expect(await settledHash()).toEqual(undisturbed);
});

test('a projector killed three times within a batch gives the same tables as an undisturbed one', async () => {
  await fromScratch(3);
  for (const lockAfter of [1, 60, 150]) await killInMidBatch(3, lockAfter);
  const killed = await settledHash();
  await fromScratch(3);
  expect(killed).toEqual(await settledHash());
});

test.each([1, 7, 500])('a replay in batches of %i gives the same tables', async batchSize => {
  const before = await settledHash();
  await fromScratch(batchSize);
  expect(await settledHash()).toEqual(before);
});
