import { pathTo } from '#client';
import { startProgram, type App } from '../../harness/app.js';
import { inTurns, over, type Scenario } from '../bench.js';
import { BarePipeline } from '../bare/pipeline.js';
import { BareClient, expectStatus } from '../client.js';
import { ratioAtMost } from '../figures.js';
import { developmentsOf, editorOf, post, postingNewsroom, storyNamed } from '../posts.js';

/** The time until a post reaches the last of 5,000 open pages. The floor is a bare SSE server that writes an event for each request. */
export const streams: Scenario = {
  name: 'streams',
  measures: 'the time from a post until the last of 5,000 streams has it, compared with a bare server of streams',
  async run(bench) {
    const count = bench.size(5_000, 1_000);
    const posts = 5;
    const newsroom = await postingNewsroom(bench);
    const bare = await BarePipeline.open();
    const story = storyNamed(2);
    const editor = await editorOf(newsroom);
    const floorClient = new BareClient(bare.streams.url);
    const follow = (url: string) =>
      startProgram('followers', 'dist/test/bench/followers.js', { STREAM: url, COUNT: String(count) });
    const followers = {
      product: await follow(newsroom.reader!.url + pathTo('stories', story, 'live')),
      floor: await follow(`${bare.streams.url}/`),
    };
    const times = async (followers: App, act: () => Promise<unknown>) => {
      const measured: number[] = [];
      for (let number = 0; number < posts; number++) {
        const began = performance.timeOrigin + performance.now();
        const [answer] = await Promise.all([fetch(followers.url), act()]);
        measured.push(((await answer.json()) as { last: number }).last - began);
      }
      return measured.toSorted((a, b) => a - b)[Math.floor(posts / 2)]!;
    };
    let next = 0;
    const measured = await inTurns(bench.rounds, {
      floor: () => times(followers.floor, () => floorClient.post('/', {})),
      product: () =>
        times(followers.product, async () => expectStatus(await editor.post(developmentsOf(story), post(next++)), 201)),
    });
    await Promise.all(Object.values(followers).map(one => one.signal('SIGTERM')));
    for (const client of [editor, floorClient]) client.close();
    await bare.close();
    return [
      {
        what: `one post to the last of ${count.toLocaleString('en-US')} streams`,
        unit: 'ms',
        product: over(measured.product, value => value),
        against: { name: 'floor', spread: over(measured.floor, value => value) },
        target: ratioAtMost(1),
      },
    ];
  },
};
