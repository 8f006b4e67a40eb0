import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { FaultyLine, lineFaults } from './faulty-line.js';
import { Random } from './simulator/random.js';

let server: Server;
let line: FaultyLine;
let client: Socket;

beforeEach(async () => {
  server = createServer(socket => socket.on('error', () => undefined).pipe(socket)).listen(0, '127.0.0.1');
  await once(server, 'listening');
  line = await FaultyLine.open(new Random(1), `127.0.0.1:${(server.address() as AddressInfo).port}`);
  const [host, port] = line.address.split(':');
  client = connect(Number(port), host);
  await once(client, 'connect');
  client.write('before');
  expect(await echoed('before'.length)).toBe('before');
});
afterEach(async () => {
  client.destroy();
  await line.close();
  server.close();
});

/** The next bytes that come back. */
async function echoed(length: number): Promise<string> {
  let text = '';
  while (text.length < length) text += String((await once(client, 'data'))[0]);
  return text;
}

test.each(lineFaults.filter(fault => ['latency', 'one byte at a time'].includes(fault)))(
  '%s: the same bytes come',
  async fault => {
    line.begin(fault);
    client.write('during');
    expect(await echoed(6)).toBe('during');
  },
);

test('resets: connections are reset', async () => {
  const reset = once(client, 'error');
  line.begin('resets');
  expect((await reset)[0]).toMatchObject({ code: 'ECONNRESET' });
  expect(line.broken).toBe(1);
});

test('black hole: nothing comes until it ends, then all of it', async () => {
  const came: string[] = [];
  client.on('data', bytes => came.push(String(bytes)));
  line.begin('black hole');
  client.write('during');
  await new Promise(resolve => setTimeout(resolve, 50));
  expect(came).toEqual([]);
  line.heal();
  await once(client, 'data');
  expect(came.join('')).toBe('during');
});

test('half-open: the client is told nothing, and is reset when it writes after the network is back', async () => {
  line.begin('half-open');
  client.write('during');
  await new Promise(resolve => setTimeout(resolve, 50));
  expect(client.destroyed).toBe(false);
  line.heal();
  const reset = once(client, 'error');
  client.write('after');
  expect((await reset)[0]).toMatchObject({ code: 'ECONNRESET' });
});
