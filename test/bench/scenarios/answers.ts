import { pathTo } from '#client';
import { startApp } from '../../harness/app.js';
import type { Scenario } from '../bench.js';
import { BareClient } from '../client.js';
import { atMost, spreadOf } from '../figures.js';
import { madeNewsroom } from '../made.js';
import { actors, madeDevelopment, madeStory } from '../made-log.js';
import { clocks, LongStory, momentReads, timeMap } from '../reads.js';
import { cpuMs } from '../process.js';

const story = madeStory(0);
/** The CPU clock has steps of ten milliseconds, so one request is not enough. */
const requests = 5;

/** Every other read route, and the forms of each that may be large or costly. */
const others: readonly string[] = [
  timeMap,
  pathTo('stories', story, 'timemap'),
  `${pathTo('stories', story, 'timeline')}?order=story&limit=200`,
  `${pathTo('stories', story, 'timeline')}?key=true`,
  `${pathTo('stories', story, 'timeline')}?actor=${actors[3]!}&limit=200`,
  `${pathTo('stories', story, 'actors')}?limit=200`,
  `${pathTo('stories', story, 'changes')}?after=100`,
  pathTo('actors', actors[3]!),
  `${pathTo('s', story)}?actor=${actors[3]!}`,
  `${pathTo('s', story)}?words=harbour`,
  `${pathTo('s', story, 'history')}?skip=3000`,
  '/robots.txt',
  '/asyncapi.json',
  `${pathTo('stories', story, 'timeline')}?limit=200`,
  `${pathTo('stories', story, 'timeline')}?words=harbour&limit=200`,
  pathTo('stories', story, 'timeline', madeDevelopment(0, 10), 'history'),
  `${pathTo('stories', story, 'actors', actors[3]!)}?limit=200`,
  pathTo('stories', story, 'feed.atom'),
  pathTo('stories', story, 'feed.json'),
  pathTo('stories'),
  pathTo('actors'),
  pathTo('s'),
  '/sitemap.xml',
];

/** The largest answer and the one that takes most CPU, in a long story whose actors have 10,000 cells each. */
export const answers: Scenario = {
  name: 'answers',
  measures: 'the largest answer and the one that takes most CPU, in a story of 100,000 developments',
  async run(bench) {
    const developments = bench.size(100_000, 10_000);
    const newsroom = await madeNewsroom(bench, { commits: developments, developments });
    const long = await LongStory.of(newsroom, developments);
    // A separate process without live streams, so that its CPU time is that of these answers.
    const app = await startApp('reader-api', newsroom.envOf('reader-api'));
    const reader = new BareClient(app.url);
    const measured: { what: string; kB: number; ms: number }[] = [];
    const measure = async (what: string, pathOf: () => string) => {
      let [kB, cpu] = [0, 0];
      for (let number = 0; number < requests; number++) {
        await long.touch();
        const path = pathOf();
        const before = cpuMs(app);
        const { status, body } = await reader.get(path);
        cpu += cpuMs(app) - before;
        if (status !== 200) bench.say(`${path} was answered ${status}: ${body.toString().slice(0, 200)}`);
        kB = Math.max(kB, body.length / 1_000);
      }
      measured.push({ what, kB, ms: cpu / requests });
      bench.say(`${what}: ${kB.toFixed(1)} kB, ${(cpu / requests).toFixed(0)} ms of CPU`);
    };
    for (const [what, pathOf] of Object.entries(momentReads)) {
      await measure(what, () => pathOf()!);
      for (const clock of clocks)
        if (pathOf(long.moment(clock)) !== undefined)
          await measure(`${what}, ${clock}`, () => pathOf(long.moment(clock))!);
    }
    for (const path of others) await measure(path, () => path);
    reader.close();
    long.close();
    await app.signal('SIGTERM');
    const most = (by: 'kB' | 'ms') => measured.reduce((one, other) => (other[by] > one[by] ? other : one));
    const [largest, costliest] = [most('kB'), most('ms')];
    const count = measured.length;
    return [
      {
        what: `largest of ${count} answers (${largest.what})`,
        unit: 'kB',
        product: spreadOf([largest.kB]),
        target: atMost(200),
      },
      {
        what: `most CPU of ${count} answers (${costliest.what})`,
        unit: 'ms',
        product: spreadOf([costliest.ms]),
        target: atMost(50),
      },
    ];
  },
};
