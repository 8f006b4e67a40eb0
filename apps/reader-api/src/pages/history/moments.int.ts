import { inTransaction, type Client } from '#postgres';
import { useBuild, type Reading } from '#projections';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import request from 'supertest';
import { listeningReader, meeting, recorded, TestNewsroom } from '../../newsroom.fixture.js';
import { momentLimit, momentsOf } from './moments.js';

let database: Awaited<ReturnType<typeof TestNewsroom.database>>;
let newsroom: TestNewsroom;
let reader: Awaited<ReturnType<typeof listeningReader>>;
beforeAll(async () => {
  database = await TestNewsroom.database();
  newsroom = await TestNewsroom.on(database.databaseUrl);
  reader = await listeningReader(database.databaseUrl);
  await newsroom.register('ada', 'Ada');
  await newsroom.openStory('talks');
  for (const hour of ['08', '06', '07'])
    await newsroom.post(
      'story:talks',
      recorded(
        randomUUID(),
        meeting(['ada'], { occurred: { from: `2026-01-01T${hour}:00:00Z`, precision: 'minute' } }),
      ),
    );
});
afterAll(async () => {
  await reader?.close();
  await newsroom?.close();
  await database?.drop();
});

const moments = (clock: 'known' | 'visible' | 'happened', limit: number) =>
  inTransaction(newsroom.pool, 'read', async client => {
    await useBuild(client, newsroom.build);
    return momentsOf({ client } as unknown as Reading, 'talks', clock, limit);
  });

// The story has four changes, its opening among them, and three developments.
test.each([
  ['known', 4],
  ['visible', 4],
] as const)(
  'the slider of the clock “%s” has the latest changes, and says if there are earlier ones',
  async (clock, all) => {
    const whole = await moments(clock, all);
    expect(whole.earlier).toBe(false);
    expect(whole.moments).toEqual([...whole.moments].sort());
    const cut = await moments(clock, all - 1);
    expect(cut.earlier).toBe(true);
    expect(cut.moments.at(-1)).toBe(whole.moments.at(-1));
    expect(whole.moments).toEqual(expect.arrayContaining([...cut.moments]));
  },
);

test('the slider of the clock “happened” has the times when the latest developments began, in order', async () => {
  const at = (hour: number) => `2026-01-01T0${hour}:00:00.000Z`;
  expect(await moments('happened', 3)).toEqual({ moments: [at(6), at(7), at(8)], earlier: false });
  expect(await moments('happened', 2)).toEqual({ moments: [at(6), at(7)], earlier: true });
});

const changed = (client: Client, from: number, to: number) =>
  client.query(
    `insert into timeline_change (position, story, recorded, by, acts, entries)
     select 1000 + n, 'talks', to_char(timestamp '2026-01-01' + n * interval '1 second', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'), '{}', '[]', '[]'
     from generate_series($1::int, $2) n`,
    [from, to],
  );

test('the page says that the slider does not reach the earliest changes', async () => {
  const write = (from: number, to: number) =>
    inTransaction(newsroom.pool, 'write', async client => {
      await useBuild(client, newsroom.build);
      await changed(client, from, to);
      await client.query('update dateline.build set position = $1 where live', [1_000 + to]);
    });
  const page = async () => {
    const { text } = await request(reader.url).get('/s/talks/history?clock=known').expect(200);
    return { said: text.includes('This story has too many changes'), length: text.length };
  };
  await write(5, momentLimit);
  expect((await page()).said).toBe(false);
  await write(momentLimit + 1, momentLimit + 1);
  const { said, length } = await page();
  expect(said).toBe(true);
  expect(length).toBeLessThan(400_000);
});
