import { kafkaReader } from '#event-log';
import { openKeyStore, prepareKeyStore, type KeyStore } from '#keys';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { brokers } from '../append.fixture.js';
import { Audited } from '../audited.fixture.js';
import { id, secrets, story, writing } from '../newsroom.fixture.js';
import { replaceKeys } from './keys.js';

const { records } = writing();
let it: Audited;
let folder: string;
let other: KeyStore;
beforeAll(async () => {
  it = await Audited.of(records, []);
  folder = await mkdtemp(join(tmpdir(), 'dateline-keys-'));
  const settings = { KEY_STORE: pathToFileURL(join(folder, 'keys')).href, DATABASE_URL: it.databaseUrl };
  await prepareKeyStore(settings);
  other = openKeyStore(settings);
  await it.pool.query('delete from dateline_keys.key where development = any($1)', [[id(28), id(29), id(30)]]);
});
afterAll(async () => {
  await Promise.all([it?.drop(), other?.close()]);
  await rm(folder, { recursive: true, force: true });
});

async function replaced(lost: string[] = [], from?: KeyStore) {
  const reader = kafkaReader({ brokers, topic: it.topic });
  const { next: end } = await reader.bounds();
  const search = { reader, end, store: it.keys, from, lost: new Set(lost), onProgress: () => undefined };
  return replaceKeys(search, new AbortController().signal).finally(() => reader.close());
}
const keys = async () => (await replaced()).missing.map(({ key }) => key);

test('it names the keys that are missing, with the first commit of each', async () => {
  const { missing, ...done } = await replaced();
  expect(done).toEqual({ found: 0, givenUp: 0 });
  expect(missing.map(({ key }) => key)).toEqual([id(28), id(29), id(30)]);
  for (const { stream, position } of missing)
    expect({ stream, position }).toEqual({ stream: `story:${story}`, position: expect.any(Number) });
});

test('a key of another store that does not open the words is refused, and nothing changes', async () => {
  await other.keyFor(id(29), secrets.get(id(1)));
  await expect(replaced([], other)).rejects.toMatchObject({ code: 'sealed-unreadable' });
  expect(await keys()).toHaveLength(3);
  await rm(join(folder, 'keys'), { recursive: true });
  await prepareKeyStore({ KEY_STORE: pathToFileURL(join(folder, 'keys')).href, DATABASE_URL: it.databaseUrl });
});

test('keys that another store has are put back, and what a person gives up is noted as lost', async () => {
  await other.keyFor(id(28), secrets.get(id(28)));
  expect(await replaced([id(28), id(29)], other)).toMatchObject({ found: 1, givenUp: 1 });
  const held = await it.keys.keysOf([id(28), id(29)]);
  expect(held.get(id(28))).toEqual({ secret: secrets.get(id(28)) });
  expect(held.get(id(29))).toEqual({ destroyed: expect.any(String) });
  expect(await keys()).toEqual([id(30)]);
});
