import { expect, test } from '@jest/globals';
import type { ReadModels } from '../read-models.js';
import { readerSettings } from '../settings.js';
import type { Deliveries } from '../telemetry/deliveries.js';
import type { LiveClient } from './client.js';
import { LiveStreams } from './streams.js';

test('news that comes while no client has room is read as soon as one has', async () => {
  let reads = 0;
  const models = { read: async () => void reads++ } as unknown as ReadModels;
  const streams = new LiveStreams(
    models,
    {} as Deliveries,
    readerSettings({ DATABASE_URL: 'postgres://localhost/x', PORT: '0' }),
  );
  const client = { ready: false, story: 's', stand: { at: 3, joined: true }, end: () => undefined };
  const full = client as unknown as LiveClient;
  streams.join(full);
  streams.wake();
  await new Promise(setImmediate);
  expect(reads).toBe(0);
  client.ready = true;
  streams.roomFor(full);
  await new Promise(setImmediate);
  expect(reads).toBe(1);
  streams.roomFor(full);
  await new Promise(setImmediate);
  expect(reads).toBe(1);
  await streams.onModuleDestroy();
});
