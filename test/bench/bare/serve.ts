import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Serves on a free loopback port and prints the address as the apps do. The process ends when its parent ends. */
export async function serve(listener: RequestListener): Promise<void> {
  const server = createServer({ noDelay: true }, listener);
  server.listen(0, '127.0.0.1', 16_384);
  await once(server, 'listening');
  console.log(JSON.stringify({ listening: `http://127.0.0.1:${(server.address() as AddressInfo).port}` }));
  process.on('disconnect', () => process.exit());
  process.on('SIGTERM', () => process.exit());
}
