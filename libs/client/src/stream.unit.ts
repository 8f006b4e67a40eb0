import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { once } from 'node:events';
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { longestChange } from './frames.js';
import { Pauses } from './pauses.js';
import { Dateline } from './reads.js';
import { follow } from './stream.js';

let server: Server;
let asked: string[];
/** The answers to the streams, in order; the last one is repeated. */
let answers: ((response: ServerResponse) => void)[];
beforeEach(async () => {
  asked = [];
  server = createServer((request, response) => {
    asked.push(request.url!);
    response.writeHead(200, { 'Content-Type': 'text/event-stream' });
    (answers.length > 1 ? answers.shift()! : answers[0]!)(response);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
});
afterEach(() => {
  server.closeAllConnections();
  server.close();
});

/** A change with this many characters of data; a long one is split, as on a network. */
const change = (position: number, characters: number) => {
  const data = JSON.stringify({ position, entries: [], pad: '' });
  const padded = data.replace('"pad":""', `"pad":"${'a'.repeat(characters - data.length)}"`);
  return `event: change\ndata: ${padded}\n\n`;
};

async function followed(until: number) {
  const { port } = server.address() as AddressInfo;
  const over = new AbortController();
  const seen: string[] = [];
  let loads = 0;
  const load = () => Promise.resolve({ position: 10 * ++loads });
  const api = new Dateline(`http://127.0.0.1:${port}`);
  const following = { signal: over.signal, pauses: new Pauses({ least: 1, most: 2 }) };
  for await (const { event, data } of follow(api, 'count', load, following)) {
    seen.push(data && 'position' in data ? `${event} ${data.position}` : event);
    if (seen.length === until) over.abort();
  }
  return seen;
}

test('a change with the most characters that a client accepts is delivered', async () => {
  answers = [response => void response.write(change(11, longestChange))];
  expect(await followed(3)).toEqual(['loaded 10', 'connected', 'change 11']);
});

test('a change one character longer is dropped; the client loads the story again and follows from there', async () => {
  answers = [
    response => void response.write(change(11, longestChange + 1)),
    response => void response.write(change(21, 100)),
  ];
  expect(await followed(6)).toEqual(['loaded 10', 'connected', 'disconnected', 'loaded 20', 'connected', 'change 21']);
  expect(asked).toEqual(['/stories/count/live?after=10', '/stories/count/live?after=20']);
});

test('the client closes a stream whose change never ends, soon after it exceeds the limit', async () => {
  let written = 0;
  let open = true;
  const flood = (response: ServerResponse) => {
    const piece = 'a'.repeat(65_536);
    response.once('close', () => (open = false));
    response.write('event: change\ndata: ');
    const more = () => {
      if (!open || written > 64 * longestChange) return;
      written += piece.length;
      if (response.write(piece)) setImmediate(more);
      else response.once('drain', more);
    };
    more();
  };
  answers = [flood, response => void response.write(change(21, 100))];
  expect((await followed(6)).at(-1)).toBe('change 21');
  expect(open).toBe(false);
  expect(written).toBeLessThan(16 * longestChange);
});
