import { ActorState, OneEntry, OneStory, Page, StoryActors } from '#contract';
import { storyStream, type OpaqueEvent } from '#domain';
import { longestAppendMs } from '#event-log';
import { ProblemDetails } from '#platform';
import { inTransaction } from '#postgres';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import request from 'supertest';
import { corrected, listeningReader, meeting, recorded, retracted, TestNewsroom } from '../newsroom.fixture.js';

let database: Awaited<ReturnType<typeof TestNewsroom.database>>;
let newsroom: TestNewsroom;
let reader: Awaited<ReturnType<typeof listeningReader>>;

const stream = storyStream('talks');
const base = '/stories/talks';
const [first, second, third, fourth, elsewhere] = Array.from({ length: 5 }, () => randomUUID()) as [
  string,
  string,
  string,
  string,
  string,
];
const on = (type: OpaqueEvent['type'], data: object) => ({ type, data }) as OpaqueEvent;
const occurring = (hour: string, headline: string, more = {}) =>
  meeting(['ada'], { headline, occurred: { from: `2026-03-01T${hour}:00:00Z`, precision: 'hour' }, ...more });
const hanging = { mode: 'conditional' as const, conditions: [{ id: 'calm', text: 'if it calms' }] };

// The posts in the order of their positions: 1 is the log's own commit, 2 and 3 the actors, 4 the opening.
const posts: [stream: string, ...events: OpaqueEvent[]][] = [
  ['actor:ada', on('ActorRegistered', { name: 'Ada', kind: 'person', aliases: ['A.'], affiliations: [] })],
  ['actor:ole', on('ActorRegistered', { name: 'Ole', kind: 'person', aliases: [], affiliations: [] })],
  [stream, on('StoryOpened', { title: 'The talks', zone: 'UTC' })],
  [stream, recorded(first, occurring('09', 'At nine', { body: 'Both of them.' }))],
  [stream, recorded(second, occurring('12', 'At noon', { modality: hanging }))],
  [stream, corrected(first, occurring('10', 'At ten'), 'The hour.', 'Misheard.')],
  ['actor:ada', on('ActorAmended', { name: 'Ada Berg', kind: 'person', aliases: [], affiliations: [] })],
  [stream, retracted(second, 'Called off.')],
  [
    stream,
    recorded(
      third,
      occurring('08', 'At eight', { data: { meeting: 'talks', participants: ['ole'], format: 'alone' } }),
    ),
    on('DevelopmentMarkedKey', { development: third }),
  ],
  [stream, on('ConditionSettled', { condition: 'calm', fate: 'lapsed', reason: 'It blew.' })],
  [
    stream,
    recorded(fourth, occurring('11', 'At eleven')),
    on('DevelopmentSuperseded', { development: first, by: fourth }),
  ],
  ['actor:eva', on('ActorRegistered', { name: 'Eva', kind: 'person', aliases: [], affiliations: [] })],
  // Readers know of an actor from the first entry that names it, in any story.
  [storyStream('ferry'), on('StoryOpened', { title: 'The ferry', zone: 'UTC' })],
  [storyStream('ferry'), recorded(elsewhere, meeting(['eva']))],
];
/** An instant before all posts, and one after each position. */
const instants: string[] = [];

const get = (path: string) => request(reader.url).get(path);
const ask = async (path: string, query: Record<string, string | number> = {}) =>
  (
    await get(`${base}${path}?${new URLSearchParams(Object.entries(query).map(([k, v]) => [k, String(v)]))}`).expect(
      200,
    )
  ).body;
const refusal = async (path: string, status: number) => ProblemDetails.parse((await get(path).expect(status)).body);
const headlines = (page: Page) => page.entries.map(entry => entry.headline);
const now = async () => {
  await sleep(3);
  const instant = new Date().toISOString();
  await sleep(3);
  return instant;
};

async function postAll(room: TestNewsroom, noted?: string[]): Promise<void> {
  for (const [stream, ...events] of posts) {
    noted?.push(await now());
    await room.post(stream, ...events);
  }
  noted?.push(await now());
}

beforeAll(async () => {
  database = await TestNewsroom.database();
  instants.push(new Date().toISOString());
  newsroom = await TestNewsroom.on(database.databaseUrl);
  reader = await listeningReader(database.databaseUrl);
  await postAll(newsroom, instants);
});
afterAll(async () => {
  await reader?.close();
  await newsroom?.close();
  await database?.drop();
});

const allPaths = () => ['', '/timeline', `/timeline/${first}`, '/actors', '/actors/ada'];

describe('a story as of a position', () => {
  it('each answer matches its schema and names the position and the build', async () => {
    for (const [path, schema] of [
      ['', OneStory],
      ['/timeline', Page],
      [`/timeline/${first}`, OneEntry],
      ['/actors', StoryActors],
      ['/actors/ada', ActorState],
    ] as const) {
      const { asOf } = schema.strict().parse(await ask(path, { position: 9 }));
      expect(asOf).toEqual({ position: 9, build: expect.stringMatching(/^build_/) });
    }
  });

  it('entries are as they were before they were corrected, retracted or superseded', async () => {
    expect(headlines(await ask('/timeline', { position: 4 }))).toEqual([]);
    expect((await ask('/timeline', { position: 6 })).entries).toMatchObject([
      { headline: 'At noon', status: 'active', modality: { conditions: [{ fate: null }] } },
      { headline: 'At nine', bodyHtml: '<p>Both of them.</p>', corrections: [], changed: 5 },
    ]);
    expect((await ask(`/timeline/${first}`, { position: 7 })).entry).toMatchObject({ headline: 'At ten', changed: 7 });
    expect((await ask(`/timeline/${second}`, { position: 9 })).entry).toMatchObject({
      status: 'retracted',
      data: null,
    });
    expect((await ask(`/timeline/${first}`, { position: 11 })).entry).toMatchObject({ supersededBy: null });
    expect(await ask('', { position: 6 })).toMatchObject({
      position: 6,
      developments: 2,
      recorded: expect.any(String),
    });
  });

  it('actors have the names that they had then', async () => {
    const names = (page: Page) => page.entries.flatMap(entry => entry.actors.map(({ name }) => name));
    expect(names(await ask('/timeline', { position: 7 }))).toEqual(['Ada', 'Ada']);
    expect(names(await ask('/timeline', { position: 8 }))).toEqual(['Ada Berg', 'Ada Berg']);
    expect((await ask('/actors/ada', { position: 7 })).actor).toMatchObject({
      name: 'Ada',
      aliases: ['A.'],
      // Readers know of her from the first entry that names her.
      position: 5,
    });
    expect(headlines(await ask('/timeline', { position: 7, actor: 'A.' }))).toEqual(['At noon', 'At ten']);
    await get(`${base}/timeline?position=8&actor=A.`).expect(422);
  });

  it('an actor’s state cites what was known then, and only actors in the story at that time are listed', async () => {
    const rested = async (position: number) => {
      const { cells } = (await ask('/actors/ada', { position })) as ActorState;
      return [...new Set(cells.flatMap(({ citations }) => citations.map(({ headline }) => headline)))].sort();
    };
    expect(await rested(5)).toEqual(['At nine']);
    expect(await rested(8)).toEqual(['At noon', 'At ten']);
    expect(await rested(9)).toEqual(['At ten']);
    expect((await ask('/actors', { position: 9 })).actors).toMatchObject([{ id: 'ada' }]);
    expect((await ask('/actors', { position: 10 })).actors.map(({ id }: { id: string }) => id).sort()).toEqual([
      'ada',
      'ole',
    ]);
  });

  it('at the present position, the answers equal those about the present', async () => {
    const position = newsroom.position;
    const queries = [
      'order=story',
      'order=newest&limit=2',
      'status=active',
      'status=retracted,superseded',
      'key=true',
      'condition=calm',
      'actor=ole',
      'actor=ole&actor=Ada+Berg',
      'type=arrival',
      'words=ADA',
      'words=nowhere+to+be+found',
    ];
    for (const path of [...allPaths(), ...queries.map(query => `/timeline?${query}`)]) {
      const { body: now } = await get(`${base}${path}`).expect(200);
      // Only the present can be followed.
      const { rewrites, ...present } = now;
      expect(rewrites).toBe(path.startsWith('/timeline?') || path === '/timeline' ? 0 : undefined);
      const { body } = await get(`${base}${path}${path.includes('?') ? '&' : '?'}position=${position}`).expect(200);
      const { asOf, ...then } = body;
      expect(asOf.position).toBe(position);
      expect({ ...then, next: undefined }).toEqual({ ...present, next: undefined });
      expect(Boolean(then.next)).toBe(Boolean(present.next));
    }
  });

  it('a cursor continues at the same position, although the story has changed since', async () => {
    for (const order of ['newest', 'story'] as const) {
      const whole = headlines(await ask('/timeline', { position: 10, order }));
      expect(whole).toHaveLength(3);
      const paged: (string | null)[] = [];
      for (let next: string | null = `${base}/timeline?position=10&limit=1&order=${order}`; next;) {
        const { body }: { body: Page } = await get(next).expect(200);
        expect(body.asOf!.position).toBe(10);
        paged.push(...headlines(body));
        next = body.next;
      }
      expect(paged).toEqual(whole);
    }
  });
});

describe('a story as of an instant', () => {
  it('knownAt gives the last position that was recorded by then', async () => {
    for (const position of [5, 8, 12]) {
      const known = await ask('', { knownAt: instants[position]! });
      expect(known.asOf).toMatchObject({ position, knownAt: instants[position] });
      expect({ ...known, asOf: 0 }).toEqual({ ...(await ask('', { position })), asOf: 0 });
    }
  });

  it('visibleAt gives the last position that readers could see by then', async () => {
    for (const position of [5, 8, 12])
      expect((await ask('/timeline', { visibleAt: instants[position]! })).asOf).toMatchObject({
        position,
        visibleAt: instants[position],
      });
  });

  it('the earliest of several moments counts, and instants may have any offset', async () => {
    const asked = { position: 8, knownAt: instants[7]!, visibleAt: instants[10]! };
    expect((await ask('', asked)).asOf.position).toBe(7);
    expect((await ask('', { ...asked, position: 5 })).asOf.position).toBe(5);
    expect((await ask('', { ...asked, visibleAt: instants[6]! })).asOf.position).toBe(6);
    const there = new Date(Date.parse(instants[7]!) + 2 * 3_600_000).toISOString().replace('Z', '+02:00');
    expect((await get(`${base}?knownAt=${there}`).expect(200)).body.asOf).toMatchObject({
      position: 7,
      knownAt: instants[7],
    });
  });

  it('happenedBy leaves out what is not known to have happened by then', async () => {
    const by = (hour: string, more = {}) =>
      ask('/timeline', { happenedBy: `2026-03-01T${hour}:00:00Z`, order: 'story', ...more });
    expect(headlines(await by('07'))).toEqual([]);
    expect(headlines(await by('09'))).toEqual(['At eight']);
    expect(headlines(await by('10'))).toEqual(['At ten', 'At eight']);
    expect((await by('10')).entries[0]).toMatchObject({ status: 'active', supersededBy: null });
    expect(headlines(await by('11'))).toEqual(['At ten', 'At eight', 'At eleven']);
    expect(headlines(await by('09', { position: 5 }))).toEqual(['At nine']);
    expect((await by('09')).asOf).toMatchObject({
      position: newsroom.position,
      happenedBy: '2026-03-01T09:00:00.000Z',
    });
    expect((await ask('', { happenedBy: '2026-03-01T09:00:00Z' })).developments).toBe(1);
    expect((await ask('/actors', { happenedBy: '2026-03-01T09:00:00Z' })).actors).toMatchObject([{ id: 'ole' }]);
    await get(`${base}/timeline/${first}?happenedBy=2026-03-01T09:00:00Z`).expect(404);
  });
});

describe('an answer about the past', () => {
  const queries = () => [
    'position=9',
    `visibleAt=${instants[9]}`,
    `knownAt=${instants[9]}&position=9`,
    `position=12&happenedBy=2026-03-01T10:00:00Z`,
  ];

  const tagOf = async (path: string) => (await get(path).expect(200)).headers.etag!;

  it('it has the same bytes when it is asked for again, even after a rebuild from the log', async () => {
    const paths = allPaths().flatMap(path => queries().map(query => `${base}${path}?${query}`));
    const answers = async () => {
      const all = [];
      for (const path of paths) all.push(await get(path).expect(200));
      return all.map(({ text, headers }) => [text, headers.etag]);
    };
    const before = await answers();
    expect(await answers()).toEqual(before);
    await newsroom.replay();
    expect(await answers()).toEqual(before);
  });

  it('it must be revalidated, and a client with its ETag gets a 304', async () => {
    const etag = await tagOf(`${base}?position=9`);
    // Weak, because the answer is long enough to be compressed.
    expect(etag).toMatch(/^(W\/)?"[!#-~]+"$/);
    for (const path of [base, `${base}?position=9`, `${base}?knownAt=${instants[9]}`])
      await get(path).expect(200).expect('cache-control', 'no-cache');
    await get(`${base}?position=9`).set('If-None-Match', etag).expect(304).expect('cache-control', 'no-cache');
    await get(`${base}?position=8`).set('If-None-Match', etag).expect(200);
  });

  it('a destroyed key changes no answer until the rows change', async () => {
    const path = `${base}/timeline?position=9`;
    const held = await tagOf(path);
    const { secret } = (await newsroom.keys.keysOf([second])).get(second) as { secret: Uint8Array };
    await newsroom.keys.destroy([second]);
    await get(path).set('If-None-Match', held).expect(304);
    await newsroom.pool.query('update dateline_keys.key set secret = $1, destroyed = null where secret is null', [
      secret,
    ]);
  });

  it('its ETag depends on the log, even if the bytes are equal', async () => {
    const answers = [];
    for (let n = 0; n < 2; n++) {
      const blank = await TestNewsroom.database();
      const room = await TestNewsroom.on(blank.databaseUrl, '2026-01-01T00:00:00.000Z');
      const other = await listeningReader(blank.databaseUrl);
      await room.openStory('talks');
      answers.push(await request(other.url).get(`${base}?position=2`).expect(200));
      await other.close();
      await room.close();
      await blank.drop();
    }
    const [one, two] = answers;
    expect(one!.text).toBe(two!.text);
    expect(one!.headers.etag).not.toBe(two!.headers.etag);
  });

  it('it is 503 until a rebuilt database has reached what readers could see', async () => {
    await inTransaction(newsroom.pool, 'write', client => client.query('update dateline.build set position = 7'));
    expect((await refusal(`${base}?visibleAt=${instants[10]}`, 503)).code).toBe('catching-up');
    await get(`${base}?visibleAt=${instants[6]}`).expect(200);
    await inTransaction(newsroom.pool, 'write', client =>
      client.query(
        `set local search_path to ${newsroom.build};
         delete from shown_commit where position > 7; delete from actor_change where position > 7`,
      ),
    );
    expect((await refusal(`${base}?knownAt=${instants[10]}`, 503)).code).toBe('catching-up');
    // A commit recorded by then may still arrive within the maximum duration of an append. The story was not open yet.
    const { rows } = await newsroom.pool.query(`select max(recorded) as last from ${newsroom.build}.shown_commit`);
    const before = (ms: number) => new Date(Date.parse(rows[0].last) - ms).toISOString();
    expect((await refusal(`${base}?knownAt=${before(longestAppendMs)}`, 404)).code).toBe('not-yet');
    expect((await refusal(`${base}?knownAt=${before(longestAppendMs - 1)}`, 503)).code).toBe('catching-up');
    await newsroom.replay();
  });
});

describe('the refusal of a question about the past', () => {
  it.each([
    ['position=0', 'position', /whole number from 1 to the present position/],
    ['position=1.5', 'position', /whole number from 1/],
    ['position=last', 'position', /whole number from 1/],
    ['position=16', 'position', /from 1 to the present position, which is 15/],
    ['knownAt=yesterday', 'knownAt', /ISO 8601 instant with an offset or Z/],
    ['knownAt=2026-01-01T10:00:00', 'knownAt', /with an offset or Z/],
    ['visibleAt=2026-01-01', 'visibleAt', /with an offset or Z/],
    ['visibleAt=9999-12-31T23:59:59-05:00', 'visibleAt', /years 0001 to 9999/],
    ['happenedBy=', 'happenedBy', /with an offset or Z/],
    ['happenedBy=2026-02-30T00:00:00Z', 'happenedBy', /with an offset or Z/],
    ['knownAt=2026-01-01T10:00:00Z&knownAt=2026-01-01T10:00:00Z', 'knownAt', /with an offset or Z/],
    ['knownat=2026-01-01T10:00:00Z', 'knownat', /unknown field/],
  ])('%s is refused, with the field and what is allowed', async (query, field, message) => {
    for (const path of allPaths()) {
      const { errors } = await refusal(`${base}${path}?${query}`, 422);
      expect(errors).toEqual([{ field, message: expect.stringMatching(message) }]);
    }
  });

  it('before the story was opened, the answer is 404 and says when it was opened', async () => {
    for (const path of allPaths()) {
      const { code, detail } = await refusal(`${base}${path}?position=3`, 404);
      expect(code).toBe('not-yet');
      expect(detail).toMatch(/^The story was opened later than position 1: at position 4, at 20/);
    }
    expect((await refusal(`${base}?knownAt=${instants[0]}`, 404)).code).toBe('not-yet');
    expect((await refusal('/stories/none?position=3', 404)).code).toBe('unknown-story');
  });

  it('before a development or an actor was known, the answer is 404', async () => {
    expect((await refusal(`${base}/timeline/${third}?position=9`, 404)).code).toBe('not-yet');
    expect((await refusal(`${base}/timeline/none?position=9`, 404)).code).toBe('unknown-development');
    expect((await refusal(`${base}/actors/eva?position=9`, 404)).code).toBe('not-yet');
    expect((await refusal(`${base}/actors/none?position=9`, 404)).code).toBe('unknown-actor-id');
  });
});

it('the OpenAPI document describes the moment parameters for every read about a story', async () => {
  const { body } = await get('/docs-json').expect(200);
  for (const path of ['', '/timeline', '/timeline/{development}', '/actors', '/actors/{actor}']) {
    const { parameters } = body.paths[`/stories/{story}${path}`].get;
    const described = parameters.filter(
      (it: { in: string; description?: string }) => it.in === 'query' && it.description,
    );
    expect(described.map(({ name }: { name: string }) => name)).toEqual(
      expect.arrayContaining(['position', 'knownAt', 'visibleAt', 'happenedBy']),
    );
  }
  expect(body.components.schemas.AsOf.required).toEqual(['position', 'build']);
});
