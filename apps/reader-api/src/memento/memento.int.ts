import { storyStream } from '#domain';
import { inTransaction } from '#postgres';
import { mementosAtOnce, useBuild } from '#projections';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import LinkHeader from 'http-link-header';
import { randomUUID } from 'node:crypto';
import request from 'supertest';
import { listeningReader, meeting, recorded, TestNewsroom } from '../newsroom.fixture.js';

let database: Awaited<ReturnType<typeof TestNewsroom.database>>;
let newsroom: TestNewsroom;
let reader: Awaited<ReturnType<typeof listeningReader>>;
const stream = storyStream('talks');
const there = 'https://paper.example/live';
const story = `${there}/stories/talks`;
/** The instants at which the positions became visible: an hour between two posts. */
const hour = (n: number) => `2026-03-01T${String(n).padStart(2, '0')}:00:00.250Z`;
const gmt = (n: number) => new Date(hour(n)).toUTCString();

const get = (path: string, accept?: string) => {
  const asked = request(reader.url).get(path.replace(there, ''));
  return accept === undefined ? asked : asked.set('Accept-Datetime', accept);
};
const links = ({ headers }: { headers: Record<string, string> }) => LinkHeader.parse(headers.link!);
const uris = (header: LinkHeader, rel: string) => header.rel(rel).map(({ uri }) => uri);
const mementos = (...positions: number[]) => positions.map(position => `${story}?position=${position}`);

// Positions: 1 the log, 2 Ada, 3 the opening, 4 and 5 at once, 6 another story, 7 Ada's new name, 8 the last of this story.
beforeAll(async () => {
  database = await TestNewsroom.database();
  newsroom = await TestNewsroom.on(database.databaseUrl);
  reader = await listeningReader(database.databaseUrl, { PUBLIC_URL: `${there}/` });
  await newsroom.register('ada', 'Ada');
  await newsroom.openStory('talks');
  const two = ['First', 'Second'].map(headline => recorded(randomUUID(), meeting(['ada'], { headline })));
  await newsroom.postAll(two.map(event => ({ stream, events: [event] })));
  await newsroom.openStory('other');
  const profile = { name: 'Ada Berg', kind: 'person' as const, aliases: [], affiliations: [] };
  await newsroom.post('actor:ada', { type: 'ActorAmended', data: profile });
  await newsroom.post(stream, recorded(randomUUID(), meeting(['ada'], { headline: 'Third' })));
  await newsroom.pool.query(
    `update dateline.visibility set at = '2026-03-01T' || lpad(last::text, 2, '0') || ':00:00.250Z'`,
  );
});
afterAll(async () => {
  await reader?.close();
  await newsroom?.close();
  await database?.drop();
});

describe('a story without parameters', () => {
  it('it is the present story, and names itself as TimeGate and the address of its TimeMap', async () => {
    for (const [path, timeMap] of [
      ['', '/timemap'],
      ['/timeline', '/timemap/timeline'],
    ] as const) {
      const response = await get(story + path).expect(200);
      expect(response.headers.vary).toBe('Accept-Encoding, Accept-Datetime');
      expect(response.headers['memento-datetime']).toBeUndefined();
      expect(uris(links(response), 'original')).toEqual([story + path]);
      expect(uris(links(response), 'timegate')).toEqual([story + path]);
      expect(uris(links(response), 'timemap')).toEqual([story + timeMap]);
    }
  });

  it.each([
    [gmt(3), 3],
    [gmt(4), 3],
    [gmt(5), 5],
    ['Sun, 01 Mar 2026 04:59:59 GMT', 3],
    ['Sun, 01 Mar 2026 07:30:00 GMT', 5],
    [gmt(8), 8],
    ['Mon, 01 Jan 2001 00:00:00 GMT', 3],
    ['Fri, 31 Dec 9999 23:59:59 GMT', 8],
  ])('Accept-Datetime %s redirects to the memento at position %d', async (asked, position) => {
    const response = await get(story, asked).expect(302);
    expect(response.headers).toMatchObject({ location: mementos(position)[0], vary: 'Accept-Datetime' });
    expect(response.headers['memento-datetime']).toBeUndefined();
    expect(uris(links(response), 'original')).toEqual([story]);
    const { headers } = await get(response.headers.location!).expect(200);
    expect(headers['memento-datetime']).toBe(gmt(position));
  });

  it('an invalid Accept-Datetime gives 400 and names the header', async () => {
    const { body } = await get(story, '2026-03-01T05:00:00Z').expect(400);
    expect(body).toMatchObject({ code: 'wrong-datetime', errors: [{ field: 'Accept-Datetime' }] });
  });

  it('an unknown story gives 404 for any Accept-Datetime', async () => {
    for (const path of ['/stories/nowhere', '/stories/nowhere/timeline', '/stories/nowhere/timemap'])
      expect((await get(path, gmt(5)).expect(404)).body.code).toBe('unknown-story');
  });
});

describe('a memento', () => {
  it('it names its original, its datetime and its neighbours', async () => {
    const response = await get(mementos(5)[0]!).expect(200);
    expect(response.body).toMatchObject({ developments: 2, asOf: { position: 5 } });
    expect(response.headers).toMatchObject({ 'memento-datetime': gmt(5) });
    expect(response.headers.vary ?? '').not.toContain('Accept-Datetime');
    const header = links(response);
    expect(uris(header, 'memento')).toEqual(mementos(3, 5, 8));
    expect(['first', 'prev', 'next', 'last'].flatMap(rel => uris(header, rel))).toEqual(mementos(3, 3, 8, 8));
    expect(header.rel('memento').map(({ datetime }) => datetime)).toEqual([gmt(3), gmt(5), gmt(8)]);
    expect(uris(header, 'timegate')).toEqual([story]);
  });

  it('it has the same bytes and links with Accept-Datetime, and the same headers with a 304', async () => {
    const { text, headers } = await get(mementos(5)[0]!);
    const again = await get(mementos(5)[0]!, gmt(8)).expect(200);
    expect([again.text, again.headers.link]).toEqual([text, headers.link]);
    const held = await get(mementos(5)[0]!).set('If-None-Match', headers.etag!).expect(304);
    expect(held.headers).toMatchObject({ 'memento-datetime': gmt(5), link: headers.link });
  });

  it('a position that readers never saw and other questions about the past are not mementos', async () => {
    for (const query of [
      '?position=4',
      '?position=6',
      `?visibleAt=${hour(5)}`,
      '?position=5&happenedBy=2026-03-01T10:00:00Z',
    ]) {
      const { headers } = await get(story + query).expect(200);
      expect(headers['memento-datetime']).toBeUndefined();
    }
    expect(uris(links(await get(`${story}?position=4`)), 'original')).toEqual([story]);
  });

  it('a new name of an actor gives a new memento of the timeline', async () => {
    const names = async (position: number) => {
      const { body, headers } = await get(`${story}/timeline?position=${position}`).expect(200);
      return [headers['memento-datetime'], body.entries[0].actors[0].name];
    };
    expect(await names(5)).toEqual([gmt(5), 'Ada']);
    expect(await names(7)).toEqual([gmt(7), 'Ada Berg']);
    expect((await get(`${story}/timeline`, gmt(7)).expect(302)).headers.location).toBe(`${story}/timeline?position=7`);
    expect((await get(story, gmt(7)).expect(302)).headers.location).toBe(mementos(5)[0]);
  });
});

describe('the TimeMap', () => {
  it('it lists the states of the story and of its timeline that readers saw, and supports 304', async () => {
    const response = await get(`${story}/timemap`).expect(200).expect('content-type', 'application/link-format');
    const map = LinkHeader.parse(response.text.trim());
    expect(uris(map, 'memento')).toEqual(mementos(3, 5, 8));
    expect(map.rel('self')).toMatchObject([{ uri: `${story}/timemap`, from: gmt(3), until: gmt(8) }]);
    await get(`${story}/timemap`).set('If-None-Match', response.headers.etag!).expect(304);
    const ofTimeline = LinkHeader.parse((await get(`${story}/timemap/timeline`).expect(200)).text.trim());
    expect(uris(ofTimeline, 'memento')).toEqual([3, 5, 7, 8].map(position => `${story}/timeline?position=${position}`));
  });

  it('a position to begin after that is none gives 422, and one beyond the last memento lists nothing', async () => {
    for (const after of ['-1', '0.5', 'x'])
      expect((await get(`${story}/timemap?after=${after}`).expect(422)).body.errors[0].field).toBe('after');
    for (const after of ['8', '99999999999']) {
      const { text } = await get(`${story}/timemap?after=${after}`).expect(200);
      expect(uris(LinkHeader.parse(text.trim()), 'memento')).toEqual([]);
    }
  });

  it('TimeMap and TimeGate give 503 until a rebuilt database has reached what readers saw', async () => {
    await inTransaction(newsroom.pool, 'write', client => client.query('update dateline.build set position = 6'));
    expect((await get(`${story}/timemap`).expect(503)).body.code).toBe('catching-up');
    expect((await get(story, gmt(8)).expect(503)).body.code).toBe('catching-up');
    expect((await get(story, gmt(3)).expect(302)).headers.location).toBe(mementos(3)[0]);
    await newsroom.replay();
  });

  it('TimeMap and TimeGate give 503 for a story that readers have not been shown yet', async () => {
    const { rows } = await newsroom.pool.query('delete from dateline.visibility where last > 2 returning *');
    for (const asked of [get(`${story}/timemap`), get(`${story}/timemap/timeline`), get(story, gmt(8))])
      expect((await asked.expect(503)).body.code).toBe('catching-up');
    await newsroom.pool.query(
      'insert into dateline.visibility select * from jsonb_populate_recordset(null::dateline.visibility, $1)',
      [JSON.stringify(rows)],
    );
    await get(`${story}/timemap`).expect(200);
  });
});

it('a long TimeMap comes in parts, which together list each memento once, and any instant is found', async () => {
  const states = (from: number, to: number) =>
    inTransaction(newsroom.pool, 'write', async client => {
      await useBuild(client, newsroom.build);
      await client.query(
        `insert into timeline_change (position, story, recorded, by, acts, entries)
         select n, 'talks', '', '{}', '[]', '[]' from generate_series($1::int, $2) n`,
        [from, to],
      );
      await client.query(
        `insert into dateline.visibility (first, last, at, sent)
         select n, n, to_char(timestamp '2026-03-02' + n * interval '1 minute', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'), true
         from generate_series($1::int, $2) n`,
        [from, to],
      );
      await client.query('update dateline.build set position = $1', [to]);
    });
  const [from, last] = [newsroom.position + 1, newsroom.position + mementosAtOnce + 20];
  await states(from, last);
  const listed: string[] = [];
  const parts: string[] = [];
  for (let address: string | undefined = `${story}/timemap`; address !== undefined;) {
    parts.push(address);
    const { text } = await get(address).expect(200);
    const part: LinkHeader = LinkHeader.parse(text.trim());
    listed.push(...uris(part, 'memento'));
    address = uris(part, 'timemap').find(uri => uri !== `${story}/timemap`);
    expect(parts.length).toBeLessThan(4);
  }
  expect(parts).toHaveLength(2);
  const after = Array.from({ length: last - from + 1 }, (_, n) => from + n);
  expect(listed).toEqual(mementos(3, 5, 8, ...after));
  for (const [asked, position] of [
    [gmt(2), 3],
    [gmt(4), 3],
    [new Date(Date.UTC(2026, 2, 2) + (from + 7) * 60_000).toUTCString(), from + 7],
  ] as const)
    expect((await get(story, asked).expect(302)).headers.location).toBe(mementos(position)[0]);
  await newsroom.replay();
});

it('a datetime leads to the last memento that began within its second', async () => {
  const between = (at: string) => newsroom.pool.query('update dateline.visibility set at = $1 where last = 5', [at]);
  await between('2026-03-01T03:00:00.999Z');
  expect((await get(story, gmt(3)).expect(302)).headers.location).toBe(mementos(5)[0]);
  await between('2026-03-01T03:00:01.000Z');
  expect((await get(story, gmt(3)).expect(302)).headers.location).toBe(mementos(3)[0]);
  await between(hour(5));
});

it('without PUBLIC_URL, links use the address of the request', async () => {
  const own = await listeningReader(database.databaseUrl);
  const { headers } = await request(own.url).get('/stories/talks').expect(200);
  expect(uris(LinkHeader.parse(headers.link!), 'original')).toEqual([`${own.url}/stories/talks`]);
  await own.close();
});
