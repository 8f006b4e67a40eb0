import { pathTo } from '#client';
import { startProgram } from '../../harness/app.js';
import { answeredPerSecond } from '../autocannon.js';
import { inTurns, over, type Scenario } from '../bench.js';
import { BareClient, expectStatus } from '../client.js';
import { ratioAtLeast, type Figure } from '../figures.js';
import { madeNewsroom } from '../made.js';
import { madeStory } from '../made-log.js';

/** The number of reads of the present answered per second over 64 connections. */
export const reads: Scenario = {
  name: 'reads',
  measures: 'reads per second of the timeline as JSON, a reader’s page and 304s, over 64 connections',
  async run(bench) {
    const seconds = bench.size(4, 2);
    const newsroom = await madeNewsroom(bench, { commits: 10_000 });
    const story = madeStory(0);
    const build = await newsroom.onDatabase(
      async client => (await client.query<{ name: string }>('select name from dateline.build where live')).rows[0]!,
    );
    const env = { DATABASE_URL: newsroom.env.DATABASE_URL!, BUILD: build.name, STORY: story };
    const bare = await startProgram('bare reads', 'dist/test/bench/bare/reads.js', env);
    const readers = newsroom.reader!.url;
    const timeline = `${readers}${pathTo('stories', story, 'timeline')}?limit=50`;
    const page = readers + pathTo('s', story);
    const unchanged = async (url: string) => ({ status: 304, headers: { 'If-None-Match': await etagOf(url) } });
    const [timelineHeld, pageHeld] = [await unchanged(timeline), await unchanged(page)];
    const measured = await inTurns(bench.rounds, {
      floor: () => answeredPerSecond(`${bare.url}/rows`, seconds),
      timeline: () => answeredPerSecond(timeline, seconds),
      page: () => answeredPerSecond(page, seconds),
      floor304: () => answeredPerSecond(`${bare.url}/304`, seconds, { status: 304 }),
      timeline304: () => answeredPerSecond(timeline, seconds, timelineHeld),
      page304: () => answeredPerSecond(page, seconds, pageHeld),
    });
    await bare.signal('SIGTERM');
    const rate = (side: keyof typeof measured) => over(measured[side], value => value);
    const row = (what: string, side: keyof typeof measured, floor: 'floor' | 'floor304', least: number): Figure => ({
      what: `${what}, 64 connections`,
      unit: '/s',
      product: rate(side),
      against: { name: 'floor', spread: rate(floor) },
      target: ratioAtLeast(least),
    });
    return [
      row('timeline of 50 as JSON', 'timeline', 'floor', 2),
      row('reader’s page', 'page', 'floor', 2),
      row('304 of the timeline', 'timeline304', 'floor304', 0.6),
      row('304 of the page', 'page304', 'floor304', 0.6),
    ];
  },
};

async function etagOf(url: string): Promise<string> {
  const client = new BareClient(url);
  const answer = await client.get(url);
  client.close();
  expectStatus(answer, 200);
  return String(answer.headers.etag);
}
