import { FragmentsController } from '../../apps/reader-api/src/embed/embeds.controller.js';
import { ExportController } from '../../apps/reader-api/src/pages/export.js';
import { PagesController } from '../../apps/reader-api/src/pages/pages.controller.js';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { audit, succeeds } from '../harness/audit.js';
import type { Client } from '../harness/client.js';
import { rawRecords } from '../harness/log.js';
import { TestNewsroom } from '../harness/newsroom.js';
import { withRoles } from '../harness/roles.js';
import { readableTables } from '../harness/tables.js';
import { draftsIn, writeDrafts } from './drafts.js';
import { everyAnswer, type Answered, type Moment } from './answers.js';
import { fetcherSecret, Scenario, type Canary, type Person, type Send, wordsIn } from './scenario.js';

// Two stories hold a word of its own in each place where people can write: in one every development is under embargo. Then everything is
// taken down. The words may be found only where their fate says so.

/** Hundreds of commands, on a machine that may be busy with other tests. */
const patienceMs = 400_000;

let newsroom: TestNewsroom;
let folder: string;
let people: Record<Person, Client>;
let [hidden, open]: Scenario[] = [];
let position = 0;
/** The positions at which each story was played to its end. */
const reached: number[] = [];
/** The words of drafts. */
const drafted: string[] = [];
/** All events that were sent to readers with an open page, by story. */
const sent = { hidden: '', open: '' };
const reader = new AbortController();

const send: Send = async (by, path, body, method = 'post') => {
  const answer = await people[by][method](path, body);
  if (answer.status !== 201) throw new Error(`${path}: ${answer.text}`);
  position = Math.max(position, answer.body.position);
  return answer.body;
};

async function follow(story: 'hidden' | 'open', after = 0): Promise<void> {
  const path = `/stories/${story}/live?after=${after}`;
  const response = await fetch(new URL(path, newsroom.readers.url), { signal: reader.signal });
  const decoder = new TextDecoder();
  for await (const chunk of response.body!) sent[story] += decoder.decode(chunk as Uint8Array, { stream: true });
}

/** The routes of the readers' pages, which are in no document. */
const pages = () =>
  [PagesController, FragmentsController, ExportController].flatMap(controller => {
    const routes = controller.prototype as unknown as Readonly<Record<string, unknown>>;
    return Object.getOwnPropertyNames(controller.prototype)
      .map(name => Reflect.getMetadata('path', Object(routes[name])))
      .filter((path): path is string => typeof path === 'string')
      .map(path => `/${Reflect.getMetadata('path', controller)}${path === '/' ? '' : `/${path}`}`);
  });

const moments = (): Moment[] => {
  const now = new Date().toISOString();
  const positions = reached.flatMap(end => [Math.round(end / 3), Math.round(end / 2), end]);
  return [
    ...positions.map(at => ({ position: String(at) })),
    { knownAt: now },
    { visibleAt: now },
    { happenedBy: '2099-01-01T00:00:00Z' },
  ];
};

/** Everything that readers can ask about the stories. */
async function answers(): Promise<Answered[]> {
  const all: Answered[] = [];
  for (const [story, scenario] of [
    ['hidden', hidden!],
    ['open', open!],
  ] as const) {
    const values = {
      story: [story],
      development: scenario.developments.filter((_, i) => i % 12 === 0),
      actor: ['goose', `finch-of-${story}`, `wren-of-${story}`],
      q: ['sings'],
      name: ['0'.repeat(64)],
      from: ['1'],
      to: [String(reached.at(-1))],
      url: [`${newsroom.readers.url}/s/${story}`],
    };
    all.push(...(await everyAnswer(newsroom.readers, values, moments(), pages())));
  }
  expect(all.filter(({ status }) => status >= 500)).toEqual([]);
  return all;
}

/** The places whose words a text holds, each once. */
const placesIn = (text: string, canaries: readonly Canary[]) => {
  const held = wordsIn(text);
  return [...new Set(canaries.filter(({ word }) => held.has(word)).map(({ place }) => place))];
};
const textOf = (all: readonly Answered[]) => all.map(({ text }) => text).join('\n');

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'dateline-canaries-'));
  const signing = { SIGNING_KEY_FILE: join(folder, 'key.json'), STATE_DIR: join(folder, 'state') };
  newsroom = await TestNewsroom.open({ env: { ...signing, FETCHER_SECRET: fetcherSecret } });
  await succeeds(audit(newsroom, 'keygen', '--to', signing.SIGNING_KEY_FILE));
  people = {
    ann: await newsroom.as(['editor'], 0, 'ann'),
    ben: await newsroom.as(['editor'], 0, 'ben'),
    lea: await newsroom.as(['legal'], 0, 'lea'),
  };
  await Scenario.cast(send);
  hidden = new Scenario(send, 'hidden', true);
  await hidden.play();
  reached.push(position);
  open = new Scenario(send, 'open', false, hidden.canaries.length + 100);
  await open.play();
  reached.push(position);
  for (const story of ['hidden', 'open']) drafted.push(...(await writeDrafts(people.ann, story)));
  await newsroom.seen(position);
  for (const story of ['hidden', 'open'] as const) follow(story).catch(() => undefined);
}, patienceMs);
afterAll(async () => {
  reader.abort();
  await newsroom?.close();
  await rm(folder, { recursive: true });
});

describe('what people write', () => {
  let before: Answered[];

  test('reaches readers where nothing withholds it, so that this test looks where readers look', async () => {
    before = await answers();
    const found = new Set(placesIn(textOf(before), open!.canaries));
    const missed = open!.canaries.filter(({ place, fate }) => fate.shown && !found.has(place));
    expect(missed.map(({ place }) => place)).toEqual([]);
    const leaked = open!.canaries.filter(({ place, fate }) => !fate.shown && found.has(place));
    expect(leaked.map(({ place }) => place)).toEqual([]);
  });

  test('is nowhere for readers while its development is under embargo', async () => {
    const secret = hidden!.canaries.filter(({ place }) => !isOfHeader(place));
    expect(secret.length).toBeGreaterThan(600);
    expect(placesIn(textOf(before), secret)).toEqual([]);
    expect(placesIn(sent.hidden + sent.open, secret)).toEqual([]);
    const tables = await readableTables(newsroom.envOf('reader-api').DATABASE_URL!);
    if (withRoles()) expect(placesIn(tables.text, secret)).toEqual([]);
    // As many words as a search takes.
    for (let n = 0; n < secret.length; n += 7) {
      const q = secret.slice(n, n + 7).map(({ word }) => word);
      const { status, body } = await newsroom.readers.get(`/search?q=${q.join('+or+')}`);
      expect([q, status, body.total]).toEqual([q, 200, 0]);
    }
    const found = async (q: string) => (await newsroom.readers.get(`/search?q=${q}`)).body.total;
    expect(await found('sings&story=hidden')).toBe(0);
    expect(await found('sings&story=open')).toBeGreaterThan(40);
    console.log(
      `${secret.length} words under embargo: 0 in ${before.length} answers and ${tables.names.length} tables`,
    );
  });

  test('is nowhere while it is a draft: for no reader, and in the clear neither in the log nor in the database', async () => {
    expect(drafted.length).toBe(200);
    const tables = await readableTables(newsroom.envOf('reader-api').DATABASE_URL!);
    if (withRoles()) expect(draftsIn(tables.text, drafted)).toEqual([]);
    expect(draftsIn(textOf(before) + sent.hidden + sent.open, drafted)).toEqual([]);
    const records = (await rawRecords(newsroom.env)).map(
      ({ headers, value }) => JSON.stringify(headers) + String(value),
    );
    expect(draftsIn(records.join('\n'), drafted)).toEqual([]);
    expect(draftsIn(await newsroom.everything(), drafted)).toEqual([]);
    // So that this test looks for what is there.
    const { text } = await people.ann.get('/stories/open/drafts');
    expect(draftsIn(text, drafted).length).toBe(100);
    console.log(`${drafted.length} words of drafts: 0 in ${before.length} answers, the topic and the database`);
  });

  test(
    'is nowhere after a takedown',
    async () => {
      for (const [story, scenario] of [
        ['hidden', hidden!],
        ['open', open!],
      ] as const)
        await scenario.takeDown(await textsOf(story));
      await newsroom.seen(position);
      const all = [...hidden!.canaries, ...open!.canaries];
      const gone = all.filter(({ fate }) => fate.takedown);
      const after = await answers();
      expect(placesIn(textOf(after), gone)).toEqual([]);
      const before = sent.open.length + sent.hidden.length;
      [sent.open, sent.hidden] = ['', ''];
      for (const story of ['hidden', 'open'] as const) follow(story, 1).catch(() => undefined);
      while (![sent.open, sent.hidden].every(text => text.includes('event: '))) await sleep(50);
      await sleep(1_000);
      expect(before).toBeGreaterThan(0);
      expect(placesIn(sent.open + sent.hidden, gone)).toEqual([]);
      expect(placesIn(await newsroom.everything(), gone)).toEqual([]);
      const records = (await rawRecords(newsroom.env)).map(
        ({ headers, value }) => JSON.stringify(headers) + String(value),
      );
      expect(placesIn(records.join('\n'), gone)).toEqual([]);
      // Nothing that says who an actor is was ever in the clear, nor is it needed to decide.
      expect(
        placesIn(records.join('\n'), all).filter(
          place => place.startsWith('registerActor') || place.startsWith('amendActor'),
        ),
      ).toEqual([]);
      await succeeds(audit(newsroom, 'export', '--all', '--to', join(folder, 'bundle')));
      expect(placesIn(await textsIn(join(folder, 'bundle')), gone)).toEqual([]);
      expect(placesIn(await textsIn(join(folder, 'state')), gone)).toEqual([]);
      console.log(
        `${gone.length} words taken down: 0 in ${after.length} answers, the database, the topic and a new bundle`,
      );
    },
    patienceMs,
  );
});

/** Of the story itself readers have the header. Everything else that was written there is in or about developments, or names their actors. */
const isOfHeader = (place: string) => /^(openStory|amendStory)\b/.test(place);

/** The ids of all texts of a story: the refusal of an unknown one names them. */
async function textsOf(story: string): Promise<string[]> {
  const path = `/stories/${story}/texts/${randomUUID()}/propose-takedown`;
  const { body } = await people.ann.post(path, { ground: 'legal', reason: 'None.' });
  return body.allowed as string[];
}

/** The bytes of every file in the folder. */
async function textsIn(path: string): Promise<string> {
  const files = (await readdir(path, { recursive: true, withFileTypes: true })).filter(file => file.isFile());
  const texts = await Promise.all(files.map(file => readFile(join(file.parentPath, file.name), 'latin1')));
  expect(texts.length).toBeGreaterThan(0);
  return texts.join('\n');
}
