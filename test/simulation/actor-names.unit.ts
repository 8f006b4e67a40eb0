import { KeyStoreError } from '#keys';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { CommandProcessor } from '../../apps/editor-api/src/commands/processor.js';
import { statement } from '../pages/posting.js';
import { DeskApp } from './desk-app.fixture.js';

const api = new DeskApp();
const words = { name: 'Ada Quist', aliases: ['Kvist'], description: 'A witness under protection.', wikidata: 'Q4242' };
const identifying = /Quist|Kvist|protection|Q4242/i;
const entry = { id: 'witness-one', kind: 'person', ...words };

beforeAll(() => api.open());
afterAll(() => api.close());

test('what identifies an actor is sealed in the log, and the desk resolves names and aliases as before', async () => {
  expect((await api.post('/actors', entry)).status).toBe(201);
  expect((await api.get('/actors')).body.actors).toEqual([{ ...entry, affiliations: [] }]);
  const posted = await api.post('/stories/count/developments', { content: statement('kvist', 'She spoke') });
  expect(posted.status).toBe(201);
  const taken = await api.post('/actors', { id: 'other', name: 'Other', kind: 'person', aliases: ['ada quist'] });
  expect([taken.status, taken.body.code]).toEqual([409, 'name-taken']);
  const values = api.log.records.map(({ value }) => Buffer.from(value).toString());
  expect(values.filter(value => value.includes('"ActorRegisteredSealed"'))).toHaveLength(1);
  for (const value of values) expect(value).not.toMatch(identifying);
});

test('an entry that is registered again is already so, and another one is refused', async () => {
  expect((await api.post('/actors', entry)).status).toBe(200);
  const refused = await api.post('/actors', { ...entry, name: 'Ada' });
  expect([refused.status, refused.body.code]).toEqual([409, 'actor-exists']);
});

test('a process that starts without the key store shows ids, refuses what needs names, and goes on when the store is back', async () => {
  let isDown = true;
  const down = () => (isDown ? Promise.reject(new KeyStoreError('keys-unreachable', 'down')) : undefined);
  const keys = {
    keysOf: (ids: Iterable<string>) => down() ?? api.keys.keysOf(ids),
    keyFor: (id: string, secret: Uint8Array) => down() ?? api.keys.keyFor(id, secret),
    close: async () => undefined,
  } as typeof api.keys;
  const desk = new CommandProcessor('urn:test:log', 10_000, api.log.reader(), api.log.appender(), keys);
  void desk.follow();
  await desk.open();
  const { directory } = desk.view();
  expect(await desk.openNames(directory)).toMatchObject({ outcome: 'unavailable', of: 'keys' });
  expect(desk.named(directory)).toBeUndefined();
  expect(desk.names.known(directory).profiles.get('witness-one')).toMatchObject({ name: 'witness-one', aliases: [] });
  isDown = false;
  expect(await desk.openNames(directory)).toBeUndefined();
  expect(desk.named(directory)!.profiles.get('witness-one')).toMatchObject({ name: 'Ada Quist', aliases: ['Kvist'] });
  await desk.close();
});
