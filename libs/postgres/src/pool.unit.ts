import { expect, test } from '@jest/globals';
import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { inTransaction, openPool } from './pool.js';

/** A message of Postgres's protocol. */
function message(type: string, body: Buffer): Buffer {
  const length = Buffer.alloc(4);
  length.writeInt32BE(body.length + 4);
  return Buffer.concat([Buffer.from(type), length, body]);
}
const accepted = message('R', Buffer.alloc(4));
const ready = message('Z', Buffer.from('I'));
const ended = message('E', Buffer.from('SFATAL\0C57P01\0Mterminating connection\0\0'));

test('a connection that the server ends in the same moment as it accepts it is an error of the transaction alone', async () => {
  // One packet, so that nothing of this process runs between the two messages.
  const server = createServer(socket => {
    socket.on('error', () => undefined);
    socket.once('data', () => socket.end(Buffer.concat([accepted, ready, ended])));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const pool = openPool(`postgres://dateline:x@127.0.0.1:${port}/dateline`, { application: 'test' });
  await expect(inTransaction(pool, 'read', async () => undefined)).rejects.toThrow();
  await pool.end();
  server.close();
});
