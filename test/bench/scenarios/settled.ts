import { setTimeout as sleep } from 'node:timers/promises';
import { inTurns, over, type Scenario } from '../bench.js';
import { BarePipeline } from '../bare/pipeline.js';
import { ratioAtLeast, type Figure } from '../figures.js';
import { perSecond } from '../load.js';
import { Posting } from '../posting.js';
import { developmentsOf, post, postingNewsroom, stories, storyNamed } from '../posts.js';
import { output } from '../process.js';

const writers = 64;

/** The number of posts settled per second while 64 people post to a hundred stories. */
export const settled: Scenario = {
  name: 'settled',
  measures: 'posts settled per second, 64 at once over 100 stories, with one and with two editor-apis',
  async run(bench) {
    const seconds = bench.size(6, 3);
    const newsroom = await postingNewsroom(bench);
    if (newsroom.editors.length < 2) await newsroom.startEditors(1);
    const bare = await BarePipeline.open();
    const headers = { Authorization: `Bearer ${await newsroom.token(['editor'])}` };
    const open = (urls: readonly string[]) =>
      Promise.all(Array.from({ length: writers }, (_, writer) => Posting.open(urls[writer % urls.length]!, headers)));
    const [one, two] = newsroom.editors;
    let next = 0;
    const round = async (urls: readonly string[]) => {
      const connections = await open(urls);
      const settled = await perSecond(writers, seconds, async writer => {
        const number = next++;
        return (await connections[writer]!.post(developmentsOf(storyNamed(number)), post(number))) === 201;
      });
      for (const connection of connections) connection.close();
      return settled;
    };
    const peer = async () => {
      const env = { DATABASE_URL: bare.env.DATABASE_URL!, WRITERS: `${writers}`, STREAMS: `${stories}` };
      const printed = await output(['dist/test/bench/peers/emmett.js'], { ...env, SECONDS: String(seconds) });
      return (JSON.parse(printed) as { appended: number }).appended;
    };
    // The projectors must catch up before the next side is measured.
    const drained = async (measure: () => Promise<number>) => {
      const measured = await measure();
      await caughtUp(() => newsroom.onDatabase(async client => (await client.query(position)).rows[0].position));
      await caughtUp(() => bare.rows());
      return measured;
    };
    const measured = await inTurns(bench.rounds, {
      floor: () => drained(() => round([bare.endpoint.url])),
      together: () => drained(() => round([bare.together.url])),
      peer,
      product: () => drained(() => round([one!.url])),
      two: () => drained(() => round([one!.url, two!.url])),
    });
    await bare.close();
    const rate = (side: keyof typeof measured) => over(measured[side], value => value);
    const against = (name: 'floor' | 'peer', side: 'floor' | 'together' | 'peer') => ({ name, spread: rate(side) });
    const what = 'settled posts, 64 at once, 100 stories';
    // The targets are for one process, so the rows for two have none.
    const wanted = (side: string, least: number) => (side === 'product' ? { target: ratioAtLeast(least) } : {});
    const rows = (what: string, side: 'product' | 'two'): Figure[] => [
      { what, unit: '/s', product: rate(side), against: against('floor', 'floor'), ...wanted(side, 0.4) },
      { what, unit: '/s', product: rate(side), against: against('peer', 'peer'), ...wanted(side, 0.5) },
      {
        what: `${what}, against an endpoint that appends together`,
        unit: '/s',
        product: rate(side),
        against: against('floor', 'together'),
      },
    ];
    return [...rows(what, 'product'), ...rows(`${what}, two editor-apis`, 'two')];
  },
};

const position = 'select position from dateline.build where live';

/** Resolves when the count no longer grows. */
async function caughtUp(count: () => Promise<number>): Promise<void> {
  for (let before = -1, now = await count(); now > before; now = await count()) {
    before = now;
    await sleep(500);
  }
}
