import { pathTo } from '#client';
import { TestNewsroom } from '../harness/newsroom.js';
import { statement } from '../harness/statement.js';
import type { Bench } from './bench.js';
import { BareClient, expectStatus } from './client.js';

/** The body of a post of a typical size. */
export const post = (number: number) =>
  statement(`No. ${number}: the harbour is closed until the wind drops, and the ferries stay where they are.`);

/** The number of open stories in the newsroom of `postingNewsroom`. */
export const stories = 100;
export const storyNamed = (number: number) => `story-${number % stories}`;
export const developmentsOf = (story: string) => pathTo('stories', story, 'developments');

/** Settings without limits for each person and address: one machine plays many people, and would exceed them. */
export const unlimited = {
  REQUESTS_PER_MINUTE: '0',
  WRITES_PER_MINUTE: '0',
  STORY_WRITES_PER_MINUTE: '0',
  LIVE_STREAMS_PER_ADDRESS: '20000',
  LIVE_STREAMS: '20000',
};

/** A newsroom with a hundred open stories, for scenarios that post. */
export const postingNewsroom = (bench: Bench): Promise<TestNewsroom> =>
  bench.newsroom('posting', async () => {
    bench.say('a newsroom with 100 stories');
    const newsroom = await TestNewsroom.open({ env: unlimited });
    const editor = await editorOf(newsroom);
    expectStatus(await editor.post('/actors', { id: 'mayor', name: 'The mayor', kind: 'person' }), 201);
    for (let number = 0; number < stories; number++) {
      const story = { id: storyNamed(number), title: `Story ${number}`, zone: 'UTC' };
      expectStatus(await editor.post('/stories', story), 201);
    }
    editor.close();
    return newsroom;
  });

/** A client of an editor-api with an editor’s token. */
export async function editorOf(newsroom: TestNewsroom, process = 0, connections = 64): Promise<BareClient> {
  const headers = { Authorization: `Bearer ${await newsroom.token(['editor'])}` };
  return new BareClient(newsroom.editors[process]!.url, headers, connections);
}

/** The position in the answer to a post that was recorded. */
export const positionIn = (body: Buffer): number => (JSON.parse(body.toString()) as { position: number }).position;
