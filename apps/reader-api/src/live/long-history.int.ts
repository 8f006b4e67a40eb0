import { Change, History, Page } from '#contract';
import { storyStream } from '#domain';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { historyPage } from '../http/timeline.js';
import { corrected, listeningReader, meeting, recorded, TestNewsroom } from '../newsroom.fixture.js';

const story = 'harbour-talks';
const development = '018f6a52-0000-7000-8000-000000000001';
// A page of the history is as long as `historyPage` allows, and not cut by its bytes: `sizes.int.ts` has that case.
const letters = 15_000;
const corrections = historyPage + 1;
const body = (n: number) => `${n} ${'x'.repeat(letters)}`;
let database: Awaited<ReturnType<typeof TestNewsroom.database>>;
let newsroom: TestNewsroom;
let reader: Awaited<ReturnType<typeof listeningReader>>;
let opened: number;

beforeAll(async () => {
  database = await TestNewsroom.database();
  newsroom = await TestNewsroom.on(database.databaseUrl);
  reader = await listeningReader(database.databaseUrl);
  opened = await newsroom.openStory(story);
  const content = (n: number) => meeting(['ada-berg'], { body: body(n) });
  await newsroom.post(storyStream(story), recorded(development, content(0)));
  for (let n = 1; n <= corrections; n++)
    await newsroom.post(storyStream(story), corrected(development, content(n), 'The body.', `Number ${n}.`));
});
afterAll(async () => {
  await reader.close();
  await newsroom.close();
  await database.drop();
});

const get = async (path: string) => (await fetch(reader.url + path)).text();

it('each change of an entry with a long history has only its current words', async () => {
  const abort = new AbortController();
  const live = await fetch(`${reader.url}/stories/${story}/live?after=${opened}`, { signal: abort.signal });
  let text = '';
  const decoder = new TextDecoder();
  for await (const chunk of live.body!) {
    text += decoder.decode(chunk as Uint8Array, { stream: true });
    if (text.split('event: change').length - 1 === corrections + 1 && text.endsWith('\n\n')) break;
  }
  const frames = text.match(/^data: .*$/gm)!;
  expect(frames).toHaveLength(corrections + 1);
  for (const frame of frames) expect(frame.length).toBeLessThan(letters + 8_000);
  const last = Change.parse(JSON.parse(frames.at(-1)!.slice('data: '.length)));
  expect(last.entries[0]!.corrections).toHaveLength(corrections);
});

it('the timeline and the story’s page have only its current words too', async () => {
  const timeline = await get(`/stories/${story}/timeline`);
  expect(timeline.length).toBeLessThan(letters + 8_000);
  expect(Page.parse(JSON.parse(timeline)).entries[0]!.corrections).toHaveLength(corrections);
  expect((await get(`/s/${story}`)).match(/x{100}/g)!.length).toBeLessThan((3 * letters) / 100);
});

it('its history lists the earlier words in pages, the latest first, also as of a past position', async () => {
  const read = async (path: string) => History.strict().parse(JSON.parse(await get(path)));
  const said = ({ corrections: some }: History) =>
    some.map(({ reason, was }) => [reason, was.bodyHtml?.slice(3, 6).trim()]);
  const first = await read(`/stories/${story}/timeline/${development}/history`);
  expect(said(first)).toEqual(
    Array.from({ length: historyPage }, (_, i) => [
      `Number ${corrections - i}.`,
      expect.stringContaining(String(corrections - i - 1)),
    ]),
  );
  const second = await read(first.next!);
  expect([said(second), second.next]).toEqual([[['Number 1.', expect.stringContaining('0')]], null]);
  // At the bound there is no further page.
  const then = await read(`/stories/${story}/timeline/${development}/history?position=${opened + 1 + historyPage}`);
  expect([then.corrections.length, then.next]).toEqual([historyPage, null]);
  expect((await fetch(`${reader.url}/stories/${story}/timeline/${development}/history?before=x`)).status).toBe(422);
});
