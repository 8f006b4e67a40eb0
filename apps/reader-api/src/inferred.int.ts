import { storyStream, type OpaqueEvent } from '#domain';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { corrected, listeningReader, meeting, recorded, TestNewsroom } from './newsroom.fixture.js';

/**
 * Two newsrooms, alike but for a post under embargo, which was also corrected, marked and proposed for retraction. Whoever can tell the one
 * from the other by anonymous requests learns that something was recorded that nobody may know of yet.
 */
const names = ['with', 'without'] as const;
type Name = (typeof names)[number];

const id = (n: number) => `00000000-0000-4000-8000-00000000000${n}`;
const [shown, secret, later] = [id(1), id(2), id(3)];
const stream = storyStream('talks');
const on = (type: OpaqueEvent['type'], data: object) => ({ type, data }) as OpaqueEvent;
const hidden: OpaqueEvent[][] = [
  [
    recorded(secret, meeting(['ada', 'bo'], { headline: 'Not yet' })),
    on('DevelopmentEmbargoed', { development: secret }),
  ],
  [corrected(secret, meeting(['bo'], { headline: 'Still not' }), 'Wrong.', 'Why.')],
  [on('DevelopmentMarkedKey', { development: secret })],
  [on('RetractionProposed', { development: shown, told: { reason: 'So.' }, as: 'editor' })],
];

interface Side {
  readonly database: Awaited<ReturnType<typeof TestNewsroom.database>>;
  readonly newsroom: TestNewsroom;
  readonly reader: Awaited<ReturnType<typeof listeningReader>>;
  readonly last: number;
}
const sides = {} as Record<Name, Side>;
const minute = (n: number) => `2026-05-01T10:${String(n).padStart(2, '0')}:00.000Z`;

/** Posts what both newsrooms have. The log with the embargo goes on beyond it, in another minute. */
async function open(name: Name): Promise<Side> {
  const database = await TestNewsroom.database();
  const newsroom = await TestNewsroom.on(database.databaseUrl, minute(0), 'alike');
  await newsroom.register('ada', 'Ada');
  await newsroom.openStory('talks');
  newsroom.recorded = minute(1);
  const last = await newsroom.post(stream, recorded(shown, meeting(['ada'])));
  if (name === 'with') {
    newsroom.recorded = minute(2);
    await newsroom.register('bo', 'Bo');
    for (const events of hidden) await newsroom.post(stream, ...events);
  }
  // The database's clock says when readers could see a position. Here it is the minute of the position.
  await newsroom.pool.query(
    `update dateline.visibility set at = '2026-05-01T10:' || lpad(last::text, 2, '0') || ':30.000Z'`,
  );
  const reader = await listeningReader(database.databaseUrl, { PUBLIC_URL: 'https://live.example' });
  return { database, newsroom, reader, last };
}

beforeAll(async () => {
  for (const name of names) sides[name] = await open(name);
});
afterAll(async () => {
  for (const { reader, newsroom, database } of Object.values(sides)) {
    await reader.close();
    await newsroom.close();
    await database.drop();
  }
});

/** Values for each parameter of a path or a query: those that exist, those that are hidden, and those that do not exist. */
const positions = Array.from({ length: 12 }, (_, n) => String(n));
const times = [1, 2, 3, 5, 8, 30].map(minute);
const values: Readonly<Record<string, readonly string[]>> = {
  story: ['talks', 'none'],
  development: [shown, secret, later],
  actor: ['ada', 'bo', 'none'],
  position: positions,
  from: positions,
  to: positions,
  after: positions,
  knownAt: times,
  visibleAt: times,
  happenedBy: times,
  rewrites: ['0', '1'],
  cursor: ['x'],
  limit: ['1', '200'],
  order: ['asc', 'desc', 'oldest', 'newest'],
  brief: ['true', 'false'],
  q: ['meeting', 'still', 'not'],
  language: ['en'],
};
/** A value for a parameter that nobody thought of is of the wrong kind for most: a refusal is an answer too. */
const unforeseen = ['talks', 'ada', '1', 'true', 'meeting-scheduled'];

interface Parameter {
  readonly name: string;
  readonly in: string;
  readonly required?: boolean;
  readonly schema?: { readonly enum?: readonly string[] };
}
type Paths = Record<string, { get?: { parameters?: Parameter[] } }>;

const valuesOf = ({ name, schema }: Parameter) => values[name] ?? schema?.enum ?? unforeseen;
const combined = (parameters: readonly Parameter[]) =>
  parameters.reduce<Record<string, string>[]>(
    (all, each) => all.flatMap(one => valuesOf(each).map(value => ({ ...one, [each.name]: value }))),
    [{}],
  );

/** Every documented GET with each of its parameters in turn; and the pages, which no document lists. */
function addressesIn(paths: Paths): string[] {
  const pages: Paths = Object.fromEntries(
    [
      ...['/s', '/s/{story}', '/s/{story}/history', '/s/{story}/d/{development}', '/s/{story}/a/{actor}', '/s/search'],
      ...['/s/{story}/embed', '/s/{story}/d/{development}/embed', '/s/{story}/actors/{actor}/embed'],
      '/s/{story}/export',
    ].map(path => {
      const steps = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => ({ name: name!, in: 'path' }));
      const asked = ['q', 'position', 'at', 'knownAt', 'visibleAt', 'page'].map(name => ({ name, in: 'query' }));
      return [path, { get: { parameters: [...steps, ...asked] } }];
    }),
  );
  return Object.entries({ ...paths, ...pages }).flatMap(([path, { get }]) => {
    if (!get || path.endsWith('/live')) return [];
    const parameters = get.parameters ?? [];
    const steps = combined(parameters.filter(each => each.in === 'path'));
    const query = parameters.filter(each => each.in === 'query');
    const required = query.filter(each => each.required);
    const asked = [
      ...combined(required),
      ...query.filter(each => !each.required).flatMap(each => combined([...required, each])),
    ];
    return steps.flatMap(step => {
      const at = path.replaceAll(/\{(\w+)\}/g, (_, name: string) => step[name]!);
      return asked.map(each => `${at}?${new URLSearchParams(each)}`);
    });
  });
}

/** Everything that a client gets, but for the date of the answer and the process's own address. */
async function answerOf(name: Name, path: string, headers: Record<string, string> = {}) {
  const { url } = sides[name].reader;
  const answer = await fetch(`${url}${path}`, { headers: { Accept: '*/*', ...headers }, redirect: 'manual' });
  const got = Object.fromEntries([...answer.headers].filter(([header]) => header !== 'date'));
  return JSON.stringify({ status: answer.status, headers: got, body: await answer.text() });
}

const differing = async (path: string, headers?: Record<string, string>) => {
  const [one = '', other = ''] = await Promise.all(names.map(name => answerOf(name, path, headers)));
  const at = [...one].findIndex((letter, index) => letter !== other[index]);
  return one === other
    ? []
    : [[path, ...[one, other].map(text => text.slice(Math.max(0, at - 60), at + 80))].join('\n')];
};

/** The first events of a stream, for a moment. */
async function eventsOf(name: Name, query: string, headers: Record<string, string>): Promise<string> {
  const gone = new AbortController();
  let text = '';
  const url = `${sides[name].reader.url}/stories/talks/live${query}`;
  const { body } = await fetch(url, { headers, signal: gone.signal });
  // A refusal ends sooner.
  const timer = setTimeout(() => gone.abort(), 3_000);
  try {
    for await (const chunk of body!.pipeThrough(new TextDecoderStream())) text += chunk;
  } catch (error) {
    if (!gone.signal.aborted) throw error;
  } finally {
    clearTimeout(timer);
  }
  // How long to wait before connecting again is random, and heartbeats come by the clock.
  return text.replace(/^retry: \d+\n/m, '').replaceAll(': still here\n\n', '');
}

describe('a newsroom with a post under embargo, and one without', () => {
  it('the logs differ, so that this test looks for something', () => {
    expect(sides.with.newsroom.position).toBe(sides.without.newsroom.position + 5);
    expect(sides.with.last).toBe(sides.without.last);
  });

  it('every anonymous GET gets the same bytes, headers included', async () => {
    const document = await (await fetch(`${sides.with.reader.url}/docs-json`)).json();
    const addresses = addressesIn(document.paths);
    const found: string[] = [];
    for (let at = 0; at < addresses.length; at += 8)
      found.push(...(await Promise.all(addresses.slice(at, at + 8).map(address => differing(address)))).flat());
    expect([found.length, found.slice(0, 20)]).toEqual([0, []]);
    expect(addresses.length).toBeGreaterThan(2_000);
  });

  it('a Memento of any time, and a tag of any position, get the same answers', async () => {
    const found: string[] = [];
    for (const path of ['/stories/talks/timeline', '/s/talks'])
      for (const at of times) found.push(...(await differing(path, { 'Accept-Datetime': new Date(at).toUTCString() })));
    expect(found).toEqual([]);
  });

  it('a live stream begins with the same events, after every position', async () => {
    const starts: [string, Record<string, string>][] = [
      ['', {}],
      ...positions.map((n): [string, Record<string, string>] => [`?after=${n}`, {}]),
      ...positions.map((n): [string, Record<string, string>] => ['', { 'Last-Event-ID': n }]),
    ];
    const found = await Promise.all(
      starts.map(async ([query, headers]) => {
        const [one, other] = await Promise.all(names.map(name => eventsOf(name, query, headers)));
        return one === other ? [] : [`${query} ${JSON.stringify(headers)}\n${one}\n${other}`];
      }),
    );
    expect(found.flat()).toEqual([]);
  });

  it('what remains: the next post that readers see has a position that counts the hidden commits (docs/security.md)', async () => {
    const next = await Promise.all(
      names.map(name => sides[name].newsroom.post(stream, recorded(later, meeting(['ada'])))),
    );
    expect(next[0]! - next[1]!).toBe(5);
  });
});
