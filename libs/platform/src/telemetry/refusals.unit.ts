import { expect, test } from '@jest/globals';
import { EventEmitter } from 'node:events';
import type { Server } from 'node:http';
import { Registry } from 'prom-client';
import { countRefusedConnections, limits, refusalsIn } from './refusals.js';

test('every limit is counted from 0 on, and a connection that the server drops counts', async () => {
  const registry = new Registry();
  const server = new EventEmitter();
  countRefusedConnections(server as Server, registry);
  expect(refusalsIn(registry)).toBe(refusalsIn(registry));
  server.emit('drop');
  const lines = (await registry.metrics()).split('\n').filter(line => line.startsWith('dateline_refused_total'));
  expect(lines).toEqual(
    limits.map(limit => `dateline_refused_total{limit="${limit}"} ${limit === 'connections' ? 1 : 0}`),
  );
});
