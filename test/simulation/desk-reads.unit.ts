import { devToken } from '#platform';
import { ReadableEntry } from '#contract';
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { EventSource } from 'eventsource';
import type { AddressInfo } from 'node:net';
import request from 'supertest';
import { CommandProcessor } from '../../apps/editor-api/src/commands/processor.js';
import { OldModel } from '../../apps/editor-api/src/state/layered.js';
import { DeskApp } from './desk-app.fixture.js';

const api = new DeskApp();
const { log, get, post } = api;

beforeAll(async () => {
  await api.open();
  await post('/actors', { id: 'mayor', name: 'The Mayor', kind: 'person', aliases: ['Her Honour'] });
});
afterAll(() => api.close());

const note = () => ({
  content: {
    kind: 'context',
    data: { topic: 'The count', summary: 'It goes on' },
    occurred: { precision: 'unknown' },
    sourcing: { basis: 'desk', standing: 'reported' },
    modality: { mode: 'conditional', conditions: [{ id: 'all-in', text: 'all votes are in' }] },
  },
});

interface Heard {
  readonly event: string;
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- tests look into answers freely
  readonly data: any;
}

/** An open feed: the events so far, and promises for expected ones. */
function desk(story: string) {
  const heard: Heard[] = [];
  const source = new EventSource(`${address()}/stories/${story}/feed`, {
    fetch: (url, init) => fetch(url, { ...init, headers: { ...init.headers, Authorization: `Bearer ${api.token}` } }),
  });
  for (const event of ['hello', 'commit', 'position', 'actors', 'resync'])
    source.addEventListener(event, ({ data }) => heard.push({ event, data: JSON.parse(data) }));
  const hears = async (wanted: (heard: Heard) => boolean): Promise<Heard> => {
    for (const end = Date.now() + 5_000; Date.now() < end;) {
      const found = heard.find(wanted);
      if (found) return found;
      await new Promise(resolve => setTimeout(resolve, 5));
    }
    throw new Error(`No such event among ${JSON.stringify(heard)}`);
  };
  return { heard, hears, close: () => source.close() };
}
const address = () => `http://127.0.0.1:${(api.app.getHttpServer().address() as AddressInfo).port}`;

describe('what the editor-api tells the desk', () => {
  test('/me names the person of the token and the acts that the roles allow', async () => {
    const { body } = await get('/me');
    expect(body).toMatchObject({ id: 'ed', name: 'Ed', roles: ['editor'] });
    expect(body.may).toEqual(expect.arrayContaining(['record-development', 'correct-development', 'amend-actor']));
    expect(body.may).not.toContain('require-approvals');
  });

  test.each(['/me', '/catalogue', '/stories', '/stories/count/developments', '/stories/count/feed', '/actors'])(
    '%s requires a token',
    async path => expect((await request(api.app.getHttpServer()).get(path)).status).toBe(401),
  );

  test('the lists of stories and actors have every story and every name of an actor', async () => {
    const { body } = await get('/stories');
    expect(body.stories).toMatchObject([{ id: 'count', title: 'The count', status: 'open', developments: 0 }]);
    expect((await get('/actors')).body.actors).toEqual([
      { id: 'mayor', name: 'The Mayor', kind: 'person', aliases: ['Her Honour'], affiliations: [] },
    ]);
  });

  test('the catalogue has the kinds, with the schemas for forms', async () => {
    const { kinds, content, actor } = (await get('/catalogue')).body;
    expect(kinds).toContainEqual({ kind: 'scenario', title: 'Scenario', modes: ['conditional'] });
    expect(content.$defs).toHaveProperty('Development_scenario.properties.data.properties.outcome.maxLength', 1_000);
    expect(actor.properties).toHaveProperty('aliases');
  });

  test('the list of developments has their state, and the outcome of conditions', async () => {
    const { body: first } = await post('/stories/count/developments', note());
    const { body: second } = await post('/stories/count/developments', note());
    await post(`/stories/count/developments/${first.development}/supersede`, { by: second.development });
    await post(`/stories/count/developments/${second.development}/mark-key`);
    await post('/stories/count/conditions/all-in/settle', { fate: 'met', reason: 'They are.' });
    const { body } = await get('/stories/count/developments');
    const development = {
      kind: 'context',
      standing: 'reported',
      conditions: ['all-in'],
      links: [],
      embargo: null,
      own: true,
      submitted: false,
    };
    expect(body.developments).toHaveLength(2);
    expect(body.developments).toEqual(
      expect.arrayContaining([
        { ...development, id: first.development, status: 'superseded', supersededBy: second.development, key: false },
        { ...development, id: second.development, status: 'active', supersededBy: null, key: true },
      ]),
    );
    expect(body.settled).toEqual({ 'all-in': 'met' });
    expect(body.story.head).toBe((await get('/stories/count')).headers.etag?.slice(1, -1));
  });

  test('a preview shows a draft as readers would see it, and records nothing', async () => {
    const before = log.records.length;
    const content = {
      ...note().content,
      kind: 'statement',
      data: { speaker: 'Her Honour', quote: 'We <count>.' },
      body: '**All** of it.',
    };
    const { status, body } = await post('/preview', { content });
    expect([status, log.records.length]).toEqual([200, before]);
    expect(ReadableEntry.strict().parse(body.entry)).toMatchObject({
      headline: 'If all votes are in: The Mayor: “We <count>.”',
      bodyHtml: '<p><strong>All</strong> of it.</p>',
      actors: [{ id: 'mayor', name: 'The Mayor' }],
      by: 'Ed',
      modality: { mode: 'conditional', conditions: [{ id: 'all-in', fate: null }] },
    });
    const german = await post('/preview', { content, language: 'de-AT' });
    expect(german.body.entry.headline).toBe('If all votes are in: The Mayor: „We <count>.“');
    expect(await post('/preview', { content, language: 'x'.repeat(36) })).toMatchObject({ status: 422 });
  });

  test('a preview of an incomplete draft lists the missing fields, without an error', async () => {
    const content = { ...note().content, kind: 'statement', data: { speaker: 'nobody', quote: 'We count.' } };
    const unknown = await post('/preview', { content });
    expect([unknown.status, unknown.body.lacks]).toMatchObject([200, [{ field: 'content.data.speaker' }]]);
    const bare = await post('/preview', { content: { kind: 'statement', data: {}, sourcing: { basis: 'desk' } } });
    // `occurred` has a default. A sourcing must be complete if it is given.
    expect(bare.body.lacks.map(({ field }: { field: string }) => field)).toEqual([
      'content.data.speaker',
      'content.sourcing.standing',
    ]);
  });

  test('an unknown story gives 404', async () => {
    for (const path of ['/stories/none', '/stories/none/developments', '/stories/none/feed'])
      expect(await get(path)).toMatchObject({ status: 404, body: { code: 'unknown-story' } });
  });

  test('one person can have a limited number of feeds open, and another one after one is closed', async () => {
    const url = `${address()}/stories/count/feed`;
    const headers = { Authorization: `Bearer ${api.token}` };
    const sessions = Array.from({ length: api.feeds.mostEach }, () => new AbortController());
    for (const { signal } of sessions) expect((await fetch(url, { headers, signal })).status).toBe(200);
    const refused = await fetch(url, { headers });
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([429, '10']);
    expect(await refused.json()).toMatchObject({ code: 'too-many-feeds' });
    sessions[0]!.abort();
    const last = new AbortController();
    for (let tries = 0; (await fetch(url, { headers, signal: last.signal })).status !== 200; tries++)
      if (tries > 100) throw new Error('The closed feed still counts.');
    for (const session of [...sessions, last]) session.abort();
  });

  test('all people together can have a limited number of feeds open: the next one is refused with 503', async () => {
    const url = `${address()}/stories/count/feed`;
    const tokens = await Promise.all(
      ['ann', 'ben', 'cy'].map(id => devToken(api.settings, { id, name: id, roles: ['editor'] })),
    );
    const gone = new AbortController();
    const ask = async (token: string, signal = gone.signal) =>
      (await fetch(url, { headers: { Authorization: `Bearer ${token}` }, signal })).status;
    const [ann = '', ben = '', cy = ''] = tokens;
    // Feeds that another test closed may still count for a moment.
    for (const token of [ann, ann, ben, ben, cy])
      for (let tries = 0; (await ask(token)) !== 200; tries++) if (tries > 100) throw new Error('No feed is free.');
    expect([api.feeds.most, await ask(cy)]).toEqual([5, 503]);
    gone.abort();
  });

  test('no cache or proxy may store or compress the feed', async () => {
    const session = new AbortController();
    const asked = () =>
      fetch(`${address()}/stories/count/feed`, {
        headers: { Authorization: `Bearer ${api.token}` },
        signal: session.signal,
      });
    let answer = await asked();
    // The feeds that the test above closed may still be counted for a moment.
    for (let tries = 0; answer.status !== 200 && tries < 100; tries++) answer = await asked();
    expect([answer.status, answer.headers.get('cache-control')]).toEqual([200, 'no-store, no-transform']);
    session.abort();
  });

  test('an open feed sends commits, changes of the registry and the position of the log', async () => {
    const open = desk('count');
    try {
      await open.hears(({ event }) => event === 'hello');
      const { body } = await post('/stories/count/developments', note());
      const { data } = await open.hears(({ event }) => event === 'commit');
      expect(data.commit).toEqual(body);
      expect(data.story).toMatchObject({ id: 'count', head: body.commit });
      expect(data.developments).toMatchObject([{ id: body.development, kind: 'context', status: 'active' }]);
      await open.hears(({ event, data }) => event === 'position' && data.position === body.position);
      expect(open.heard.filter(({ event }) => event === 'actors')).toEqual([]);

      const { body: elsewhere } = await post('/actors', { id: 'clerk', name: 'The Clerk', kind: 'person' });
      await open.hears(({ event }) => event === 'actors');
      await open.hears(({ event, data }) => event === 'position' && data.position === elsewhere.position);
      expect(open.heard.filter(({ event }) => event === 'commit')).toHaveLength(1);
    } finally {
      open.close();
    }
  });

  test('the OpenAPI document describes each of these answers', async () => {
    const { paths } = (await request(api.app.getHttpServer()).get('/docs-json')).body;
    for (const path of ['/me', '/catalogue', '/stories', '/actors', '/stories/{story}/developments'])
      expect(paths).toHaveProperty([path, 'get', 'responses', '200', 'content', 'application/json', 'schema']);
    expect(paths).toHaveProperty(['/stories/{story}/feed', 'get', 'responses', '200', 'content', 'text/event-stream']);
  });
});

test('a request whose state is no longer kept gets 503, and its answer when it is sent again', async () => {
  const processor = api.app.get(CommandProcessor, { strict: false });
  jest.spyOn(processor, 'view').mockImplementationOnce(() => {
    throw new OldModel('The model is older than the state on disk.');
  });
  const answer = await get('/stories/count');
  expect([answer.status, answer.body.code, answer.headers['retry-after']]).toEqual([503, 'log-unavailable', '1']);
  expect((await get('/stories/count')).status).toBe(200);
});
