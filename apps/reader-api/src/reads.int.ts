import { ActorState, History, OneEntry, OneStory, Page, StoryActors } from '#contract';
import { storyStream } from '#domain';
import { ProblemDetails } from '#platform';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import request from 'supertest';
import { emptyDatabase, prepareNewsroom } from '../../../test/harness/databases.js';
import { Actors } from './http/actors.js';
import { Stories } from './http/stories.js';
import { corrected, listeningReader, meeting, recorded, retracted, TestNewsroom } from './newsroom.fixture.js';

let database: Awaited<ReturnType<typeof TestNewsroom.database>>;
let newsroom: TestNewsroom;
let reader: Awaited<ReturnType<typeof listeningReader>>;

const get = (path: string) => request(reader.url).get(path);
const story = 'harbour-talks';
const stream = storyStream(story);
const ids: string[] = Array.from({ length: 6 }, () => randomUUID());

beforeAll(async () => {
  database = await TestNewsroom.database();
  newsroom = await TestNewsroom.on(database.databaseUrl);
  reader = await listeningReader(database.databaseUrl);
  await newsroom.register('ada-berg', 'Ada Berg', 'Adda Berg', 'Berg');
  await newsroom.register('ole-dahl', 'Ole Dahl');
  await newsroom.register('nobody-named', 'Nobody Named', 'Berg');
  // Readers know only actors whom something names.
  await newsroom.openStory('named-elsewhere');
  await newsroom.post(storyStream('named-elsewhere'), recorded(randomUUID(), meeting(['nobody-named'])));
  await newsroom.openStory(story);
  const condition = { id: 'storm-passes', text: 'if the storm passes' };
  await newsroom.postAll([
    {
      stream,
      events: [
        recorded(ids[0]!, meeting(['ada-berg', 'ole-dahl'])),
        { type: 'DevelopmentMarkedKey', data: { development: ids[0]! } },
      ],
    },
    {
      stream,
      events: [
        recorded(
          ids[1]!,
          meeting(['ada-berg'], { headline: 'Is 1 < 2 & "so"?', body: '<script>alert(1)</script> **yes**' }),
        ),
      ],
    },
    {
      stream,
      events: [
        recorded(ids[2]!, meeting(['ole-dahl'], { modality: { mode: 'conditional', conditions: [condition] } })),
      ],
    },
    { stream, events: [recorded(ids[3]!, meeting(['ole-dahl'], { body: 'To be withdrawn.' }))] },
    {
      stream,
      events: [{ type: 'ConditionSettled', data: { condition: 'storm-passes', fate: 'met', reason: 'It passed.' } }],
    },
    {
      stream,
      events: [
        corrected(ids[3]!, meeting(['ole-dahl'], { body: 'Still to be withdrawn.' }), 'The body.', 'Told wrongly.'),
      ],
    },
    { stream, events: [retracted(ids[3]!, 'It was not so.')] },
    {
      stream,
      events: [
        corrected(
          ids[0]!,
          meeting(['ada-berg', 'ole-dahl'], { headline: 'Another headline' }),
          'The headline.',
          'A slip.',
        ),
      ],
    },
    {
      stream,
      events: [
        recorded(ids[4]!, meeting(['ada-berg'])),
        { type: 'DevelopmentSuperseded', data: { development: ids[1]!, by: ids[4]! } },
      ],
    },
  ]);
});

afterAll(async () => {
  await reader.close();
  await newsroom.close();
  await database.drop();
});

const page = async (path: string) => Page.strict().parse((await get(path).expect(200)).body);
const entriesOf = async (query: string) =>
  (await page(`/stories/${story}/timeline?${query}`)).entries.map(({ id }) => ids.indexOf(id));

describe('a timeline', () => {
  it('the timeline is ordered newest first, or from the beginning of the story', async () => {
    expect(await entriesOf('')).toEqual([4, 3, 2, 1, 0]);
    expect(await entriesOf('order=story')).toEqual([0, 1, 2, 3, 4]);
  });

  it.each([
    ['type=meeting-scheduled', [4, 3, 2, 1, 0]],
    ['type=arrival', []],
    ['type=arrival&type=meeting-scheduled&limit=1', [4]],
    ['type=arrival,meeting-scheduled&limit=1', [4]],
    ['actor=ada-berg', [4, 1, 0]],
    ['actor=Ada%20Berg', [4, 1, 0]],
    ['actor=ADA+BERG', [4, 1, 0]],
    ['actor=Adda%20Berg', [4, 1, 0]],
    ['actor=ada-berg&actor=ole-dahl&status=active', [4, 2, 0]],
    ['actor=nobody-named', []],
    ['key=true', [0]],
    ['key=false', [4, 3, 2, 1, 0]],
    ['condition=storm-passes', [2]],
    ['words=MEETING+plan', [4, 3, 2]],
    ['words=1+%3C+2', [1]],
    // A retracted entry shows only its headline, so the search ignores its body.
    ['words=withdrawn', []],
    ['words=100%25', []],
    ['status=superseded', [1]],
    ['status=superseded&status=retracted', [3, 1]],
    ['status=superseded,retracted', [3, 1]],
  ])('the timeline filtered by %s has the entries %j', async (query, held) => {
    expect(await entriesOf(query)).toEqual(held);
  });

  it.each([
    ['nothing but blanks', '%20'],
    ['more words than 8', Array.from({ length: 9 }, (_, n) => n).join('+')],
    ['more characters than 100', 'x'.repeat(101)],
    ['what Postgres cannot hold', '%00'],
  ])('a search for %s is refused', async (_, words) => {
    const { body } = await get(`/stories/${story}/timeline?words=${words}`).expect(422);
    expect(body.errors).toMatchObject([{ field: 'words' }]);
  });

  it('a search for 8 words and 100 characters is accepted', async () => {
    expect(await entriesOf(`words=${'a+'.repeat(7)}${'x'.repeat(86)}`)).toEqual([]);
  });

  it('the pages hold each entry once, although new entries arrive', async () => {
    const busy = 'busy-day';
    await newsroom.openStory(busy);
    const all: string[] = Array.from({ length: 25 }, () => randomUUID());
    const commit = (id: string) => ({ stream: storyStream(busy), events: [recorded(id, meeting(['ada-berg']))] });
    await newsroom.postAll(all.map(commit));
    for (const order of ['newest', 'story']) {
      const seen: string[] = [];
      const added: string[] = [];
      const first = `/stories/${busy}/timeline?limit=4&type=meeting-scheduled&order=${order}`;
      for (let next: string | null = first; next;) {
        const { entries, next: following } = await page(next);
        seen.push(...entries.map(({ id }) => id));
        next = following;
        if (added.length < 3) {
          added.push(randomUUID());
          await newsroom.postAll([commit(added.at(-1)!)]);
        }
      }
      expect(seen).toEqual(order === 'newest' ? all.toReversed() : [...all, ...added]);
      all.push(...added);
    }
  });

  it('a conditional entry has the outcome of its condition', async () => {
    const { entries } = await page(`/stories/${story}/timeline?condition=storm-passes`);
    expect(entries[0]!.modality).toMatchObject({
      mode: 'conditional',
      conditions: [{ id: 'storm-passes', fate: 'met', reason: 'It passed.' }],
    });
  });

  it('entries name their actors and what they supersede', async () => {
    const { entries } = await page(`/stories/${story}/timeline?order=story`);
    expect(entries[0]!.actors).toEqual([
      { id: 'ada-berg', name: 'Ada Berg' },
      { id: 'ole-dahl', name: 'Ole Dahl' },
    ]);
    expect(entries[1]).toMatchObject({ status: 'superseded', supersededBy: ids[4] });
    expect(entries[4]).toMatchObject({ status: 'active', supersedes: [ids[1]] });
  });

  it('a correction says what was wrong, why, when and by whom, and the history has the earlier content', async () => {
    const { entry } = OneEntry.parse((await get(`/stories/${story}/timeline/${ids[0]}`).expect(200)).body);
    expect(entry).toMatchObject({ headline: 'Another headline', key: true });
    expect(entry.corrections).toEqual([
      expect.objectContaining({
        wrong: 'The headline.',
        reason: 'A slip.',
        by: 'Test Editor',
        recorded: expect.any(String),
      }),
    ]);
    const history = History.strict().parse(
      (await get(`/stories/${story}/timeline/${ids[0]}/history`).expect(200)).body,
    );
    expect(history).toMatchObject({ story, development: ids[0], next: null });
    expect(history.corrections).toMatchObject([
      { wrong: 'The headline.', reason: 'A slip.', was: { headline: 'A meeting is planned' } },
    ]);
  });

  it('a retracted entry has its headline and the reason, and no other words', async () => {
    const response = await get(`/stories/${story}/timeline/${ids[3]}`).expect(200);
    expect(response.body.entry).toMatchObject({
      headline: 'A meeting is planned',
      bodyHtml: null,
      data: null,
      status: 'retracted',
      retraction: { reason: 'It was not so.', by: 'Test Editor' },
    });
    expect(response.text).not.toContain('withdrawn');
  });

  it('an entry has no markup in its bytes, and its HTML shows tags as text', async () => {
    const response = await get(`/stories/${story}/timeline/${ids[1]}`).expect(200);
    expect(response.text).not.toMatch(/[<>&]/);
    expect(response.body.entry).toMatchObject({
      headline: 'Is 1 < 2 & "so"?',
      headlineHtml: 'Is 1 &lt; 2 &amp; &quot;so&quot;?',
      bodyHtml: '<p>&lt;script&gt;alert(1)&lt;/script&gt; <strong>yes</strong></p>',
    });
  });
});

describe('stories and actors', () => {
  it('the answers match their schemas', async () => {
    const { stories } = Stories.strict().parse((await get('/stories').expect(200)).body);
    expect(stories.map(({ id }) => id)).toContain(story);
    expect(OneStory.strict().parse((await get(`/stories/${story}`).expect(200)).body)).toMatchObject({
      status: 'open',
      developments: 4,
    });
    const { actors } = Actors.strict().parse((await get('/actors').expect(200)).body);
    expect((await get('/actors/ada-berg').expect(200)).body).toEqual(actors.find(({ id }) => id === 'ada-berg'));
    const known = StoryActors.strict().parse((await get(`/stories/${story}/actors`).expect(200)).body);
    expect(known.actors.map(({ name }) => name).sort()).toEqual(['Ada Berg', 'Ole Dahl']);
  });

  it('an actor’s state has cells with the developments that they cite', async () => {
    const state = ActorState.strict().parse((await get(`/stories/${story}/actors/ole-dahl`).expect(200)).body);
    const [cell] = state.cells;
    expect(cell).toMatchObject({ facet: 'meeting', key: 'talks' });
    expect(cell!.citations.map(({ development }) => ids.indexOf(development))).toEqual([2, 0]);
    expect(cell!.current).toMatchObject({ development: ids[0], value: { format: 'one on one' } });
    expect(cell!.citations[0]!.modality.conditions).toMatchObject([{ fate: 'met' }]);
    expect((await get(`/stories/${story}/actors/nobody-named`).expect(200)).body.cells).toEqual([]);
  });
});

describe('an ETag', () => {
  const tagOf = async (path: string) => (await get(path).expect(200)).headers.etag as string;

  it('the ETag stays while other stories change, and changes with the story and with any actor that readers know', async () => {
    const path = `/stories/${story}/timeline`;
    const tag = await tagOf(path);
    await newsroom.openStory('elsewhere');
    const unchanged = await get(path).set('If-None-Match', tag.replace('W/', '')).expect(304);
    expect(unchanged.text).toBe('');
    expect(unchanged.headers).toMatchObject({ etag: tag, 'cache-control': 'no-cache' });
    await newsroom.post(stream, { type: 'DevelopmentPinned', data: { development: ids[2]! } });
    const moved = await get(path).set('If-None-Match', tag).expect(200);
    await newsroom.register('new-comer', 'New Comer');
    expect(await tagOf(path)).toBe(moved.headers.etag);
    await newsroom.post(storyStream('named-elsewhere'), recorded(randomUUID(), meeting(['new-comer'])));
    expect(await tagOf(path)).not.toBe(moved.headers.etag);
  });

  it.each([
    '/stories',
    '/actors',
    '/actors/ada-berg',
    `/stories/${story}`,
    `/stories/${story}/actors`,
    `/stories/${story}/actors/ada-berg`,
  ])('%s gives 304 for its own ETag', async path => {
    await get(path)
      .set('If-None-Match', await tagOf(path))
      .expect(304);
  });
});

describe('a problem', () => {
  it.each([
    ['/stories/no-such-story', 'unknown-story'],
    ['/stories/no-such-story/timeline', 'unknown-story'],
    ['/stories/no-such-story/live', 'unknown-story'],
    [`/stories/${story}/timeline/no-such-development`, 'unknown-development'],
    [`/stories/${story}/actors/no-such-actor`, 'unknown-actor-id'],
    ['/actors/Not%20An%20Id', 'unknown-actor-id'],
  ])('%s gives 404 and the code of what is unknown', async (path, code) => {
    const response = await get(path)
      .expect(404)
      .expect('content-type', /^application\/problem\+json/);
    expect(ProblemDetails.parse(response.body)).toMatchObject({ status: 404, code });
  });

  it.each([
    ['limit=0', 'limit', /from 1 to 200/],
    ['limit=201', 'limit', /from 1 to 200/],
    ['limit=many', 'limit', /from 1 to 200/],
    ['cursor=bm8', 'cursor', /`next`/],
    ['type=gossip', 'type', /meeting-scheduled/],
    ['type=arrival,gossip', 'type', /meeting-scheduled/],
    ['actor=no-such-actor', 'actor', /no-such-actor/],
    ['condition=constructor', 'condition', /constructor/],
    ['condition=no-such-condition', 'condition', /no-such-condition/],
    ['status=gone', 'status', /retracted/],
    ['actor=Berg', 'actor', /more than one|More than one/],
    ['order=oldest', 'order', /newest/],
    ['limt=3', 'limt', /remove it/],
  ])('?%s gives 422, names the field %s and says what is allowed', async (query, field, message) => {
    const response = await get(`/stories/${story}/timeline?${query}`).expect(422);
    expect(ProblemDetails.parse(response.body).errors).toEqual([
      expect.objectContaining({ field, message: expect.stringMatching(message) }),
    ]);
  });

  it.each([`/stories/${story}/timeline?actor=%3Cb%3E%26`, '/nowhere?a=1&b=%3Cb%3E'])(
    'the problem for %s has no markup in its bytes',
    async path => {
      const response = await get(path).expect('content-type', /^application\/problem\+json/);
      expect(response.text).not.toMatch(/[<>&]/);
    },
  );

  it('a cursor cannot continue a list in another order', async () => {
    const { next } = await page(`/stories/${story}/timeline?limit=1`);
    const response = await get(`${next}&order=story`).expect(422);
    expect(response.body.errors[0].field).toBe('cursor');
  });
});

describe('the API', () => {
  it('pages of any origin may read it', async () => {
    const response = await get('/stories').set('Origin', 'https://paper.example').expect(200);
    expect(response.headers).toMatchObject({
      'access-control-allow-origin': '*',
      'access-control-expose-headers': 'ETag,Retry-After,Link,Memento-Datetime',
      'x-content-type-options': 'nosniff',
    });
    const preflight = await request(reader.url)
      .options(`/stories/${story}/live`)
      .set('Origin', 'https://paper.example')
      .set('Access-Control-Request-Method', 'GET')
      .set('Access-Control-Request-Headers', 'last-event-id');
    expect(preflight.headers['access-control-allow-headers']).toContain('Last-Event-ID');
  });

  it('the OpenAPI document describes every route with the schema that was checked here', async () => {
    const { body } = await get('/docs-json').expect(200);
    expect(body.openapi).toBe('3.1.0');
    const answers = Object.entries(
      body.paths as Record<
        string,
        { get: { responses: Record<string, { content?: Record<string, { schema?: { $ref?: string } }> }> } }
      >,
    )
      .filter(([path]) => !path.startsWith('/health'))
      .map(([path, { get }]) => [
        path,
        Object.values(get.responses['200']!.content ?? {})[0]
          ?.schema?.$ref?.split('/')
          .at(-1),
      ]);
    expect(Object.fromEntries(answers)).toEqual({
      '/stories': 'Stories',
      '/stories/{story}': 'OneStory',
      '/stories/{story}/timeline': 'TimelinePage',
      '/stories/{story}/timeline/{development}': 'OneEntry',
      '/stories/{story}/timeline/{development}/history': 'History',
      '/stories/{story}/timeline/{development}/edits': 'Edits',
      '/stories/{story}/live': 'Change',
      '/stories/{story}/changes': 'ChangesOrDifference',
      '/search': 'SearchResults',
      '/stories/{story}/actors': 'StoryActors',
      '/stories/{story}/actors/{actor}': 'ActorState',
      '/actors': 'Actors',
      '/actors/{actor}': 'Actor',
      '/media/{name}': undefined,
      '/oembed': 'Oembed',
    });
    const { responses } = body.paths['/stories/{story}/live'].get;
    expect(Object.keys(responses['200'].content)).toEqual(['text/event-stream']);
    expect(Object.keys(responses['404'].content)).toEqual(['application/problem+json']);
    expect(body.components.schemas.ToldEntry.required).toContain('retraction');
    expect(JSON.stringify(body)).not.toContain('"nullable"');
  });
});

describe('while the database cannot be reached', () => {
  it('reads give 503, and the process is alive but not ready', async () => {
    const lonely = await listeningReader('postgres://nobody@127.0.0.1:1/nothing');
    const at = (path: string) => request(lonely.url).get(path);
    try {
      const refused = await at('/stories').expect(503).expect('retry-after', '1');
      expect(refused.body.code).toBe('not-answering');
      await at('/health/live').expect(200);
      await at('/health/ready').expect(503);
    } finally {
      await lonely.close();
    }
  });
});

describe('before the projector has built anything', () => {
  it('reads give 503 until a build is live, and the process is alive but not ready', async () => {
    const blank = await emptyDatabase('reader');
    const early = await listeningReader(blank.url);
    const at = (path: string) => request(early.url).get(path);
    try {
      const refused = await at('/stories').expect(503).expect('retry-after', '1');
      expect(refused.body.code).toBe('nothing-to-read');
      await at('/health/live').expect(200);
      await at('/health/ready').expect(503);
      await prepareNewsroom(blank.url);
      const begun = await TestNewsroom.on(blank.url);
      await begun.close();
      await at('/stories').expect(200);
      expect((await at('/health/ready').expect(200)).body).toMatchObject({ status: 'ready', position: 1 });
    } finally {
      await early.close();
      await blank.drop();
    }
  });
});
