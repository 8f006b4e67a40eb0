import { afterAll, describe, expect, test } from '@jest/globals';
import { escapeIdentifier, openPool } from '#postgres';
import { randomUUID } from 'node:crypto';
import { keyStoreContract, type KeysUnderTest } from '../testing/contract.js';
import { openKeyStore, prepareKeyStore, riskOfKeys } from '../store.js';

const server = process.env.DATABASE_URL ?? '';
const admin = openPool(server, { application: 'test', max: 2 });
afterAll(() => admin.end());

async function database(): Promise<KeysUnderTest & { url: string }> {
  const name = `keys_${randomUUID().replaceAll('-', '')}`;
  await admin.query(`create database ${escapeIdentifier(name)}`);
  const url = Object.assign(new URL(server), { pathname: `/${name}` }).href;
  await prepareKeyStore({ DATABASE_URL: url });
  const on = async (sql: string) => {
    const pool = openPool(url, { application: 'test', max: 1 });
    return pool.query(sql).finally(() => pool.end());
  };
  return {
    url,
    open: () => openKeyStore({ DATABASE_URL: url }),
    takeAway: async () => void (await on('drop schema dateline_keys cascade')),
    everything: async () => JSON.stringify((await on('select *, secret::text from dateline_keys.key')).rows),
    close: async () => {
      const sessions = 'select from pg_stat_activity where datname = $1';
      // A pool resolves its end before the server has closed the session.
      while ((await admin.query(sessions, [name])).rowCount) await new Promise(go => setTimeout(go, 5));
      await admin.query(`drop database ${escapeIdentifier(name)}`);
    },
  };
}

describe('a key store in Postgres', () => {
  keyStoreContract(database);

  test('many processes can prepare the store at the same time, and it works afterwards', async () => {
    const { url, close } = await database();
    await Promise.all(Array.from({ length: 4 }, () => prepareKeyStore({ DATABASE_URL: url })));
    const store = openKeyStore({ KEY_STORE: url, DATABASE_URL: server });
    expect(await store.keyFor('x')).toHaveProperty('secret');
    await store.close();
    await close();
  });

  test('a key is durable before it is used, also where the server is set to promise less', async () => {
    const { url, close } = await database();
    const pool = openPool(url, { application: 'test', max: 1 });
    await pool.query(`
      create table promised (how text);
      create function note() returns trigger language plpgsql as
        $$ begin insert into promised select current_setting('synchronous_commit'); return new; end $$;
      create trigger note before insert on dateline_keys.key for each row execute function note()`);
    const name = escapeIdentifier(new URL(url).pathname.slice(1));
    for (const set of ['off', 'remote_write', 'remote_apply']) {
      await admin.query(`alter database ${name} set synchronous_commit = ${set}`);
      const store = openKeyStore({ DATABASE_URL: url });
      await store.keyFor(set);
      await store.close();
    }
    const { rows } = await pool.query('select how from promised');
    expect(rows.map(({ how }) => how)).toEqual(['on', 'on', 'remote_apply']);
    await pool.end();
    await close();
  });

  test('a server without standbys is no risk for keys', async () => {
    expect(await riskOfKeys({ DATABASE_URL: server })).toBeUndefined();
  });
});
