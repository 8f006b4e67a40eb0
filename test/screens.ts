// `npm run screens`: writes pictures of pages of every story into docs/screens, taken from the real processes.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { provision } from '#dev-servers';
import type { Browser, Page } from 'playwright-core';
import { startApp } from './harness/app.js';
import { launch, missing, openPage, type How } from './harness/browser-page.js';
import { madeMp3, madeWebm } from '../libs/recordings/src/testing/made.js';
import { TestNewsroom } from './harness/newsroom.js';
import { play } from './harness/played.js';
import { codeFor, hostPages } from './pages/host-pages.js';
import { harbour } from './pages/drawn.js';
import { Desk } from './pages/posting.js';
import { readOptions } from './options.js';

const { positionals: words } = readOptions(
  `npm run screens              take pictures of pages of every story into docs/screens, replacing those there
npm run screens -- WORD…     only those whose name holds one of the words, such as stories or embed-strict
npm run screens -- --help    this

It needs a Chromium: CHROMIUM names one, and on Debian root installs it.`,
  {},
  true,
);
/** Whether a picture with this name is to be taken. */
const isAsked = (name: string) => words.length === 0 || words.some(word => name.includes(word));

const folder = join('docs', 'screens');
const shots: Record<string, string> = {
  'reader-alaska': '/s/alaska-summit',
  'reader-varn': '/s/varn-election',
  'actor-alaska': '/s/alaska-summit/actors/vladimir-putin',
  'actor-varn': '/s/varn-election/actors/jonas-reck',
  'reader-storm': '/s/skerry-storm',
  'reader-cup': '/s/cup-final',
  'actor-storm': '/s/skerry-storm/actors/holmvik',
  'actor-cup': '/s/cup-final/actors/sandhaven-rovers',
  'history-alaska': '/s/alaska-summit/history?clock=known&step=12',
  'history-varn': '/s/varn-election/history?clock=known&step=24',
  stories: '/s',
  search: '/s/-/search?q=storm',
  // An amended headline, bylines and a minor edit.
  header: '/s/harbour-strike',
};
/** Pages that begin, in the picture, with their updates: the drawings of kinds. */
const drawings: Record<string, string> = {
  update: '/s/skerry-storm?type=update&order=story',
  result: '/s/varn-election?type=result',
  incident: '/s/skerry-storm?type=incident',
  decision: '/s/skerry-storm?type=decision',
  score: '/s/cup-final?type=score',
  pictures: '/s/harbour-strike',
  video: '/s/quay-fire',
};
const views: Record<string, How> = {
  light: { width: 1180 },
  dark: { width: 1180, theme: 'dark' },
  phone: { width: 412, height: 844 },
};

/** A publisher's own name, colours and headlines. */
const brand = {
  ...{
    BRAND_NAME: 'The Harbour Post',
    BRAND_URL: 'https://harbour-post.example',
    BRAND_HEADLINE_FONT: 'Georgia, serif',
  },
  ...{ BRAND_ACCENT: '#0b5d4d #6fd3bd', BRAND_LINK: '#0b4a7d #8ec3f2', BRAND_PAPER: '#fbf7ee #14181a' },
};

/** A page as a picture shows it: `updates` begins with its updates, `print` is on paper. */
type View = How & { readonly updates?: boolean; readonly print?: boolean };

/** Resolves when the pictures on the screen are loaded, also those in shadow trees. */
async function loaded(page: Page): Promise<void> {
  for (const image of await page.locator('img:visible').all())
    await image.evaluate(async (image: HTMLImageElement) => {
      if (image.getBoundingClientRect().top < innerHeight) await image.decode();
    });
}

async function take(browser: Browser, url: string, view: View, file: string): Promise<void> {
  const { updates, print, ...how } = view;
  const { page, close } = await openPage(browser, url, { ...how, still: true });
  await page.evaluate(() => document.fonts.ready);
  if (await page.locator('#connection').count()) await page.locator('.connection.is-live').waitFor();
  if (updates) await page.locator('#timeline').evaluate(list => list.scrollIntoView());
  if (print) await page.emulateMedia({ media: 'print' });
  await loaded(page);
  const devtools = await page.context().newCDPSession(page);
  const { data } = await devtools.send('Page.captureScreenshot', { format: 'webp', quality: 82 });
  writeFileSync(file, Buffer.from(data, 'base64'));
  await close();
  console.log(file);
}

/** Uploads a file. Resolves to its name, by what it is, and its ticket. */
async function uploaded(
  newsroom: TestNewsroom,
  story: string,
  bytes: Buffer,
  type: string,
): Promise<Record<'picture' | 'recording' | 'captions' | 'ticket', string>> {
  const headers = { Authorization: `Bearer ${await newsroom.token(['editor'], 'Ada Quill')}`, 'Content-Type': type };
  const body = new Uint8Array(bytes);
  const answer = await fetch(`${newsroom.editors[0]!.url}/stories/${story}/media`, { method: 'POST', headers, body });
  if (answer.status !== 201) throw new Error(`${answer.status} ${await answer.text()}`);
  return answer.json();
}

/** Uploads a drawn photograph. Resolves to what a post says of it. */
async function photograph(newsroom: TestNewsroom, story: string, bytes: Buffer, texts: object): Promise<object> {
  const { picture, ticket } = await uploaded(newsroom, story, bytes, 'image/jpeg');
  return { picture, ticket, ...texts };
}

/** A story with a video and a sound. */
async function filmed(newsroom: TestNewsroom): Promise<void> {
  const story = 'quay-fire';
  const desk = new Desk(await newsroom.as(['editor'], 0, 'Ada Quill'), story);
  await desk.open({ title: 'Fire at the quay', summary: 'The fire is under control.' });
  const playing = async (bytes: Buffer, type: string, cranes: number, texts: object) => {
    const { recording: file, ticket } = await uploaded(newsroom, story, bytes, type);
    const still = await harbour(1_280, 720, cranes);
    return photograph(newsroom, story, still, { recording: { file, ticket }, credit: 'Ada Quill', ...texts });
  };
  const said = { alt: 'The fire officer speaks', caption: 'The fire officer: nobody is hurt.' };
  const statement = await playing(madeMp3(94), 'audio/mpeg', 1, said);
  await desk.record({ kind: 'update', body: 'Nobody is hurt, says the fire officer.', media: [statement] });
  const seen = { alt: 'Smoke over three cranes', caption: 'Smoke over the quay, seen from the ferry.' };
  const film = await playing(await madeWebm({ seconds: 48, width: 64, height: 36 }), 'video/webm', 3, seen);
  await desk.record({ kind: 'update', body: 'Smoke rises over the **quay**.', media: [film] });
  await newsroom.seen(desk.position);
}

/** A short story with a changed headline, key points, bylines, a minor edit, pictures, and an update that was replaced, to which it resolves. */
async function shortStory(newsroom: TestNewsroom): Promise<string> {
  const desk = new Desk(await newsroom.as(['editor'], 0, 'Ada Quill'), 'harbour-strike');
  const update = (body: string, more: object = {}) => desk.record({ kind: 'update', body, ...more });
  await desk.open({ title: 'Strike at the harbour', summary: 'No ship has left since midnight.' });
  const replaced = await update('Talks begin at **noon**, the mayor says.');
  const quill = { name: 'Ada Quill', role: 'correspondent', place: 'the harbour' };
  const photo = async (width: number, height: number, cranes: number, texts: object) =>
    photograph(newsroom, 'harbour-strike', await harbour(width, height, cranes), { credit: 'Ada Quill', ...texts });
  const still = { alt: 'Four cranes over a ship at its berth', caption: 'Nothing moves at berth 4 this morning.' };
  const crane = await update('The cranes have stoped, and the first ship turns back.', {
    ...{ byline: [quill], media: [await photo(1_800, 1_200, 4, still)] },
  });
  await desk.on(crane, 'edit', { body: 'The cranes have stopped, and the first ship turns back.' });
  const text = 'Talks have begun. Nobody expects them to end before midnight.';
  const begun = await desk.record({ kind: 'update', body: text }, { supersedes: replaced });
  const leaving = {
    focus: { x: 50, y: 70 },
    alt: 'One ship leaves under a single crane',
    caption: 'The ship for the islands leaves at noon.',
  };
  await update('A ship for the islands is let through with medicine.', {
    ...{ byline: [{ name: 'Coast Wire', as: 'agency' }], media: [await photo(900, 1_200, 1, leaving)] },
  });
  await desk.send('/stories/harbour-strike/amend', {
    ...{
      title: 'Harbour strike: talks have begun',
      summary: 'No ship has left since midnight, except one with medicine.',
    },
    ...{ zone: 'Europe/Lisbon', language: 'en', reason: 'The talks began.' },
  });
  const points = [
    { text: 'No ship leaves except those with medicine.', cites: [crane] },
    { text: 'Talks have begun; nobody expects an end before midnight.', cites: [begun] },
  ];
  await desk.send('/stories/harbour-strike/key-points', { points });
  await newsroom.seen(desk.position);
  return replaced;
}

/** What three other sites' pages show of the short story: in each the same. */
async function takeEmbeds(browser: Browser, newsroom: TestNewsroom, permalink: string): Promise<void> {
  const reader = newsroom.reader!.url;
  const hosts = await hostPages(reader);
  const paths = [permalink, '/s/harbour-strike'];
  hosts.show((await Promise.all(paths.map(path => codeFor(reader, path)))).join('\n'));
  try {
    for (const name of hosts.names)
      for (const [view, how] of Object.entries({
        light: { width: 900, height: 1400 },
        phone: { width: 390, height: 844 },
      })) {
        if (!isAsked(`embed-${name}-${view}`)) continue;
        const { page, close } = await openPage(browser, hosts.url(name), { ...how, still: true });
        await page.locator('dateline-update .entry').waitFor();
        await page.locator('dateline-story .title').waitFor();
        await loaded(page);
        const file = join(folder, `embed-${name}-${view}.webp`);
        const devtools = await page.context().newCDPSession(page);
        const { data } = await devtools.send('Page.captureScreenshot', { format: 'webp', quality: 82 });
        writeFileSync(file, Buffer.from(data, 'base64'));
        await close();
        console.log(file);
      }
  } finally {
    hosts.close();
  }
}

/** The short story in a publisher's colours, and on paper. */
async function takeDressed(browser: Browser, newsroom: TestNewsroom): Promise<void> {
  const path = '/s/harbour-strike';
  if (Object.keys(views).some(view => isAsked(`brand-${view}`))) {
    const reader = await startApp('reader-api', { ...newsroom.envOf('reader-api'), ...brand });
    for (const [view, how] of Object.entries(views))
      if (isAsked(`brand-${view}`)) await take(browser, reader.url + path, how, join(folder, `brand-${view}.webp`));
    await reader.signal('SIGTERM');
  }
  const paper = { width: 720, height: 1_018, print: true };
  const file = join(folder, 'print.webp');
  if (isAsked('print')) await take(browser, newsroom.reader!.url + path, paper, file);
}

async function takeAll(): Promise<void> {
  const newsroom = await TestNewsroom.open();
  const browser = await launch();
  try {
    await play(newsroom, 'alaska', 'varn-election', 'skerry-storm', 'cup-final');
    await filmed(newsroom);
    const permalink = `/s/harbour-strike/d/${await shortStory(newsroom)}`;
    for (const [name, path] of Object.entries({ ...shots, permalink, ...drawings }))
      for (const [view, how] of Object.entries(views)) {
        const file = join(folder, `${name}-${view}.webp`);
        if (!isAsked(`${name}-${view}`)) continue;
        await take(browser, newsroom.reader!.url + path, { ...how, updates: name in drawings }, file);
      }
    await takeEmbeds(browser, newsroom, permalink);
    await takeDressed(browser, newsroom);
  } finally {
    await browser.close();
    await newsroom.close();
  }
}

if (missing) throw new Error(missing);
mkdirSync(folder, { recursive: true });
const services = await provision({
  dataDir: join('.dateline', 'screens'),
  keep: false,
  report: line => console.log(line),
});
try {
  process.env.KAFKA_BROKERS = services.kafkaBrokers;
  process.env.DATABASE_URL = services.databaseUrl;
  await takeAll();
} finally {
  await services.stop();
}
