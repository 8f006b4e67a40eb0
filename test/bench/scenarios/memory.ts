import { pathTo } from '#client';
import { startApp } from '../../harness/app.js';
import type { Scenario } from '../bench.js';
import { BareClient } from '../client.js';
import { ratioAtMost, spreadOf } from '../figures.js';
import { madeNewsroom, storyLength } from '../made.js';
import { actors, madeDevelopment, madeStory, recordedAt } from '../made-log.js';
import { residentMb } from '../process.js';

const [clients, commits] = [8, 10_000];

/** Measures whether a reader-api’s memory grows with the number of requests, of all kinds and many moments. */
export const memory: Scenario = {
  name: 'memory',
  measures: 'the memory of a reader-api during 20,000 mixed requests, compared with that after 2,000',
  async run(bench) {
    const requests = bench.size(20_000, 4_000);
    const first = bench.size(2_000, 1_000);
    const newsroom = await madeNewsroom(bench, { commits });
    const app = await startApp('reader-api', newsroom.envOf('reader-api'));
    const reader = new BareClient(app.url, {}, clients);
    let [sent, failed, most] = [0, 0, 0];
    let after = NaN;
    const client = async () => {
      while (sent < requests) {
        const { status } = await reader.get(mixed(sent++));
        failed += status === 200 ? 0 : 1;
        if (sent === first) after = residentMb(app);
        else if (sent > first && sent % 50 === 0) most = Math.max(most, residentMb(app));
      }
    };
    await Promise.all(Array.from({ length: clients }, client));
    reader.close();
    await app.signal('SIGTERM');
    if (failed > 0) bench.say(`${failed} of ${requests} requests were not answered with 200`);
    return [
      {
        what: `reader-api, most memory until ${requests.toLocaleString('en-US')} mixed requests`,
        unit: 'MB',
        product: spreadOf([most]),
        against: { name: `after ${first.toLocaleString('en-US')}`, spread: spreadOf([after]) },
        // The memory should not grow, except for garbage that is not collected yet.
        target: ratioAtMost(1.15),
      },
    ];
  },
};

/** A path of the mix. Three of ten read the past, and two read actors. */
function mixed(number: number): string {
  const at = Math.floor(number / 10);
  const story = madeStory(at % (commits / storyLength));
  const knownAt = recordedAt(at % (commits / storyLength), 100 + ((at * 7) % 800), storyLength);
  const actor = actors[at % actors.length]!;
  const paths = [
    pathTo('stories', story, 'timeline'),
    pathTo('s', story),
    pathTo('stories', story, 'feed.json'),
    pathTo('stories', story, 'timeline', madeDevelopment(at % (commits / storyLength), (at * 3) % storyLength)),
    `${pathTo('stories', story, 'timeline')}?limit=${1 + (at % 100)}`,
    pathTo('stories', story, 'actors', actor),
    pathTo('s', story, 'actors', actor),
    `${pathTo('stories', story, 'timeline')}?knownAt=${knownAt}`,
    `${pathTo('stories', story)}?knownAt=${knownAt}`,
    `${pathTo('stories', story, 'actors', actor)}?knownAt=${knownAt}`,
  ];
  return paths[number % 10]!;
}
