import { actorStream, storyStream, type OpaqueEvent } from '#domain';
import { openPool } from '#postgres';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { signedInAs, withRoles } from '../../../test/harness/roles.js';
import { corrected, listeningReader, meeting, recorded, takenDown, TestNewsroom, until } from './newsroom.fixture.js';

// Actors and conditions of an embargoed post: whole answers, byte for byte, are what they would be without them.

let database: Awaited<ReturnType<typeof TestNewsroom.database>>;
let newsroom: TestNewsroom;
let reader: Awaited<ReturnType<typeof listeningReader>>;
/** All that an open page was sent. */
let sent = '';
const page = new AbortController();

const stream = storyStream('talks');
const [shown, secret, second] = [randomUUID(), randomUUID(), randomUUID()];
const on = (type: OpaqueEvent['type'], data: object) => ({ type, data }) as OpaqueEvent;
const ghosts = Array.from({ length: 7 }, (_, n) => `ghost-${n}`);
/** A name, an alias and a description of each: 21 texts that nobody may read early or too long. */
const textsOf = (id: string) => ['Named', 'Called', 'Described'].map(word => `${word}${id.replace('-', '')}`);
const canaries = ghosts.flatMap(textsOf);
const profileOf = (id: string) => {
  const [name, alias, description] = textsOf(id);
  return { name, kind: 'person', aliases: [alias], affiliations: ['ada'], description };
};
const condition = 'ghost-agrees';
const hidden = 'nobody-hears';
const unknown = 'never-was-so';
const hanging = { mode: 'conditional' as const, conditions: [{ id: condition, text: 'the ghost agrees' }] };
const embargoed = meeting(ghosts, { headline: 'They meet in secret', modality: hanging });

const paths = () => [
  '/actors',
  '/actors?limit=1',
  '/actors/ada',
  '/stories',
  '/stories/talks',
  ...['', '?position=4', `?knownAt=2099-01-01T00:00:00Z`, '?happenedBy=2099-01-01T00:00:00Z'].flatMap(moment =>
    ['/timeline', '/actors', '/actors/ada'].map(path => `/stories/talks${path}${moment}`),
  ),
  ...['ghost-0', 'Namedghost0', 'calledghost0'].map(ref => `/stories/talks/timeline?actor=${ref}`),
  '/stories/talks/timeline?actor=ghost',
  '/actors/ghost-0',
  '/stories/talks/actors/ghost-0',
  '/stories/talks/actors/ghost-0?position=4',
  `/stories/talks/timeline?condition=${condition}`,
  '/stories/talks/feed.atom',
  '/stories/talks/feed.json',
  '/stories/talks/feed.rss',
  '/stories/talks/timemap',
  '/search?q=Namedghost0',
  '/sitemap.xml',
  '/s',
  '/s/talks',
  '/s/talks/actors/ada',
  '/s/talks/embed',
  '/s/talks/actors/ada/embed',
  '/s/talks/actors/ghost-0',
  '/s/talks/history',
];

interface Whole {
  readonly path: string;
  readonly status: number;
  readonly headers: Record<string, string>;
  readonly text: string;
}
async function whole(path: string): Promise<Whole> {
  const response = await fetch(`${reader.url}${path}`);
  const { date: _date, ...headers } = Object.fromEntries(response.headers);
  return { path, status: response.status, headers, text: await response.text() };
}
async function everything(): Promise<Whole[]> {
  const answers = [];
  for (const path of paths()) answers.push(await whole(path));
  return answers;
}
const foundIn = (text: string) => canaries.filter(canary => text.toLowerCase().includes(canary.toLowerCase()));
/** All answers, but for those that repeat a name from the question. */
const allText = async () => {
  const answers = (await everything()).filter(({ path }) => foundIn(path).length === 0);
  return JSON.stringify(answers.map(({ headers, text }) => [headers, text]));
};

/** All that the reader's role can select. */
async function selectable(): Promise<string> {
  const pool = openPool(signedInAs('reader-api', database.databaseUrl), { application: 'attacker', max: 1 });
  try {
    const { rows } = await pool.query<{ name: string }>(
      `select format('%I.%I', nspname, relname) as name from pg_class join pg_namespace on pg_namespace.oid = relnamespace
       where relkind in ('r', 'v') and nspname not in ('pg_catalog', 'information_schema', 'pg_toast')
         and has_schema_privilege(nspname, 'usage') and has_table_privilege(pg_class.oid, 'select')`,
    );
    await pool.query(`set dateline.at = 1000000`);
    await pool.query(`set dateline.begun = 9e15`);
    let all = '';
    for (const { name } of rows) all += JSON.stringify((await pool.query(`select * from ${name}`)).rows);
    return all;
  } finally {
    await pool.end();
  }
}

async function follow(): Promise<void> {
  const response = await fetch(`${reader.url}/stories/talks/live`, { signal: page.signal });
  const decoder = new TextDecoder();
  for await (const chunk of response.body!) sent += decoder.decode(chunk as Uint8Array, { stream: true });
}

beforeAll(async () => {
  database = await TestNewsroom.database();
  newsroom = await TestNewsroom.on(database.databaseUrl);
  await newsroom.register('ada', 'Ada');
  await newsroom.openStory('talks');
  await newsroom.post(stream, recorded(shown, meeting(['ada'])));
  reader = await listeningReader(database.databaseUrl);
  follow().catch(() => undefined);
});
afterAll(async () => {
  page.abort();
  await reader?.close();
  await newsroom?.close();
  await database?.drop();
});

const list = async (query = '') => {
  const { actors } = JSON.parse((await whole(`/actors${query}`)).text);
  return actors.map(({ id }: { id: string }) => id);
};

describe('actors who are registered for an embargoed post', () => {
  it('no byte of any answer changes when they are registered, amended and named under embargo', async () => {
    const before = await everything();
    for (const id of ghosts) await newsroom.post(actorStream(id), on('ActorRegistered', profileOf(id)));
    // An entry that readers know names one of them as its affiliation: that would tell of it, too.
    const affiliated = { name: 'Ada', kind: 'person', aliases: [], affiliations: ['ghost-0'] };
    await newsroom.post(stream, recorded(secret, embargoed), on('DevelopmentEmbargoed', { development: secret }));
    await newsroom.post(actorStream('ghost-0'), on('ActorAmended', profileOf('ghost-0')));
    expect(await everything()).toEqual(before);
    expect(sent).not.toMatch(/ghost/i);
    await newsroom.post(actorStream('ada'), on('ActorAmended', affiliated));
    expect(JSON.parse((await whole('/actors/ada')).text)).toMatchObject({ affiliations: [] });
    expect(foundIn(await allText())).toEqual([]);
  });

  it('no table that the reader’s role can select has a word of them', async () => {
    const all = await selectable();
    expect(all).toContain('Ada');
    if (withRoles()) expect(foundIn(all)).toEqual([]);
  });

  it('from the lift on they are in every answer, and at earlier positions in none', async () => {
    const tag = (await whole('/actors')).headers.etag;
    const ada = (await whole('/actors/ada')).headers.etag;
    const lift = await newsroom.post(stream, on('EmbargoLifted', { development: secret }));
    expect(await list()).toEqual(['ada', ...ghosts]);
    expect((await whole('/actors')).headers.etag).not.toBe(tag);
    const entry = await whole('/actors/ada');
    expect([JSON.parse(entry.text).affiliations, entry.headers.etag === ada]).toEqual([['ghost-0'], false]);
    for (const ref of ['ghost-0', 'Namedghost0', 'CALLEDGHOST0'])
      expect((await whole(`/stories/talks/timeline?actor=${ref}`)).status).toBe(200);
    expect((await whole(`/stories/talks/timeline?position=${lift}`)).text).toContain('Namedghost3');
    expect((await whole(`/stories/talks/actors/ghost-3?position=${lift}`)).status).toBe(200);
    const earlier = await whole(`/stories/talks/actors/ghost-3?position=${lift - 1}`);
    expect([earlier.status, JSON.parse(earlier.text).code]).toEqual([404, 'not-yet']);
    await until(() => sent.includes('Namedghost3'));
    expect(sent).toContain('Namedghost3');
  });

  it('an actor stays while a former content names it, and goes with the last takedown of what names it', async () => {
    await newsroom.post(stream, recorded(second, meeting(['ghost-6'])));
    await newsroom.post(stream, corrected(secret, meeting(['ada']), 'The names.', 'Others met.'));
    expect(await list()).toEqual(['ada', ...ghosts]);
    await newsroom.post(stream, ...takenDown(secret));
    expect(await list()).toEqual(['ada', 'ghost-6']);
    await newsroom.post(stream, ...takenDown(second));
    expect(await list()).toEqual(['ada']);
    expect(foundIn(await allText())).toEqual([]);
    if (withRoles()) expect(foundIn(await selectable())).toEqual([]);
    for (const path of ['/actors/ghost-6', '/stories/talks/actors/ghost-6'])
      expect(await whole(path)).toMatchObject({ status: 404, text: expect.not.stringContaining('not-yet') });
  });
});

describe('the id of a condition under embargo', () => {
  /** The answer, with the id in question replaced. Both ids have the same length. */
  const asked = async (path: string, id: string) => {
    const { status, headers, text } = await whole(path.replace('ID', id));
    return { status, headers, text: text.replaceAll(id, 'ID') };
  };
  it.each([
    '/stories/talks/timeline?condition=ID',
    '/stories/talks/timeline?condition=ID&limit=1&order=story',
    '/stories/talks/timeline?condition=ID&position=5',
    '/stories/talks/timeline?condition=ID&knownAt=2099-01-01T00:00:00Z',
    '/stories/talks/timeline?condition=ID&happenedBy=2099-01-01T00:00:00Z',
    '/s/talks?condition=ID',
    '/s/talks/history?condition=ID',
  ])('%s answers as for an id that never was', async path => {
    const development = randomUUID();
    const conditions = [{ id: hidden, text: 'the ghost agrees' }];
    const content = meeting(['ada'], { modality: { mode: 'conditional', conditions } });
    expect(hidden).toHaveLength(unknown.length);
    await newsroom.post(stream, recorded(development, content), on('DevelopmentEmbargoed', { development }));
    expect(await asked(path, hidden)).toEqual(await asked(path, unknown));
  });
});

it('an actor’s entry has another tag once a takedown took away an affiliation that nothing else names', async () => {
  const ofOrg = randomUUID();
  await newsroom.register('org', 'The Organisation');
  const eva = { name: 'Eva', kind: 'person', aliases: [], affiliations: ['org'] };
  await newsroom.post(actorStream('eva'), on('ActorRegistered', eva));
  await newsroom.post(stream, recorded(ofOrg, meeting(['org'])));
  await newsroom.post(stream, recorded(randomUUID(), meeting(['eva'])));
  const before = await whole('/actors/eva');
  expect(JSON.parse(before.text)).toMatchObject({ affiliations: ['org'] });
  await newsroom.post(stream, ...takenDown(ofOrg));
  const after = await fetch(`${reader.url}/actors/eva`, { headers: { 'If-None-Match': before.headers.etag! } });
  expect([after.status, after.headers.get('etag') === before.headers.etag]).toEqual([200, false]);
  expect(await after.json()).toMatchObject({ affiliations: [] });
});
