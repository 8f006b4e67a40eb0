import { openKeyStore } from '#keys';
import { openPool, type Pool } from '#postgres';
import { buildName, dropBuild, hashBuild, projections } from '#projections';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { setTimeout as sleep } from 'node:timers/promises';
import { TestNewsroom } from '../harness/newsroom.js';
import { statement } from '../harness/statement.js';

const build = buildName(projections);
const words = 'What nobody may read any more';
let newsroom: TestNewsroom;
let pool: Pool;
let development: string;

beforeAll(async () => {
  newsroom = await TestNewsroom.open();
  pool = openPool(newsroom.env.DATABASE_URL!, { application: 'test' });
  const editor = await newsroom.as(['editor']);
  await editor.post('/actors', { id: 'mayor', name: 'The Mayor', kind: 'person' });
  await editor.post('/stories', { id: 'speech', title: 'The speech', zone: 'Europe/Berlin' });
  const { body } = await editor.post('/stories/speech/developments', statement(words));
  development = body.development;
  await newsroom.readAt('/stories/speech/timeline', body.position);
});
afterAll(async () => {
  await pool?.end();
  await newsroom?.close();
});

const secretOf = async () => {
  const keys = openKeyStore({ DATABASE_URL: newsroom.env.DATABASE_URL! });
  const held = await keys.keysOf([development]).finally(() => keys.close());
  return 'secret' in held.get(development)!;
};

/** Every table of the database except the keys', as text. */
async function everything(): Promise<string> {
  const { rows } = await pool.query<{ name: string }>(
    `select format('%I.%I', table_schema, table_name) as name from information_schema.tables
     where table_type = 'BASE TABLE' and table_schema not in ('pg_catalog', 'information_schema', 'dateline_keys')`,
  );
  const texts = rows.map(({ name }) => pool.query(`select string_agg(held::text, ' ') as text from ${name} held`));
  return (await Promise.all(texts)).map(({ rows: [row] }) => row.text ?? '').join(' ');
}

async function proposed(): Promise<string> {
  const editor = await newsroom.as(['editor']);
  const asked = { ground: 'court-order', reason: 'The court says so.' };
  const { body } = await editor.post(`/stories/speech/developments/${development}/propose-takedown`, asked);
  await newsroom.seen(body.position);
  return body.commit;
}

async function approve(proposal: string): Promise<number> {
  const lawyer = await newsroom.as(['legal']);
  const approved = await lawyer.post(`/stories/speech/proposals/${proposal}/approve`);
  expect(approved.status).toBe(201);
  return approved.body.position;
}

test('after a projector is killed between destroying the key and changing the rows, the next one completes it', async () => {
  const proposal = await proposed();
  const client = await pool.connect();
  await client.query(`begin; lock table ${build}.timeline in access exclusive mode`);
  const position = await approve(proposal);
  while (await secretOf()) await sleep(20);
  await newsroom.projector!.signal('SIGKILL');
  await client.query('rollback');
  client.release();
  expect(await everything()).toContain(words);
  // Until the next projector has changed the rows, the past shows what the present does: readers need no key for either.
  for (const moment of ['', `?position=${position - 2}`]) {
    const { status, body } = await newsroom.readers.get(`/stories/speech/timeline${moment}`);
    expect([status, body.entries]).toMatchObject([200, [{ id: development, status: 'active' }]]);
  }
  await newsroom.startProjector();
  const { body } = await newsroom.readAt('/stories/speech/timeline', position);
  expect(body.entries).toMatchObject([{ id: development, status: 'taken-down', takedown: { ground: 'court-order' } }]);
  expect(await everything()).not.toContain(words);
  const live = await hashBuild(pool, build, projections);
  await newsroom.projector!.signal('SIGTERM');
  const dropping = await pool.connect();
  await dropBuild(dropping, build);
  dropping.release();
  await newsroom.startProjector({ BATCH_SIZE: '1' });
  await newsroom.readAt('/stories/speech/timeline', position);
  await newsroom.seen(position);
  expect(await hashBuild(pool, build, projections)).toEqual(live);
});
