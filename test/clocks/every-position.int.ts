import { afterEach, expect, test } from '@jest/globals';
import request from 'supertest';
import { listeningReader, TestNewsroom } from '../../apps/reader-api/src/newsroom.fixture.js';
import { choices, history } from '../../libs/projections/src/folds/history.fixture.js';

const paths = ['storm', 'vote'].flatMap(story =>
  ['', '/timeline?order=story&limit=200', '/actors/harbour', '/actors/mayor'].map(path => `/stories/${story}${path}`),
);

let close: () => Promise<void> = async () => undefined;
afterEach(() => close());

// Takedowns are left out: their placeholders are shown in the past too.
const historyOf = (seed: number) =>
  history(choices(60, seed)).filter(({ events }) => events.every(({ type }) => type !== 'ContentShredded'));

test.each([7, 61])(
  'the answer about each past position equals the answer of the present at that position (seed %i)',
  async seed => {
    const database = await TestNewsroom.database();
    const newsroom = await TestNewsroom.on(database.databaseUrl);
    const reader = await listeningReader(database.databaseUrl);
    close = () => Promise.all([reader.close(), newsroom.close()]).then(() => database.drop());
    const ask = async (path: string, position?: number) => {
      const at = position === undefined ? '' : `${path.includes('?') ? '&' : '?'}position=${position}`;
      const { status, body } = await request(reader.url).get(path + at);
      // An actor that does not exist yet is unknown in the present, and is a "not yet" in the past.
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
    // Trailing commits that readers never saw have no position that readers can ask for.
    for (const position of [...then.keys()].filter(each => each > last))
      expect((await request(reader.url).get(`/stories/storm?position=${position}`)).status).toBe(422);
  },
);
