import { afterEach, expect, test } from '@jest/globals';
import request from 'supertest';
import { listeningReader, TestNewsroom } from '../../apps/reader-api/src/newsroom.fixture.js';
import { choices, history } from '../../libs/projections/src/folds/history.fixture.js';

const paths = ['storm', 'vote'].flatMap(story =>
  ['', '/timeline?order=story&limit=200', '/actors/harbour', '/actors/mayor'].map(path => `/stories/${story}${path}`),
);

let close: () => Promise<void> = async () => undefined;
afterEach(() => close());

// What was taken down is another thing: its placeholder stands in the past too.
const historyOf = (seed: number) =>
  history(choices(60, seed)).filter(({ events }) => events.every(({ type }) => type !== 'ContentShredded'));

test.each([7, 61])(
  'whatever is done, each position is answered for as the present was when the log ended there (%i)',
  async seed => {
    const database = await TestNewsroom.empty();
    const newsroom = await TestNewsroom.on(database.databaseUrl);
    const reader = await listeningReader(database.databaseUrl);
    close = () => Promise.all([reader.close(), newsroom.close()]).then(() => database.drop());
    const ask = async (path: string, position?: number) => {
      const at = position === undefined ? '' : `${path.includes('?') ? '&' : '?'}position=${position}`;
      const { status, body } = await request(reader.url).get(path + at);
      // Whoever is not there yet is unknown at present, and known to come when the past is asked about.
      return status === 404 ? 404 : { ...body, asOf: undefined, rewrites: undefined };
    };
    const askAll = (position?: number) => Promise.all(paths.map(path => ask(path, position)));

    const then = new Map<number, unknown[]>();
    for (const { stream, events } of historyOf(seed)) then.set(await newsroom.post(stream, ...events), await askAll());
    expect(then.size).toBeGreaterThan(25);
    const { position: last } = (await request(reader.url).get('/health/ready')).body as { position: number };
    const shown = [...then].filter(([position]) => position <= last);
    expect(then.size - shown.length).toBeLessThan(10);
    for (const [position, answers] of shown) expect([position, await askAll(position)]).toEqual([position, answers]);
    // What readers got nothing of at the end has no position yet that they can ask for.
    for (const position of [...then.keys()].filter(each => each > last))
      expect((await request(reader.url).get(`/stories/storm?position=${position}`)).status).toBe(422);
  },
);
