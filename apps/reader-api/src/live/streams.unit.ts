import { expect, test } from '@jest/globals';
import type { ReadModels } from '../read-models.js';
import { readerSettings } from '../settings.js';
import type { Deliveries } from '../telemetry/deliveries.js';
import type { LiveClient } from './client.js';
import { LiveStreams } from './streams.js';

/** Streams that count how often they read, and their clients. */
function reading(...ready: boolean[]) {
  const seen = { reads: 0 };
  const models = { read: async () => void seen.reads++ } as unknown as ReadModels;
  const streams = new LiveStreams(
    models,
    {} as Deliveries,
    readerSettings({ DATABASE_URL: 'postgres://localhost/x', PORT: '0' }),
  );
  const clients = ready.map(ready => ({ ready, story: 's', stand: { at: 3, joined: true }, end: () => undefined }));
  for (const client of clients) streams.join(client as unknown as LiveClient);
  const roomFor = (client: (typeof clients)[number]) => {
    client.ready = true;
    streams.roomFor(client as unknown as LiveClient);
  };
  return { seen, streams, clients, roomFor };
}

test.each([
  ['no client has room', [false], false],
  ['one client has no room', [false, true], true],
] as const)('news that comes while %s is read once there is room', async (_, ready, before) => {
  const { seen, streams, clients, roomFor } = reading(...ready);
  streams.wake();
  await new Promise(setImmediate);
  const { reads } = seen;
  expect(reads > 0).toBe(before);
  for (let times = 0; times < 2; times++) {
    roomFor(clients[0]!);
    await new Promise(setImmediate);
    expect(seen.reads).toBe(reads + 1);
  }
  await streams.onModuleDestroy();
});
