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

  test('keys of a large newsroom are adopted, read, noted and destroyed with at most 1,000 in a statement', async () => {
    const { url, close } = await database();
    const pool = openPool(url, { application: 'test', max: 1 });
    await pool.query(`
      create table noted (keys integer);
      create function note() returns trigger language plpgsql as
        $$ begin insert into noted select count(*) from changed; return null; end $$;
      create trigger note_insert after insert on dateline_keys.key referencing new table as changed
        for each statement execute function note();
      create trigger note_update after update on dateline_keys.key referencing new table as changed
        for each statement execute function note()`);
    const noted = async () => {
      const { rows } = await pool.query<{ keys: number }>(
        'with gone as (delete from noted returning keys) select keys from gone',
      );
      return rows.map(({ keys }) => keys).filter(keys => keys > 0);
    };
    const slices = Array.from({ length: 5 }, () => 1_000);
    const ids = (from: string) => Array.from({ length: 5_000 }, (_, index) => `${from}${index}`);
    const store = openKeyStore({ DATABASE_URL: url });
    await store.adopt(new Map(ids('a').map((id, index) => [id, new Uint8Array(64).fill(index % 256)])));
    expect(await noted()).toEqual(slices);
    expect((await store.keysOf(ids('a'))).size).toBe(5_000);
    await store.noteLost(ids('lost'));
    expect(await noted()).toEqual(slices);
    await store.destroy(ids('a'));
    expect(await noted()).toEqual(slices);
    expect([...(await store.keysOf(ids('a'))).values()].filter(key => 'secret' in key)).toEqual([]);
    await store.close();
    await pool.end();
    await close();
  });

  test('a server without standbys is no risk for keys', async () => {
    expect(await riskOfKeys({ DATABASE_URL: server })).toBeUndefined();
  });
});
