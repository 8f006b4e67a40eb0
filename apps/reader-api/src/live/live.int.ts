import { Change } from '#contract';
import { storyStream, type OpaqueEvent } from '#domain';
import { longestEndMs } from '#platform';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import compression from 'compression';
import { EventSource } from 'eventsource';
import express from 'express';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { get, type IncomingMessage } from 'node:http';
import { connect, Socket, type AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { pieceBytes } from './client.js';
import { corrected, listeningReader, meeting, recorded, retracted, TestNewsroom, until } from '../newsroom.fixture.js';

const backlog = 40;
let database: Awaited<ReturnType<typeof TestNewsroom.database>>;
let newsroom: TestNewsroom;
let reader: Awaited<ReturnType<typeof listeningReader>>;
let story: string;
const endings: (() => void)[] = [];

beforeAll(async () => {
  database = await TestNewsroom.database();
  newsroom = await TestNewsroom.on(database.databaseUrl);
  await newsroom.register('ada-berg', 'Ada Berg');
  reader = await listeningReader(database.databaseUrl, { HEARTBEAT_MS: '150', LIVE_BACKLOG: String(backlog) });
});
afterAll(async () => {
  await reader.close();
  await newsroom.close();
  await database.drop();
});
afterEach(() => {
  for (const end of endings.splice(0)) end();
});

const openStory = async () => newsroom.openStory((story = `story-${randomUUID()}`));
const post = (...events: OpaqueEvent[]) => newsroom.post(storyStream(story), ...events);
const record = (more = {}) => post(recorded(randomUUID(), meeting(['ada-berg'], more)));
const liveUrl = (query = '') => `${reader.url}/stories/${story}/live${query}`;

/** A client that reads the raw bytes as they arrive. */
async function bytesOf(query = '', headers: Record<string, string> = {}) {
  const response = await new Promise<IncomingMessage>((resolve, reject) =>
    get(liveUrl(query), { headers, agent: false }, resolve).on('error', reject),
  );
  const stream = { text: '', ended: false, response, close: () => void response.destroy() };
  response.on('data', (chunk: Buffer) => (stream.text += chunk)).on('error', () => undefined);
  response.on('close', () => (stream.ended = true));
  endings.push(stream.close);
  return stream;
}
const framesIn = (text: string) =>
  text.split('\n\n').flatMap(block => {
    const [, id, event, data] = /^(?:retry: \d+\n)?id: (\d+)\nevent: (\w+)\ndata: (.*)$/.exec(block) ?? [];
    return event ? [{ id: Number(id), event, data: JSON.parse(data!) }] : [];
  });
const positionsIn = (text: string) => framesIn(text).flatMap(({ id, event }) => (event === 'change' ? [id] : []));

/** A reader's browser: it resumes automatically. */
function browser(query = '') {
  const source = new EventSource(liveUrl(query));
  const seen = {
    hello: [] as number[],
    change: [] as Change[],
    resync: [] as { position: number; reason: string }[],
    source,
  };
  source.addEventListener('hello', ({ data }) => seen.hello.push(JSON.parse(data).position));
  source.addEventListener('resync', ({ data }) => seen.resync.push(JSON.parse(data)));
  source.addEventListener('change', ({ data }) => seen.change.push(Change.strict().parse(JSON.parse(data))));
  endings.push(() => source.close());
  return seen;
}
const positions = (changes: Change[]) => changes.map(({ position }) => position);

describe('a live stream', () => {
  it('the stream sends its position first, and then each change of its story and of no other', async () => {
    const opened = await openStory();
    const seen = browser();
    await until(() => seen.hello.length === 1);
    expect(seen.hello).toEqual([opened]);
    const first = await record({ headline: 'Is 1 < 2?' });
    await newsroom.openStory(`other-${randomUUID()}`);
    const second = await record();
    await until(() => seen.change.length === 2);
    expect(positions(seen.change)).toEqual([first, second]);
    expect(seen.change[0]).toMatchObject({
      story,
      acts: [{ act: 'DevelopmentRecorded' }],
      entries: [
        { headline: 'Is 1 < 2?', headlineHtml: 'Is 1 &lt; 2?', actors: [{ id: 'ada-berg', name: 'Ada Berg' }] },
      ],
    });
  });

  it('the stream sends a correction, a settled condition, a retraction and the end of the story', async () => {
    await openStory();
    const seen = browser();
    await until(() => seen.hello.length === 1);
    const development = randomUUID();
    const modality = { mode: 'conditional' as const, conditions: [{ id: 'calm', text: 'if it is calm' }] };
    await post(recorded(development, meeting(['ada-berg'], { modality })));
    const better = meeting(['ada-berg'], { modality, headline: 'Better' });
    await post(corrected(development, better, 'The headline.', 'A slip.'));
    await post({ type: 'ConditionSettled', data: { condition: 'calm', fate: 'lapsed', reason: 'It is not.' } });
    await post(retracted(development, 'Not so.'));
    await post({ type: 'StoryClosed', data: {} });
    await until(() => seen.change.length === 5);
    const [, improved, settled, gone, closed] = seen.change;
    expect(improved!.entries[0]).toMatchObject({ headline: 'Better', corrections: [{ reason: 'A slip.' }] });
    expect(settled!.conditions).toMatchObject({ calm: { fate: 'lapsed' } });
    expect(gone!.entries[0]).toMatchObject({ status: 'retracted', data: null, retraction: { reason: 'Not so.' } });
    expect(closed).toMatchObject({ status: 'closed', entries: [] });
  });

  it('all clients get the same bytes', async () => {
    await openStory();
    const [one, other] = await Promise.all([bytesOf(), bytesOf()]);
    await until(() => [one, other].every(({ text }) => text.includes('event: hello')));
    const last = await record();
    await until(() => [one, other].every(({ text }) => text.includes(`id: ${last}`)));
    const frames = ({ text }: typeof one) =>
      text.replace(/^retry: \d+\n/m, '').replaceAll(/: .*\n\n/g, block => (block.startsWith(':') ? '' : block));
    expect(frames(one)).toBe(frames(other));
    expect(one.text).not.toMatch(/[<>&]/);
  });

  it('the stream has its headers and sends heartbeats', async () => {
    await openStory();
    const stream = await bytesOf('', { Origin: 'https://paper.example' });
    expect(stream.response.headers).toMatchObject({
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-cache, no-transform',
      'x-accel-buffering': 'no',
      'access-control-allow-origin': '*',
      'x-content-type-options': 'nosniff',
    });
    await until(() => (stream.text.match(/^: /gm) ?? []).length >= 2);
    expect(stream.text).toMatch(/^retry: \d{4}\nid: \d+\nevent: hello\n/);
  });
});

describe('resuming a live stream', () => {
  it('Last-Event-ID and `after` resume at a position, and Last-Event-ID takes precedence', async () => {
    const opened = await openStory();
    const all = [await record(), await record(), await record()];
    const [byParameter, byHeader, byBoth] = await Promise.all([
      bytesOf(`?after=${opened}`),
      bytesOf('', { 'Last-Event-ID': String(all[0]) }),
      bytesOf(`?after=${opened}`, { 'Last-Event-ID': String(all[1]) }),
    ]);
    all.push(await record());
    await until(() => [byParameter, byHeader, byBoth].every(({ text }) => text.includes(`id: ${all[3]}\n`)));
    expect(positionsIn(byParameter.text)).toEqual(all);
    expect(positionsIn(byHeader.text)).toEqual(all.slice(1));
    expect(positionsIn(byBoth.text)).toEqual(all.slice(2));
    expect(byParameter.text).not.toContain('event: hello');
  });

  it('readers who reconnect often, while others write, get each change once', async () => {
    const opened = await openStory();
    const all: number[] = [];
    let writing = true;
    const writer = (async () => {
      for (let i = 0; i < 60; i++) {
        const stream = storyStream(story);
        const commits = Array.from({ length: 1 + (i % 4) }, () => ({
          stream,
          events: [recorded(randomUUID(), meeting(['ada-berg']))],
        }));
        all.push(
          ...(
            await newsroom.postAll(
              i % 5
                ? commits
                : [
                    ...commits,
                    {
                      stream: storyStream(`aside-${randomUUID()}`),
                      events: [{ type: 'StoryOpened' as const, data: { title: 'Aside', zone: 'UTC' } }],
                    },
                  ],
            )
          ).slice(0, commits.length),
        );
      }
      writing = false;
    })();
    const restless = async (stay: number) => {
      const got: number[] = [];
      const last = () => got.at(-1) ?? opened;
      while (writing || last() < all.at(-1)!) {
        const stream = await bytesOf(
          got.length % 2 ? `?after=${last()}` : '',
          got.length % 2 ? {} : { 'Last-Event-ID': String(last()) },
        );
        const enough = last() + stay;
        await until(
          () =>
            (positionsIn(stream.text).at(-1) ?? 0) >= enough ||
            (!writing && (positionsIn(stream.text).at(-1) ?? last()) >= all.at(-1)!),
        );
        stream.close();
        expect(stream.text).not.toContain('event: resync');
        got.push(...positionsIn(stream.text));
      }
      return got;
    };
    const readers = [1, 2, 5, 9, 17].map(restless);
    await writer;
    for (const got of await Promise.all(readers)) expect(got).toEqual(all);
  });

  it('the changes after the position of a loaded timeline continue that timeline exactly', async () => {
    await openStory();
    let writing = true;
    const writer = (async () => {
      for (let i = 0; i < 30; i++) await record();
      writing = false;
    })();
    while (writing) {
      const page = (await (await fetch(`${reader.url}/stories/${story}/timeline?limit=200`)).json()) as {
        position: number;
        entries: { id: string }[];
      };
      const stream = await bytesOf(`?after=${page.position}`);
      await record();
      await until(() => positionsIn(stream.text).length > 0);
      stream.close();
      const followed = framesIn(stream.text).flatMap(({ data }) => (data as Change).entries.map(({ id }) => id));
      const later = (await (await fetch(`${reader.url}/stories/${story}/timeline?limit=200`)).json()) as {
        entries: { id: string; position: number }[];
      };
      const until_ = framesIn(stream.text).at(-1)!.id;
      const expected = later.entries.filter(({ position }) => position <= until_).map(({ id }) => id);
      expect([...followed.toReversed(), ...page.entries.map(({ id }) => id)]).toEqual(expected);
    }
    await writer;
  });

  it('the words of a development that was retracted since are not sent', async () => {
    const opened = await openStory();
    const development = randomUUID();
    const first = await post(recorded(development, meeting(['ada-berg'], { body: 'A falsehood.' })));
    await post(corrected(development, meeting(['ada-berg']), 'The body.', 'It was false.'));
    const last = await post(retracted(development, 'All of it was false.'));
    const stream = await bytesOf(`?after=${opened}`);
    await until(() => stream.text.includes(`id: ${last}\n`));
    expect(framesIn(stream.text)[0]).toMatchObject({
      id: first,
      data: { entries: [{ id: development, headline: 'A meeting is planned', bodyHtml: null, data: null }] },
    });
    expect(stream.text).not.toMatch(/falsehood|one on one/);
  });

  it('the stream continues after its database listener lost its connection', async () => {
    const opened = await openStory();
    const seen = browser(`?after=${opened}`);
    const all = [await record()];
    await until(() => seen.change.length === 1);
    await newsroom.pool.query(
      `select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and application_name like 'listen%'`,
    );
    all.push(await record(), await record());
    await until(() => seen.change.length === 3);
    expect(positions(seen.change)).toEqual(all);
  });
});

describe('a resync', () => {
  it('a reader who missed more than LIVE_BACKLOG changes gets a resync, and then the next changes', async () => {
    const opened = await openStory();
    const commits = Array.from({ length: backlog + 1 }, () => ({
      stream: storyStream(story),
      events: [recorded(randomUUID(), meeting(['ada-berg']))],
    }));
    const all = await newsroom.postAll(commits);
    const [tooFar, justNot] = [browser(`?after=${opened}`), browser(`?after=${all[0]}`)];
    await until(() => tooFar.resync.length === 1 && justNot.change.length === backlog);
    expect(tooFar.resync).toMatchObject([{ position: all.at(-1), reason: 'too-far-behind' }]);
    expect(justNot.resync).toEqual([]);
    const next = await record();
    await until(() => tooFar.change.length === 1);
    expect(positions(tooFar.change)).toEqual([next]);
  });

  it.each(['99999', 'of-another-log'])('a reader with the unknown id %s gets a resync', async id => {
    const opened = await openStory();
    const stream = await bytesOf('', { 'Last-Event-ID': id });
    await until(() => stream.text.includes('event: resync'));
    expect(framesIn(stream.text)).toMatchObject([{ id: opened, data: { reason: 'not-reached' } }]);
  });

  it('an invalid `after` is answered with 422, not with a resync', async () => {
    await openStory();
    const response = await fetch(liveUrl('?after=soon'));
    expect([response.status, ((await response.json()) as { errors: { field: string }[] }).errors[0]!.field]).toEqual([
      422,
      'after',
    ]);
  });
});

describe('a client that stops reading', () => {
  const long = 'A long story. '.repeat(3_500);
  const longOnes = (count: number) =>
    Array.from({ length: count }, () => ({
      stream: storyStream(story),
      events: [recorded(randomUUID(), meeting(['ada-berg'], { body: long }))],
    }));

  it('it takes a bounded amount of memory and does not delay other clients', async () => {
    const opened = await openStory();
    const all = await newsroom.postAll(longOnes(backlog));
    const slow = await Promise.all(Array.from({ length: 20 }, () => bytesOf(`?after=${opened}`)));
    for (const { response } of slow) response.pause();
    const seen = browser();
    await until(() => seen.hello.length === 1);
    const next = await record();
    await until(() => seen.change.length === 1);
    const sockets = (process as unknown as { _getActiveHandles(): object[] })
      ._getActiveHandles()
      .filter((handle): handle is Socket => handle instanceof Socket);
    // The bound: one piece, the rest of a begun one, and the frames written beside them.
    for (const { writableLength } of sockets) expect(writableLength).toBeLessThan(3 * pieceBytes);
    for (const { response } of slow) response.resume();
    await until(() => slow.every(({ text }) => text.includes(`id: ${next}\n`)));
    for (const { text } of slow) expect(positionsIn(text)).toEqual([...all, next]);
  });

  it('it gets all changes that it asked for when it reads again', async () => {
    const opened = await openStory();
    const all = await newsroom.postAll(longOnes(backlog));
    const stream = await bytesOf(`?after=${opened}`);
    stream.response.pause();
    await sleep(300);
    stream.response.resume();
    await until(() => stream.text.includes(`id: ${all.at(-1)}\n`));
    expect(positionsIn(stream.text)).toEqual(all);
  });

  it('it gets the changes that were posted while it did not read', async () => {
    await openStory();
    const slow = await bytesOf();
    await until(() => slow.text.includes('event: hello'));
    slow.response.pause();
    const seen = browser();
    await until(() => seen.hello.length === 1);
    const all = await newsroom.postAll(longOnes(backlog / 2));
    all.push(...(await newsroom.postAll(longOnes(backlog / 2))));
    await until(() => seen.change.length === all.length);
    slow.response.resume();
    await until(() => slow.text.includes(`id: ${all.at(-1)}\n`));
    expect(positionsIn(slow.text)).toEqual(all);
  });
});

describe('the number of live streams', () => {
  const limited = async (env: NodeJS.ProcessEnv, opens: number) => {
    const own = await listeningReader(database.databaseUrl, env);
    const abort = new AbortController();
    const answers: Response[] = [];
    try {
      await openStory();
      const url = `${own.url}/stories/${story}/live`;
      for (let i = 0; i < opens; i++) answers.push(await fetch(url, { signal: abort.signal }));
      const refused = await fetch(url);
      const problem = (await refused.json()) as { code: string };
      abort.abort();
      for (let i = 0; (await fetch(url, { method: 'HEAD' })).status !== 200; i++)
        if (i > 200) throw new Error('The places are not free again.');
      return [answers.map(({ status }) => status), refused.status, problem.code, refused.headers.has('retry-after')];
    } finally {
      await own.close();
    }
  };

  it.each([
    ['of one address', { LIVE_STREAMS_PER_ADDRESS: '3' }, 429],
    ['in all', { LIVE_STREAMS: '3' }, 503],
  ])('streams %s are limited, and the next one is refused until one ends', async (_, env, status) => {
    expect(await limited(env, 3)).toEqual([[200, 200, 200], status, 'too-many-streams', true]);
  });

  it('a live stream passes a compressing proxy without delay', async () => {
    await openStory();
    const proxy = express()
      .use(compression())
      .use((asked, response) => {
        const url = new URL(asked.url, reader.url);
        get(url, { headers: { ...asked.headers, host: url.host } }, answer => {
          response.writeHead(answer.statusCode!, answer.headers);
          answer.pipe(response);
        });
      })
      .listen(0, '127.0.0.1');
    await once(proxy, 'listening');
    const { port } = proxy.address() as AddressInfo;
    const source = new EventSource(`http://127.0.0.1:${port}/stories/${story}/live`);
    const got: number[] = [];
    source.addEventListener('hello', ({ lastEventId }) => got.push(Number(lastEventId)));
    source.addEventListener('change', ({ lastEventId }) => got.push(Number(lastEventId)));
    try {
      await until(() => got.length === 1);
      const next = await record();
      await until(() => got.length === 2);
      expect(got[1]).toBe(next);
    } finally {
      source.close();
      proxy.closeAllConnections();
      proxy.close();
    }
  });
});

describe('the shutdown of the reader-api', () => {
  it('the process closes, with streams and unused connections open, long before its end would be forced', async () => {
    const own = await listeningReader(database.databaseUrl);
    await openStory();
    const ready = async () => ((await (await fetch(`${own.url}/health/ready`)).json()) as { streams: number }).streams;
    const abort = new AbortController();
    const left = await fetch(`${own.url}/stories/${story}/live`, { signal: abort.signal });
    const stays = await fetch(`${own.url}/stories/${story}/live`);
    expect([left.status, stays.status, await ready()]).toEqual([200, 200, 2]);
    // A process that stops owes nobody a hello, so the reader has it before.
    const stream = stays.body!.pipeThrough(new TextDecoderStream()).getReader();
    let read = '';
    while (!read.includes('event: hello')) {
      const { done, value } = await stream.read();
      if (done) throw new Error('The stream ended before its hello.');
      read += value;
    }
    abort.abort();
    const unused = connect(Number(new URL(own.url).port), '127.0.0.1');
    await once(unused, 'connect');
    for (let i = 0; (await ready()) !== 1; i++) if (i > 500) throw new Error('The reader who left is not forgotten.');
    // After a second of grace. Without the drain it would wait for the unused connection, which never ends.
    const begun = performance.now();
    await own.close();
    expect(performance.now() - begun).toBeLessThan(longestEndMs);
    while (!(await stream.read()).done);
  });
});
