import { openKeyStore, prepareKeyStore } from '#keys';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { audit } from '../harness/audit.js';
import type { Client } from '../harness/client.js';
import { TestNewsroom } from '../harness/newsroom.js';

const developments = '/stories/storm/developments';
const said = (body: string) => ({ content: { kind: 'update', body } });
let newsroom: TestNewsroom;
let folder: string;
let ann: Client;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'dateline-keys-'));
  newsroom = await TestNewsroom.open({ projector: false });
  ann = await newsroom.as(['editor'], 0, 'ann');
  await ann.post('/stories', { id: 'storm', title: 'Storm', zone: 'UTC' });
});
afterAll(async () => {
  await newsroom?.close();
  await rm(folder, { recursive: true });
});

test('after keys were lost nothing is acknowledged that no reader would get, and once they are found everything goes on', async () => {
  const [, second] = [await ann.post(developments, said('One.')), await ann.post(developments, said('Two.'))];
  const key = second.body.development as string;
  // As after a server that was replaced by a standby which had not got the last moments.
  const KEY_STORE = pathToFileURL(join(folder, 'keys')).href;
  const settings = { KEY_STORE, DATABASE_URL: newsroom.env.DATABASE_URL! };
  await prepareKeyStore(settings);
  const other = openKeyStore(settings);
  await newsroom.onDatabase(async client => {
    const gone = 'delete from dateline_keys.key where development = $1 returning secret';
    const { rows } = await client.query<{ secret: Buffer }>(gone, [key]);
    await other.keyFor(key, rows[0]!.secret);
  });
  await other.close();
  await newsroom.startProjector();
  await newsroom.seen(second.body.position);
  // A key that the store had a second ago counts as there.
  await sleep(1_000);

  const refused = await ann.post(developments, said('Three.'), { key: 'three' });
  expect({ status: refused.status, detail: refused.body.detail }).toEqual({
    status: 503,
    detail: expect.stringContaining(`lacks the key of ${key}`),
  });
  const elsewhere = await ann.post('/stories', { id: 'calm', title: 'Calm', zone: 'UTC' });
  expect(elsewhere.status).toBe(201);

  const listed = await audit(newsroom, 'keys').ended;
  expect(listed).toMatchObject({ code: 1, out: expect.stringContaining(`MISSING: ${key}`) });
  const found = await audit(newsroom, 'keys', '--from', KEY_STORE).ended;
  expect(found).toMatchObject({ code: 0, out: expect.stringContaining('0 keys are missing; 1 were put back') });
  await newsroom.projector!.signal('SIGTERM');
  await newsroom.startProjector();
  const third = await ann.post(developments, said('Three.'), { key: 'three' });
  expect(third.status).toBe(201);
  const { body } = await newsroom.readAt('/stories/storm/timeline', third.body.position);
  expect(body.entries).toHaveLength(3);
});
