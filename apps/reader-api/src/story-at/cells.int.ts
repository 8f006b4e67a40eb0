import type { ActorState } from '#contract';
import { storyStream } from '#domain';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import request from 'supertest';
import { v5 } from 'uuid';
import { listeningReader, meeting, recorded, TestNewsroom } from '../newsroom.fixture.js';

let database: Awaited<ReturnType<typeof TestNewsroom.database>>;
let newsroom: TestNewsroom;
let reader: Awaited<ReturnType<typeof listeningReader>>;

// The oldest cell has more citations than an answer shows; the others are more than one page holds. One is of another facet.
const [repeated, others] = [43, 220];
const idOf = (n: number) => v5(String(n), v5.URL);
const said = idOf(-1);

beforeAll(async () => {
  database = await TestNewsroom.database();
  newsroom = await TestNewsroom.on(database.databaseUrl);
  await newsroom.register('ada', 'Ada');
  await newsroom.register('ole', 'Ole');
  await newsroom.openStory('talks');
  const updates = Array.from({ length: repeated + others }, (_, n) => {
    const data = { meeting: n < repeated ? 'talks' : `talks-${n}`, participants: ['ada', 'ole'], format: `${n}` };
    return recorded(idOf(n), meeting(['ada'], { headline: `Update ${n}`, data }));
  });
  const statement = recorded(
    said,
    meeting(['ada'], { kind: 'statement', headline: 'Words', data: { speaker: 'ada', quote: 'So.' } } as never),
  );
  await newsroom.postAll([...updates, statement].map(event => ({ stream: storyStream('talks'), events: [event] })));
  reader = await listeningReader(database.databaseUrl);
});
afterAll(async () => {
  await reader?.close();
  await newsroom?.close();
  await database?.drop();
});

const get = (path: string) => request(reader.url).get(path);
const base = '/stories/talks/actors/ada';
const stateAt = async (path: string) => (await get(path).expect(200)).body as ActorState;

async function walk(path: string): Promise<ActorState[]> {
  const pages = [await stateAt(path)];
  for (let next = pages[0]!.next; next; next = pages.at(-1)!.next) pages.push(await stateAt(next));
  return pages;
}
const keysOf = (pages: readonly ActorState[]) => pages.flatMap(({ cells }) => cells.map(({ key }) => key));
const numbers = (cell: { citations: { development: string }[] } | undefined) =>
  cell!.citations.map(({ development }) => Array.from({ length: repeated }, (_, n) => idOf(n)).indexOf(development));
const descending = (from: number, count: number) => Array.from({ length: count }, (_, i) => from - i);

describe.each(['', 'position=268'])('an actor’s state with the query "%s"', moment => {
  const asked = (query = '') => `${base}?${[moment, query].filter(Boolean).join('&')}`;

  it('its pages hold each cell once, the one with the latest development first', async () => {
    const pages = await walk(asked('limit=100'));
    expect(pages.map(({ cells }) => cells.length)).toEqual([100, 100, 22]);
    const keys = keysOf(pages);
    const meetings = Array.from({ length: others }, (_, i) => `talks-${repeated + i}`).toReversed();
    expect(keys).toEqual([said, ...meetings, 'talks']);
    // The pages after the first are as of what the first one shows, whatever is recorded meanwhile.
    expect(pages.map(({ asOf }) => asOf?.position)).toEqual([moment ? 268 : undefined, 268, 268]);
    expect((await stateAt(asked())).cells).toHaveLength(50);
  });

  it('every page says how many cells there are of each facet', async () => {
    const facets = [
      { facet: 'meeting', cells: others + 1 },
      { facet: 'statement', cells: 1 },
    ];
    for (const page of await walk(asked('limit=100'))) expect(page.facets).toEqual(facets);
    expect((await stateAt(asked('facet=statement'))).facets).toEqual(facets);
    expect((await stateAt(asked('facet=meeting&key=talks'))).facets).toBeUndefined();
  });

  it('the pages of one facet hold its cells alone', async () => {
    const pages = await walk(asked('limit=110&facet=meeting'));
    expect(pages.map(({ cells }) => cells.length)).toEqual([110, 110, 1]);
    expect(keysOf(pages)).toEqual(keysOf(await walk(asked('limit=200'))).filter(key => key !== said));
    expect(keysOf(await walk(asked('facet=statement')))).toEqual([said]);
    expect(await stateAt(asked('facet=demand'))).toMatchObject({ cells: [], next: null });
  });

  it('the only page of one cell names no next page', async () => {
    const [page, ...more] = await walk(asked('facet=meeting&key=talks-50'));
    expect([page!.cells.length, more.length, page!.cells[0]!.next]).toEqual([1, 0, null]);
  });

  it('a page has at most 200 cells', async () => {
    const many = await get(asked('limit=200')).expect(200);
    // Two hundred would take more bytes than an answer has.
    expect((many.body as ActorState).cells.length).toBeGreaterThan(100);
    expect(Buffer.byteLength(many.text)).toBeLessThan(200_000);
    for (const limit of [0, 201, 1.5]) await get(asked(`limit=${limit}`)).expect(422);
  });

  it('a cell has its latest 20 citations and links to the others', async () => {
    const [cell] = (await walk(asked('limit=100'))).at(-1)!.cells.slice(-1);
    const [other] = (await stateAt(asked('limit=2'))).cells;
    expect(cell).toMatchObject({ key: 'talks', total: repeated, current: { development: idOf(repeated - 1) } });
    expect(numbers(cell)).toEqual(descending(repeated - 1, 20));
    expect(other).toMatchObject({ total: 1, next: null });
    const second = await stateAt(cell!.next!.replace('limit=100', 'limit=20'));
    expect(numbers(second.cells[0])).toEqual(descending(repeated - 21, 20));
    const third = await stateAt(second.cells[0]!.next!);
    expect(numbers(third.cells[0])).toEqual(descending(repeated - 41, 3));
    expect(third.cells[0]).toMatchObject({ next: null, total: repeated, current: cell!.current });
  });

  it('invalid cursors and incomplete filters are refused', async () => {
    const cursor = (...contents: unknown[]) => Buffer.from(JSON.stringify(contents)).toString('base64url');
    for (const wrong of [
      'key=talks',
      'facet=nothing&key=talks',
      'cursor=nonsense',
      `cursor=${cursor('citations', 1, 0, 0)}`,
      // As earlier versions wrote it, for another order.
      `cursor=${cursor('cells', 1, 0, 0)}`,
      `facet=meeting&cursor=${cursor('citations', 1, 0, 0)}`,
      `facet=meeting&key=talks&cursor=${cursor('latest-cells', 1, 0, 0)}`,
      `cursor=${cursor('latest-cells', 2 ** 31, 0, 0)}`,
      'facet=meeting&key=%00',
    ])
      expect([wrong, (await get(asked(wrong))).status]).toEqual([wrong, 422]);
    await get(asked(`cursor=${cursor('latest-cells', 2 ** 31 - 1, 0, 0)}`)).expect(200);
  });
});

describe('an actor’s page', () => {
  it.each(['', '?position=268'])('the page has 60 cells and links to the others: "%s"', async moment => {
    const { text } = await get(`/s/talks/actors/ada${moment}`).expect(200);
    expect(text.match(/<li class="cell /g)).toHaveLength(60);
    expect(text).toMatch(new RegExp(`href="[^"]*facet=meeting[^"]*">${others + 1} things known<`));
    let last = text;
    const seen = new Set<string>();
    for (let address: string | undefined = `/s/talks/actors/ada${moment}`; address;) {
      const page: string = (await get(address).expect(200)).text;
      last = page;
      for (const [, headline] of page.matchAll(/>(Update \d+)</g)) seen.add(headline!);
      expect(page.length).toBeLessThan(400_000);
      address = /rel="next" href="([^"]+)"/.exec(page)?.[1]?.replaceAll('&amp;', '&');
    }
    expect(seen.size).toBe(others + 20);
    expect(last).toContain('Based on 43 updates');
    expect(last).toContain('and 23 more');
  });

  it('a facet has its own page, which says how many things are known and links to all facets', async () => {
    const { text } = await get('/s/talks/actors/ada?facet=meeting').expect(200);
    expect(text.match(/<li class="cell /g)).toHaveLength(60);
    expect(text).toContain(`<p class="hint">${others + 1} things known</p>`);
    expect(text).not.toContain('id="facet-statement"');
    expect(text).toMatch(/rel="next" href="[^"]*facet=meeting/);
    expect(text).toContain('href="/s/talks/actors/ada"');
  });

  it('a page without cells of a facet links to them', async () => {
    const { text } = await get('/s/talks/actors/ada').expect(200);
    const next = /rel="next" href="([^"]+)"/.exec(text)![1]!.replaceAll('&amp;', '&');
    expect((await get(next).expect(200)).text).toMatch(/facet=statement[^"]*">Statements: 1 thing known</);
  });

  it('the time machine shows only some cells of an actor, and says how many there are', async () => {
    const { text } = await get('/s/talks/history').expect(200);
    expect(text).toContain(`${repeated + others + 1} things known`);
    expect(text.length).toBeLessThan(400_000);
  });
});
