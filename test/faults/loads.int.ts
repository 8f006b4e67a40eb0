import { Dateline, liveTimeline, Pauses } from '#client';
import { storyStream } from '#domain';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { follow } from '../../libs/pages/src/client/follow.js';
import {
  listeningReader,
  meeting,
  recorded,
  takenDown,
  TestNewsroom,
} from '../../apps/reader-api/src/newsroom.fixture.js';

/** Readers' apps with the client library, and readers' pages. Their code is unchanged; only the pauses are short. */
const clients = 50;
const backoff = { least: 20, most: 200 };

let database: Awaited<ReturnType<typeof TestNewsroom.database>>;
let newsroom: TestNewsroom;
let reader: Awaited<ReturnType<typeof listeningReader>>;
let story: string;
let session: AbortController;

beforeAll(async () => {
  database = await TestNewsroom.database();
  newsroom = await TestNewsroom.on(database.databaseUrl);
  reader = await listeningReader(database.databaseUrl);
});
afterAll(async () => {
  await reader.close();
  await newsroom.close();
  await database.drop();
});
afterEach(() => session.abort());

const stream = () => storyStream(story);
const record = (headline = 'A meeting is planned') => {
  const development = randomUUID();
  return newsroom.post(stream(), recorded(development, meeting(['ada-berg'], { headline }))).then(() => development);
};

async function until(what: () => boolean): Promise<void> {
  for (const end = Date.now() + 20_000; !what(); await sleep(5))
    if (Date.now() > end) throw new Error(`Not in time: ${what}`);
}

/** The requests and the state of one client. */
interface Seen {
  loads: number;
  streams: number;
  live: boolean;
  entries: readonly { readonly headline: string | null }[];
}
const nothing = (): Seen => ({ loads: 0, streams: 0, live: false, entries: [] });

/** An app with the client library. */
function app(): Seen {
  const seen = nothing();
  const counting: typeof fetch = (url, init) => {
    if (String(url).includes('/live')) seen.streams++;
    else seen.loads++;
    return fetch(url, init);
  };
  const { signal } = session;
  void (async () => {
    const api = new Dateline(reader.url, counting);
    for await (const { timeline, connected } of liveTimeline(api, story, { signal, ...backoff }))
      Object.assign(seen, { entries: timeline.entries, live: connected });
  })();
  return seen;
}

/** A page that the browser's script keeps up to date. It loads the server's page. */
async function page(): Promise<Seen> {
  const seen = nothing();
  const load = async () => {
    seen.loads++;
    const html = await (await fetch(`${reader.url}/s/${story}`)).text();
    const state = JSON.parse(/<script type="application\/json" id="state">(.*?)<\/script>/.exec(html)![1]!) as Seen & {
      position: number;
      rewrites: number;
    };
    seen.entries = [...html.matchAll(/<h3[^>]*>(.*?)<\/h3>/g)].map(([, headline]) => ({ headline: headline! }));
    return state;
  };
  const first = await load();
  follow(
    story,
    first,
    {
      onChange: ({ entries }) => (seen.entries = [...entries, ...seen.entries]),
      onGap: load,
      onState: state => (seen.live = state === 'live'),
    },
    {
      origin: reader.url,
      online: () => true,
      on: (event, heard) => event === 'pagehide' && session.signal.addEventListener('abort', heard),
    },
    new Pauses(backoff),
  );
  return seen;
}

async function open(): Promise<Seen[]> {
  session = new AbortController();
  const half = Array.from({ length: clients / 2 });
  const all = [...half.map(app), ...(await Promise.all(half.map(page)))];
  await until(() => all.every(({ live }) => live));
  return all;
}
const loadsOf = (all: Seen[]) => all.map(({ loads }) => loads);
const each = (loads: number) => Array<number>(clients).fill(loads);

/** Waits long enough to detect a client that reloads endlessly. */
async function settled(all: Seen[], loads: number): Promise<void> {
  await until(() => all.every(seen => seen.live && seen.loads >= loads));
  await sleep(1_000);
}

/** Asserts that every client receives the next post. */
async function follows(all: Seen[]): Promise<void> {
  const words = `Then ${randomUUID()}`;
  await record(words);
  await until(() => all.every(({ entries }) => entries.some(({ headline }) => headline?.includes(words))));
}

describe(`how often ${clients} clients that follow a story load it`, () => {
  it('they load it once more for each takedown, and then hold none of the words', async () => {
    await newsroom.openStory((story = `story-${randomUUID()}`));
    const [gone, also] = [await record('Words of one'), await record('Words of another')];
    const all = await open();
    await newsroom.post(stream(), ...takenDown(gone));
    await settled(all, 2);
    expect(loadsOf(all)).toEqual(each(2));
    await follows(all);
    await newsroom.post(stream(), ...takenDown(also));
    await settled(all, 3);
    expect(loadsOf(all)).toEqual(each(3));
    expect(JSON.stringify(all)).not.toContain('Words of');
    await follows(all);
  });

  it('clients that come just after a takedown do not load it again', async () => {
    await newsroom.openStory((story = `story-${randomUUID()}`));
    await newsroom.post(stream(), ...takenDown(await record()));
    const all = await open();
    await settled(all, 1);
    expect(loadsOf(all)).toEqual(each(1));
  });

  it('they load it once more after a release from quarantine', async () => {
    await newsroom.openStory((story = `story-${randomUUID()}`));
    const all = await open();
    const release = await newsroom.postUnread(stream(), recorded(randomUUID(), meeting(['ada-berg'])));
    await newsroom.openStory(`aside-${randomUUID()}`);
    await release();
    await settled(all, 2);
    expect(loadsOf(all)).toEqual(each(2));
    await follows(all);
  });

  it('they load it again after a swap only if the new build has different rows', async () => {
    await newsroom.openStory((story = `story-${randomUUID()}`));
    await record();
    const all = await open();
    await newsroom.swapBuild({ behind: 0 });
    await follows(all);
    expect(loadsOf(all)).toEqual(each(1));
    await newsroom.swapBuild({ behind: 0, changed: true });
    await settled(all, 2);
    expect(loadsOf(all)).toEqual(each(2));
    await follows(all);
  });

  it('they do not load it again after a restart of the projector', async () => {
    await newsroom.openStory((story = `story-${randomUUID()}`));
    await newsroom.post(stream(), ...takenDown(await record()));
    const all = await open();
    await newsroom.restart();
    await follows(all);
    await settled(all, 1);
    expect(loadsOf(all)).toEqual(each(1));
  });
});
