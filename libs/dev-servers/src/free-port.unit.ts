import { expect, test } from '@jest/globals';
import { createServer, type AddressInfo } from 'node:net';
import { once } from 'node:events';
import { freePort } from './free-port.js';

test('a free port is none that the system gives away by chance, and no two are the same', async () => {
  const ports = await Promise.all(Array.from({ length: 20 }, () => freePort()));
  expect(ports.filter(port => port < 11_000 || port >= 32_768)).toEqual([]);
  expect(new Set(ports).size).toBe(20);
});

test('a wished port is given unless it is taken', async () => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  expect(await freePort(port)).not.toBe(port);
  await new Promise(resolve => server.close(resolve));
  expect(await freePort(port)).toBe(port);
});
