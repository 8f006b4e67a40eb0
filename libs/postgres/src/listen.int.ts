import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { getEventListeners, once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { deadlyLine, terminate, testDatabase, until, type TestDatabase } from './database.fixture.js';
import { listen } from './listen.js';

let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database?.drop());

function listening(channel: string, url = database.url) {
  const stop = new AbortController();
  const heard = { news: 0, states: [] as boolean[] };
  const done = listen(url, channel, { onNews: () => heard.news++, onState: s => heard.states.push(s) }, stop.signal);
  return { heard, signal: stop.signal, stop: () => (stop.abort(), done) };
}

describe('listening to a Postgres channel', () => {
  test('the listener calls back once when it is connected, and for every notification of its channel', async () => {
    const { heard, stop } = listening('a "channel"');
    await until(() => heard.news === 1);
    await database.run(`notify "a ""channel"""; notify other`);
    await until(() => heard.news === 2);
    await database.run(`notify "a ""channel"""`);
    await until(() => heard.news === 3);
    await stop();
    expect(heard).toEqual({ news: 3, states: [true, false] });
  });

  test('a listener that loses its connection reports it, reconnects, and calls back for what it may have missed', async () => {
    const { heard, signal, stop } = listening('lost');
    for (let round = 1; round <= 3; round++) {
      await until(() => heard.states.at(-1) === true && heard.news >= round);
      const before = heard.news;
      await terminate(database, 'listen lost');
      await until(() => heard.states.at(-1) === false);
      await database.run('notify lost');
      await until(() => heard.news > before);
    }
    await database.run('notify lost');
    await until(() => heard.news > 4);
    expect(getEventListeners(signal, 'abort').length).toBeLessThan(4);
    await stop();
    expect(heard.states).toEqual([true, false, true, false, true, false, true, false]);
  });

  test('a listener whose connection died without an error is connected again within 25 seconds', async () => {
    const line = await deadlyLine(database);
    const { heard, stop } = listening('silent', line.url);
    try {
      await until(() => heard.states.at(-1) === true);
      line.die();
      await until(() => heard.states.length === 3, 25_000);
      expect(heard.states).toEqual([true, false, true]);
      await until(() => heard.news === 2);
      await database.run('notify silent');
      await until(() => heard.news === 3);
    } finally {
      await stop();
      line.close();
    }
  });

  test.each([
    ['before it was noticed', 0],
    ['while a query waits for its answer', 6_000],
  ])('aborting the signal ends a listener over a dead connection within five seconds, %s', async (_, afterMs) => {
    const line = await deadlyLine(database);
    const { heard, stop } = listening('dead', line.url);
    try {
      await until(() => heard.states.at(-1) === true);
      line.die();
      await sleep(afterMs);
      expect(heard.states).toEqual([true]);
      const began = performance.now();
      await stop();
      expect(performance.now() - began).toBeLessThan(5_000);
    } finally {
      line.close();
    }
  });

  test('aborting the signal ends a listener within five seconds whose server takes the connection and never answers', async () => {
    const mute = createServer(() => undefined);
    await new Promise<void>(listens => mute.listen(0, '127.0.0.1', listens));
    const connected = once(mute, 'connection');
    const { port } = mute.address() as AddressInfo;
    const { stop } = listening('mute', `postgres://nobody@127.0.0.1:${port}/none`);
    const [socket] = await connected;
    const began = performance.now();
    await stop();
    expect(performance.now() - began).toBeLessThan(5_000);
    socket.destroy();
    mute.close();
  });

  test('aborting the signal ends the listener without an error, even if no server answers', async () => {
    const stop = new AbortController();
    const states: boolean[] = [];
    const nowhere = 'postgres://nobody@127.0.0.1:1/none';
    const done = listen(nowhere, 'x', { onNews: () => undefined, onState: s => states.push(s) }, stop.signal);
    await until(() => states.length > 0);
    stop.abort();
    await done;
    expect(states).toEqual([false]);
    await listen(nowhere, 'x', { onNews: () => undefined }, stop.signal);
  });
});
