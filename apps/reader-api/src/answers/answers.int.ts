import { storyStream, type OpaqueEvent } from '#domain';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { EventSource } from 'eventsource';
import { randomUUID } from 'node:crypto';
import type { Registry } from 'prom-client';
import request from 'supertest';
import {
  corrected,
  listeningReader,
  meeting,
  recorded,
  retracted,
  takenDown,
  TestNewsroom,
  until,
} from '../newsroom.fixture.js';
import { ReadModels } from '../read-models.js';
import { METRICS } from '../telemetry/deliveries.js';
import { Answers } from './answers.js';

let database: Awaited<ReturnType<typeof TestNewsroom.database>>;
let newsroom: TestNewsroom;
let reader: Awaited<ReturnType<typeof listeningReader>>;

const stream = storyStream('talks');
const id = randomUUID();
const paths = [
  '/stories',
  '/stories/talks',
  '/stories/talks/timeline',
  '/stories/talks/timeline?position=5',
  '/stories/talks/timeline?key=true&limit=5',
  `/stories/talks/timeline/${id}`,
  '/stories/talks/actors',
  '/stories/talks/actors/ada',
  '/stories/talks/feed.atom',
  '/stories/talks/feed.json',
  '/stories/talks/feed.rss',
  '/stories/talks/timemap',
  '/actors',
  '/sitemap.xml',
  '/s',
  '/s/talks',
  `/s/talks/d/${id}`,
  '/s/talks/actors/ada',
  '/s/talks/embed',
  `/s/talks/d/${id}/embed`,
  '/s/talks/actors/ada/embed',
  '/s/talks/history',
];

const get = (path: string, headers: Record<string, string> = {}) => request(reader.url).get(path).set(headers);
const long = (text: string) => `${text} `.repeat(60);
const tell = (development: string, headline: string, body = long(headline)): OpaqueEvent =>
  recorded(development, meeting(['ada'], { headline, body }));

beforeAll(async () => {
  database = await TestNewsroom.database();
  newsroom = await TestNewsroom.on(database.databaseUrl);
  reader = await listeningReader(database.databaseUrl);
  await newsroom.register('ada', 'Ada');
  await newsroom.openStory('talks');
  await newsroom.openStory('other');
  await newsroom.post(stream, tell(id, 'At nine'));
});
afterAll(async () => {
  await reader?.close();
  await newsroom?.close();
  await database?.drop();
});

/** How often the process reads rows for answers while `run` runs. */
async function readsIn(run: () => Promise<unknown>): Promise<number> {
  const spy = jest.spyOn(reader.app.get(ReadModels), 'read');
  try {
    await run();
    return spy.mock.calls.length;
  } finally {
    spy.mockRestore();
  }
}

describe('the cache of answers', () => {
  it.each(paths)(
    '%s is rendered once for simultaneous requests, and not at all for a client with its ETag',
    async path => {
      await newsroom.post(stream, tell(randomUUID(), 'News'));
      const bare = await readsIn(() => get(path).expect(200));
      await newsroom.post(stream, tell(randomUUID(), 'News'));
      let tag = '';
      const reads = await readsIn(async () => {
        const answers = await Promise.all(Array.from({ length: 20 }, () => get(path).expect(200)));
        const tags = answers.map(({ headers }) => headers.etag);
        expect(new Set(tags).size).toBe(1);
        tag = tags[0]!;
      });
      // A memento reads its links in a second transaction.
      expect(reads).toBeLessThanOrEqual(bare);
      expect(await readsIn(() => get(path).expect(200))).toBe(0);
      expect(await readsIn(() => get(path, { 'If-None-Match': tag }).expect(304))).toBe(0);
      expect(await readsIn(() => request(reader.url).head(path).expect(200))).toBe(0);
    },
  );

  it.each(paths)('%s has the same headers from the cache as from the app', async path => {
    await newsroom.post(stream, tell(randomUUID(), 'News'));
    const shown = ({ status, headers }: request.Response) => {
      const { date: _, ...rest } = headers;
      return { status, headers: rest };
    };
    const plain = { 'Accept-Encoding': 'identity' };
    // A request with a body of no bytes goes through the app.
    const inApp = (headers: Record<string, string>) => get(path, { ...headers, 'Content-Length': '0' });
    for (const asked of [plain, { 'Accept-Encoding': 'br' }, { 'Accept-Encoding': 'gzip, deflate' }]) {
      const first = await inApp(asked).expect(200);
      const second = await get(path, asked).expect(200);
      expect(shown(second)).toEqual(shown(first));
      expect(second.text).toBe(first.text);
      const held = { ...asked, 'If-None-Match': first.headers.etag! };
      expect(shown(await get(path, held).expect(304))).toEqual(shown(await inApp(held).expect(304)));
    }
  });

  it.each(paths)('a 304 of %s repeats the headers that caches and scripts need, and no others', async path => {
    const { headers } = await get(path).expect(200);
    const {
      date: _,
      connection: __,
      'keep-alive': ___,
      ...held
    } = (await get(path, { 'If-None-Match': headers.etag! }).expect(304)).headers as Record<string, string>;
    expect(headers).toMatchObject(held);
    expect(Object.keys(held)).toEqual(expect.arrayContaining(['cache-control', 'etag', 'vary']));
    const allowed = /^(cache-control|etag|vary|link|memento-datetime|access-control-.*)$/;
    expect(Object.keys(held).filter(name => !allowed.test(name))).toEqual([]);
  });

  it('a tag has a digest of the headers that a 304 leaves out, so that other headers reach everybody', async () => {
    const digestAt = async (env: NodeJS.ProcessEnv) => {
      const other = await listeningReader(database.databaseUrl, env);
      const { headers } = await request(other.url).get('/s/talks').expect(200);
      await other.close();
      return headers.etag!.split('.').at(-1);
    };
    const digest = (await get('/s/talks').expect(200)).headers.etag!.split('.').at(-1);
    expect(await digestAt({})).toBe(digest);
    expect(await digestAt({ FRAME_ANCESTORS: 'https://paper.example' })).not.toBe(digest);
  });

  it('a cached answer about one story stays valid when another story changes', async () => {
    await get('/s/talks').expect(200);
    await newsroom.post(storyStream('other'), tell(randomUUID(), 'Elsewhere'));
    expect(await readsIn(() => get('/s/talks').expect(200))).toBe(0);
    expect(await readsIn(() => get('/s/other').expect(200))).toBeGreaterThan(0);
  });

  it('redirects by Accept-Datetime and error answers are not cached', async () => {
    await get('/stories/talks/timeline').expect(200);
    const then = 'Fri, 15 Aug 2025 19:30:00 GMT';
    await get('/stories/talks/timeline', { 'Accept-Datetime': then }).expect(302);
    await get('/stories/talks/timeline').expect(200);
    for (let round = 0; round < 2; round++) {
      await get('/stories/nowhere').expect(404);
      await get('/stories/talks?limit=x').expect(422);
      await request(reader.url).post('/stories/talks').expect(405);
      await get('/stories/talks').send({ body: 1 }).expect(400);
    }
  });

  it('answers from the cache count in the metrics and for the rate limit', async () => {
    const metrics = reader.app.get<Registry>(METRICS);
    const count = async () => {
      const { values } = (await metrics
        .getSingleMetric('dateline_http_request_duration_seconds')!
        .get()) as unknown as {
        values: { metricName?: string; labels: Record<string, unknown>; value: number }[];
      };
      return values.find(
        ({ metricName, labels }) =>
          metricName?.endsWith('_count') && labels.route === '/stories/:story' && String(labels.status) === '200',
      )?.value;
    };
    await get('/stories/talks').expect(200);
    await new Promise(done => setTimeout(done, 50));
    const before = await count();
    for (let n = 0; n < 3; n++) await get('/stories/talks').expect(200);
    await new Promise(done => setTimeout(done, 50));
    expect(await count()).toBe(before! + 3);

    const limited = await listeningReader(database.databaseUrl, { REQUESTS_PER_MINUTE: '4' });
    const statuses = [];
    for (let n = 0; n < 6; n++) statuses.push((await request(limited.url).get('/stories/talks')).status);
    await limited.app.close();
    expect(statuses).toEqual([200, 200, 200, 200, 429, 429]);
  });

  it('an answer that is requested after a live event is never older than the event', async () => {
    const source = new EventSource(`${reader.url}/stories/talks/live`);
    const late: number[] = [];
    let heard = 0;
    source.addEventListener('change', ({ lastEventId }) => {
      void get('/stories/talks').then(({ body }) => {
        if (body.position < Number(lastEventId)) late.push(body.position);
        heard++;
      });
    });
    await new Promise(hello => source.addEventListener('hello', hello));
    for (let n = 0; n < 30; n++) await newsroom.post(stream, tell(randomUUID(), `News ${n}`));
    await until(() => heard >= 30);
    source.close();
    expect({ heard, late }).toEqual({ heard: 30, late: [] });
  });
});

describe('the limits of the cache', () => {
  it('the cache holds at most ANSWERS_BYTES, and larger answers are still sent', async () => {
    const bound = 60_000;
    const small = await listeningReader(database.databaseUrl, { ANSWERS_BYTES: String(bound) });
    const answers = small.app.get(Answers);
    const seen = [];
    for (const path of [...paths, ...paths.map(path => `${path}${path.includes('?') ? '&' : '?'}x=1`)]) {
      for (const encoding of ['identity', 'br', 'gzip'])
        await request(small.url).get(path).set('Accept-Encoding', encoding);
      seen.push(answers.bytes);
    }
    await small.app.close();
    expect(Math.max(...seen)).toBeLessThanOrEqual(bound);
    expect(Math.max(...seen)).toBeGreaterThan(bound / 3);
    const tiny = await listeningReader(database.databaseUrl, { ANSWERS_BYTES: '1' });
    for (let round = 0; round < 2; round++) await request(tiny.url).get('/s/talks').expect(200);
    expect(tiny.app.get(Answers).bytes).toBe(0);
    await tiny.app.close();
  });

  it('browsers may keep an answer for CACHE_SECONDS, which is 0 by default', async () => {
    expect((await get('/s/talks')).headers['cache-control']).toBe('no-cache');
    const cached = await listeningReader(database.databaseUrl, { CACHE_SECONDS: '2' });
    for (let round = 0; round < 2; round++)
      expect((await request(cached.url).get('/s/talks')).headers['cache-control']).toBe('public, max-age=2');
    expect((await request(cached.url).get('/stories/nowhere')).headers['cache-control']).not.toMatch(/max-age/);
    await cached.app.close();
  });
});

/** Random acts on a few developments. */
function acts(random: () => number) {
  const ids: string[] = [];
  const some = () => ids[Math.floor(random() * ids.length)]!;
  return (n: number): OpaqueEvent[] => {
    const fresh = randomUUID();
    const which = ids.length < 2 ? 0 : Math.floor(random() * 6);
    if (which <= 1) {
      ids.push(fresh);
      return [tell(fresh, `Report ${n}`)];
    }
    const development = some();
    if (which === 2) return [corrected(development, meeting(['ada'], { headline: `Corrected ${n}` }), 'That.', 'So.')];
    if (which === 3) {
      ids.splice(ids.indexOf(development), 1);
      return [retracted(development, 'It was not so.')];
    }
    if (which === 4) return [{ type: 'DevelopmentPinned', data: { development } }];
    return [{ type: 'DevelopmentMarkedKey', data: { development } }];
  };
}

describe('the ETag', () => {
  it('answers with different bytes have different ETags, whatever is posted', async () => {
    let seed = 20_261;
    const random = () => (seed = (seed * 16_807) % 2_147_483_647) / 2_147_483_647;
    const act = acts(random);
    const bytes = new Map<string, string>();
    for (let n = 0; n < 40; n++) {
      if (n % 9 === 8) await newsroom.register('ada', `Ada ${n}`);
      else await newsroom.post(stream, ...act(n));
      for (const path of paths) {
        const { headers, text } = await get(path).expect(200);
        const known = bytes.get(`${path} ${headers.etag}`) ?? text;
        expect([path, n, text]).toEqual([path, n, known]);
        bytes.set(`${path} ${headers.etag}`, text);
      }
    }
  });
});

describe('a takedown and the cache', () => {
  it('no answer in any encoding has the words after a takedown, even under load', async () => {
    const gone = randomUUID();
    await newsroom.post(stream, tell(gone, 'Nobody may whisper this'));
    const position = newsroom.position;
    const words = /whisper/;
    const asked = [
      ...paths,
      `/stories/talks/timeline/${gone}`,
      `/s/talks/d/${gone}`,
      `/stories/talks/timeline?position=${position}`,
      `/stories/talks/timeline/${gone}?position=${position}`,
      `/s/talks/d/${gone}?position=${position}`,
      `/s/talks/history?position=${position}`,
    ];
    const encodings = ['identity', 'gzip', 'br'];
    let [done, reached] = [false, false];
    const faults: string[] = [];
    let [before, after] = [0, 0];
    const readers = encodings.map(async encoding => {
      while (!done)
        for (const path of asked) {
          const placeholder = reached;
          const { text, status } = await get(path, { 'Accept-Encoding': encoding });
          // While the key is destroyed, the past cannot be read for a moment.
          if (status !== 200 && status !== 503) faults.push(`${path}: ${status}`);
          if (words.test(text)) before++;
          if (placeholder) after++;
          if (placeholder && words.test(text)) faults.push(`${path}, ${encoding}: the words are back`);
        }
    });
    await until(() => before > 10);
    await newsroom.post(stream, ...takenDown(gone));
    reached = true;
    await until(() => after > 3 * asked.length);
    done = true;
    await Promise.all(readers);
    for (const path of asked)
      for (const encoding of encodings)
        if (words.test((await get(path, { 'Accept-Encoding': encoding })).text)) faults.push(`${path}: still`);
    expect(faults).toEqual([]);
    expect(before).toBeGreaterThan(10);
    expect(after).toBeGreaterThan(10);
  });
});
