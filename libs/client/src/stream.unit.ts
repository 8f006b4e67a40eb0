import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { once } from 'node:events';
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { longestChange } from './frames.js';
import { liveTimeline } from './live-timeline.js';
import { Pauses } from './pauses.js';
import { Dateline } from './reads.js';
import { follow } from './stream.js';

let server: Server;
let asked: string[];
/** The answers to the streams, in order; the last one is repeated. */
let answers: ((response: ServerResponse) => void)[];
const address = () => `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
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
  const over = new AbortController();
  const seen: string[] = [];
  let loads = 0;
  const load = () => Promise.resolve({ position: 10 * ++loads });
  const api = new Dateline(address());
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

const load = () => Promise.resolve({ position: 10 });

test.each([408, 425, 429, 503])('a client tries again after a refusal with %d', async status => {
  answers = [response => void response.write(change(11, 100))];
  const refusals = [Response.json({}, { status })];
  const request: typeof fetch = async (url, init) => refusals.pop() ?? fetch(url, init);
  const following = { signal: AbortSignal.timeout(10_000), pauses: new Pauses({ least: 1, most: 2 }) };
  const seen: string[] = [];
  for await (const { event } of follow(new Dateline(address(), request), 'count', load, following)) {
    seen.push(event);
    if (event === 'change') break;
  }
  expect(seen).toEqual(['loaded', 'disconnected', 'connected', 'change']);
});

test('a refusal that would recur ends it', async () => {
  const request = async () => Response.json({ code: 'no-story' }, { status: 404 });
  const states = liveTimeline(new Dateline('http://a.example', request), 'count', { least: 1 });
  await expect(states.next()).rejects.toMatchObject({ status: 404, code: 'no-story' });
});

test.each([
  ['live.example', 'count', TypeError],
  ['live.example:3000', 'count', TypeError],
  ['', 'count', TypeError],
  ['https://live.example', '..', RangeError],
  ['https://live.example', '', RangeError],
])('to follow at “%s” the story “%s” fails at once', async (base, story, error) => {
  const states = liveTimeline(new Dateline(base), story, { least: 1, signal: AbortSignal.timeout(1_000) });
  await expect(states.next()).rejects.toBeInstanceOf(error);
});

test('an abort during a load ends it at once, ends the request, and shows no state', async () => {
  const over = new AbortController();
  const ended = Promise.withResolvers<void>();
  const request: typeof fetch = (_, init) => {
    init!.signal!.addEventListener('abort', () => ended.resolve());
    setTimeout(() => over.abort());
    return new Promise(() => undefined);
  };
  const states = liveTimeline(new Dateline('http://a.example', request), 'count', { signal: over.signal });
  expect(await states.next()).toEqual({ done: true, value: undefined });
  await ended.promise;
});

test('a load that ends after an abort shows no state', async () => {
  const over = new AbortController();
  const late = () => {
    over.abort();
    return load();
  };
  const events = follow(new Dateline('http://a.example'), 'count', late, { signal: over.signal });
  expect(await events.next()).toEqual({ done: true, value: undefined });
});
