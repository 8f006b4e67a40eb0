import { storyStream } from '#domain';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { EventSource } from 'eventsource';
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { listeningReader, meeting, recorded, TestNewsroom } from '../newsroom.fixture.js';

const story = 'harbour-talks';
let database: Awaited<ReturnType<typeof TestNewsroom.database>>;
let newsroom: TestNewsroom;
let reader: Awaited<ReturnType<typeof listeningReader>>;

beforeAll(async () => {
  database = await TestNewsroom.database();
  newsroom = await TestNewsroom.on(database.databaseUrl);
  reader = await listeningReader(database.databaseUrl);
  await newsroom.openStory(story);
});
afterAll(async () => {
  await reader.close();
  await newsroom.close();
  await database.drop();
});

const record = () => newsroom.post(storyStream(story), recorded(randomUUID(), meeting(['ada-berg'])));
const other = () => newsroom.openStory(`aside-${randomUUID()}`);
const tag = async () => (await fetch(`${reader.url}/stories/${story}`)).headers.get('etag');

it.each([0, 3])('live readers get each change once when a build goes live that is %i commits behind', async behind => {
  const source = new EventSource(`${reader.url}/stories/${story}/live`);
  const got: number[] = [];
  const others: string[] = [];
  source.addEventListener('change', ({ lastEventId }) => got.push(Number(lastEventId)));
  for (const event of ['hello', 'resync', 'error']) source.addEventListener(event, () => others.push(event));
  const until = async (last: number) => {
    for (let i = 0; got.at(-1) !== last; i++, await sleep(5)) if (i > 2_000) throw new Error(`${got} lacks ${last}`);
  };
  try {
    for (let i = 0; others.length === 0; i++, await sleep(5))
      if (i > 2_000) throw new Error('The stream says nothing.');
    const all = [await record(), await record(), await record()];
    await until(all[2]!);
    const before = await tag();
    await newsroom.swapBuild({ behind });
    expect(await tag()).not.toBe(before);
    all.push(await record());
    await until(all[3]!);
    expect([got, others]).toEqual([all, ['hello']]);
  } finally {
    source.close();
  }
});

it('pages must load the story again after a quarantined stream of it is released', async () => {
  const source = new EventSource(`${reader.url}/stories/${story}/live`);
  const got: [string, number][] = [];
  for (const event of ['hello', 'change', 'resync'])
    source.addEventListener(event, ({ lastEventId }) => got.push([event, Number(lastEventId)]));
  const count = async (wanted: number) => {
    for (let i = 0; got.length < wanted; i++, await sleep(5))
      if (i > 2_000) throw new Error(`Too few: ${JSON.stringify(got)}`);
  };
  try {
    await count(1);
    const learn = await newsroom.postUnread(storyStream(story), recorded(randomUUID(), meeting(['ada-berg'])));
    const passed = await other();
    await learn();
    await count(2);
    const next = await record();
    await count(3);
    expect(got.slice(1)).toEqual([
      ['resync', passed],
      ['change', next],
    ]);

    const reasonOf = async (query: string) => {
      const back = new EventSource(`${reader.url}/stories/${story}/live?${query}`);
      const reason = await new Promise(resolve =>
        back.addEventListener('resync', ({ data }) => resolve(JSON.parse(data).reason)),
      );
      back.close();
      return reason;
    };
    expect(await reasonOf(`after=${passed - 2}`)).toBe('folded-anew');
    expect(await reasonOf(`after=${passed - 1}&rewrites=0`)).toBe('folded-anew');
  } finally {
    source.close();
  }
});

it('pages whose last event is the last one before a build with other rows must load the story again', async () => {
  const last = await record();
  await newsroom.swapBuild({ behind: 0, changed: true });
  const headers = { 'Last-Event-ID': String(last) };
  const { body } = await fetch(`${reader.url}/stories/${story}/live`, { headers });
  let sent = '';
  for await (const part of body!.pipeThrough(new TextDecoderStream())) if ((sent += part).includes('\n\n')) break;
  expect(sent).toContain('"reason":"folded-anew"');
});
