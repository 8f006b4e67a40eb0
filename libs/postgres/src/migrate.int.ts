import { expect, test } from '@jest/globals';
import { readdirSync } from 'node:fs';
import { testDatabase } from './database.fixture.js';
import { migrate } from './migrate.js';

test('migrations run once, even if several processes start together, and do nothing the second time', async () => {
  const database = await testDatabase();
  try {
    await Promise.all([1, 2, 3].map(() => migrate(database.url)));
    const ran = 'select id, name, run_on from dateline.migration order by id';
    const { rows } = await database.run(ran);
    const files = readdirSync('libs/postgres/migrations');
    expect(rows.map(({ name }) => `${name}.sql`)).toEqual(files.sort());
    await database.run(`insert into dateline.build (name, made, live) values ('a', 'a', true), ('b', 'b', false)`);
    await migrate(database.url);
    expect((await database.run(ran)).rows).toEqual(rows);
    await expect(database.run('update dateline.build set live = true')).rejects.toMatchObject({ code: '23505' });
  } finally {
    await database.drop();
  }
});
