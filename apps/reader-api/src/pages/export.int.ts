import { storyStream } from '#domain';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { parse, type DefaultTreeAdapterTypes as Tree } from 'parse5';
import request from 'supertest';
import { corrected, listeningReader, meeting, recorded, takenDown, TestNewsroom } from '../newsroom.fixture.js';
import { mostExported } from './export.js';

let database: Awaited<ReturnType<typeof TestNewsroom.database>>;
let newsroom: TestNewsroom;
let reader: Awaited<ReturnType<typeof listeningReader>>;
const there = 'https://live.example';
const stream = storyStream('talks');
const [first, gone] = [randomUUID(), randomUUID()];

beforeAll(async () => {
  database = await TestNewsroom.database();
  newsroom = await TestNewsroom.on(database.databaseUrl);
  await newsroom.register('ada', 'Ada');
  await newsroom.openStory('talks');
  await newsroom.post(stream, recorded(first, meeting(['ada'], { headline: 'Words of then' })));
  await newsroom.post(stream, recorded(gone, meeting(['ada'], { headline: 'Slander' })));
  await newsroom.post(
    stream,
    corrected(first, meeting(['ada'], { headline: 'Words of now' }), 'The words.', 'Misheard.'),
  );
  reader = await listeningReader(database.databaseUrl, { PUBLIC_URL: there, BRAND_NAME: 'The Post' });
});
afterAll(async () => {
  await reader?.close();
  await newsroom?.close();
  await database?.drop();
});

const get = (path: string, status = 200) => request(reader.url).get(path).expect(status);
const exported = async (query = '') => (await get(`/s/talks/export${query}`)).text;
const everyElement = (node: Tree.Node): Tree.Element[] => [
  ...('tagName' in node ? [node] : []),
  ...('childNodes' in node ? node.childNodes.flatMap(everyElement) : []),
];

it('a story is exported as one file that loads and runs nothing, with links to the story', async () => {
  const { text, headers, type } = await get('/s/talks/export');
  expect(type).toBe('text/html');
  expect(headers['content-disposition']).toBe(`attachment; filename="talks-${newsroom.position}.html"`);
  const elements = everyElement(parse(text));
  const names = new Set(elements.map(({ tagName }) => tagName));
  for (const name of ['script', 'img', 'form', 'iframe']) expect([name, names.has(name)]).toEqual([name, false]);
  const links = elements.flatMap(({ tagName, attrs }) =>
    attrs.flatMap(({ name, value }) => (name === 'href' || name === 'src' ? [[tagName, value] as const] : [])),
  );
  expect(links.length).toBeGreaterThan(5);
  for (const [tag, address] of links)
    expect([tag, address]).toEqual([tag, expect.stringMatching(/^(https:\/\/live\.example\/|#k-|data:,)/)]);
  const [style] = /<style>.*?<\/style>/s.exec(text)!;
  expect(style).toContain('url(data:font/woff2;base64,');
  expect(style.replace(/url\(data:[^)]*\)/g, '')).not.toContain('url(');
  expect(text).toContain(
    `content="default-src 'none'; style-src 'unsafe-inline'; font-src data:; img-src data: ${there}; media-src ${there}"`,
  );
});

it('it holds what readers see now, with corrections, or what they saw at a moment', async () => {
  expect(await exported()).toMatch(/Words of now.*The words\./s);
  const then = await exported('?position=4');
  expect(then).toContain('Words of then');
  expect(then).not.toMatch(/Words of now|Slander/);
  expect(then).toContain('You see what the newsroom had recorded at');
  const { headers } = await get('/s/talks/export?knownAt=2026-03-01T09:00:00Z', 302);
  expect([headers.location, headers['cache-control']]).toEqual([
    ...['/s/talks/export?clock=known&at=2026-03-01T09%3A00%3A00.000Z', 'no-cache'],
  ]);
  await get('/s/talks/export?position=2', 404);
  await get('/s/talks/export?position=4&at=2026-03-01T09:00', 422);
  await get('/s/talks/export?limit=3', 422);
});

it('as a folder it is the same page, in a ZIP file that a program of others reads; and refuses the same', async () => {
  const { body, headers } = await get('/s/talks/export.zip?position=4').responseType('blob');
  expect(headers['content-disposition']).toBe('attachment; filename="talks-4.zip"');
  const folder = await mkdtemp(join(tmpdir(), 'dateline-test-'));
  await writeFile(join(folder, 'it.zip'), body as Buffer);
  await promisify(execFile)('python3', ['-m', 'zipfile', '-e', join(folder, 'it.zip'), folder]);
  const page = await readFile(join(folder, 'talks-4', 'index.html'), 'utf8');
  const policies = / http-equiv="Content-Security-Policy" content="[^"]*"/;
  expect(page.replace(policies, '')).toBe((await exported('?position=4')).replace(policies, ''));
  expect(page).toContain(`img-src data: 'self' file: ${there}`);
  await rm(folder, { recursive: true });
  await get('/s/talks/export.zip?position=2', 404);
  await get('/s/talks/export.zip?limit=3', 422);
  await get('/s/nowhere/export.zip', 404);
});

it('the story’s page leads to its folder, the time machine to the folder of the moment that it shows', async () => {
  const linksOn = async (path: string) =>
    everyElement(parse((await get(path)).text)).flatMap(({ attrs }) => {
      const of = Object.fromEntries(attrs.map(({ name, value }) => [name, value]));
      return of.class === 'download' ? [[of.href, of.rel]] : [];
    });
  expect(await linksOn('/s/talks')).toEqual([['/s/talks/export.zip', 'nofollow']]);
  const { headers } = await get('/s/talks?position=4', 302);
  const [[then]] = (await linksOn(headers.location!)) as [[string]];
  expect(then).toMatch(/^\/s\/talks\/export\.zip\?clock=known&at=/);
  const { body } = await get(then).responseType('blob');
  expect((body as Buffer).subarray(0, 2).toString()).toBe('PK');
  expect((await get(then.replace('.zip', ''))).text).toMatch(/Words of then/);
  // Nothing can be downloaded of a moment before the story.
  expect(await linksOn('/s/talks/history?clock=visible&at=2020-01-01T00:00')).toEqual([]);
  for (const page of ['/s', '/s/-/search?q=words', '/s/talks/actors/ada']) expect(await linksOn(page)).toEqual([]);
});

it('what was taken down is in no export, of now or of any moment', async () => {
  expect(await exported('?position=5')).toContain('Slander');
  await newsroom.post(stream, ...takenDown(gone));
  for (const query of ['', '?position=5']) {
    expect(await exported(query)).not.toContain('Slander');
    expect(await exported(query)).toContain('Taken down');
  }
});

it('it holds at most 1,000 updates, the newest, and says how many more there are', async () => {
  await newsroom.openStory('long');
  const events = Array.from({ length: mostExported }, (_, n) =>
    recorded(randomUUID(), meeting(['ada'], { headline: `Number ${n}.` })),
  );
  await newsroom.postAll(events.map(event => ({ stream: storyStream('long'), events: [event] })));
  const whole = (await get('/s/long/export')).text;
  expect(whole.match(/<article /g)).toHaveLength(mostExported);
  expect(whole).not.toContain('more</a>');
  await newsroom.post(storyStream('long'), recorded(randomUUID(), meeting(['ada'], { headline: 'The last.' })));
  const cut = (await get('/s/long/export')).text;
  expect(cut.match(/<article /g)).toHaveLength(mostExported);
  expect(cut).toContain('The last.');
  expect(cut).not.toContain('Number 0.');
  expect(cut).toContain(`<a href="${there}/s/long">and 1 more</a>`);
});
