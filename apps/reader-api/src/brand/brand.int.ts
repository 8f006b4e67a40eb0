import { storyStream } from '#domain';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import request from 'supertest';
import { listeningReader, meeting, recorded, TestNewsroom } from '../newsroom.fixture.js';

let database: Awaited<ReturnType<typeof TestNewsroom.database>>;
let newsroom: TestNewsroom;
let reader: Awaited<ReturnType<typeof listeningReader>>;
let folder: string;
const development = randomUUID();

const pages = [
  '/s',
  '/s/-/search?q=words',
  '/s/talks',
  '/s/talks/history',
  '/s/talks/actors/ada',
  `/s/talks/d/${development}`,
];

beforeAll(async () => {
  database = await TestNewsroom.database();
  newsroom = await TestNewsroom.on(database.databaseUrl);
  await newsroom.register('ada', 'Ada');
  await newsroom.openStory('talks');
  await newsroom.post(storyStream('talks'), recorded(development, meeting(['ada'])));
  folder = mkdtempSync(join(tmpdir(), 'brand-'));
  const [light, dark] = ['light.svg', 'dark.svg'].map(name => join(folder, name)) as [string, string];
  for (const path of [light, dark])
    writeFileSync(path, `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 90 30"><desc>${path}</desc></svg>`);
  reader = await listeningReader(database.databaseUrl, {
    BRAND_NAME: 'The “Harbour” Post',
    BRAND_URL: 'https://post.example/',
    BRAND_LOGO: light,
    BRAND_LOGO_DARK: dark,
    BRAND_ACCENT: '#0a5c36 #6fd19b',
    FRAME_ANCESTORS: 'https://post.example https://*.post.example',
  });
});
afterAll(async () => {
  await reader?.close();
  await newsroom?.close();
  await database?.drop();
  if (folder) rmSync(folder, { recursive: true });
});

const get = (path: string, status = 200) => request(reader.url).get(path).expect(status);
const address = (page: string, pattern: RegExp) => pattern.exec(page)![1]!;

describe('a newsroom with a brand', () => {
  it.each(pages)('%s has the publisher’s logo, name, site and style sheet', async path => {
    const { text } = await get(path);
    const logo =
      /<a class="wordmark" href="\/s">.*?<img src="([^"]+)" alt="The “Harbour” Post" width="90" height="30"\/>/;
    expect(text).toMatch(logo);
    expect(text).toMatch(
      /<source srcset="\/assets\/brand-logo-dark\.[0-9a-f]+\.svg" media="\(prefers-color-scheme: dark\)"\/>/,
    );
    expect(text).toContain('<a href="https://post.example/">The “Harbour” Post</a>');
    expect(text).not.toContain('Dateline');
    const style = await get(address(text, /<link rel="stylesheet" href="([^"]*brand[^"]*)"/));
    expect(style.type).toBe('text/css');
    expect(style.text).toContain('--accent:#0a5c36;');
    expect(style.headers['cache-control']).toBe('public, max-age=31536000, immutable');
  });

  it('a logo that is opened by its own address runs nothing', async () => {
    const { text } = await get('/s');
    const { headers, type } = await get(address(text, /<img src="([^"]+)"/));
    expect(type).toBe('image/svg+xml');
    expect(headers['content-security-policy']).toContain('sandbox');
    expect(headers['x-content-type-options']).toBe('nosniff');
    await get('/assets/brand-logo.00000000.svg', 404);
  });

  it('search engines learn the publisher, with absolute addresses', async () => {
    for (const path of ['/s/talks', `/s/talks/d/${development}`]) {
      const { text } = await get(path);
      expect(JSON.parse(address(text, /<script type="application\/ld\+json">(.*?)<\/script>/s)).publisher).toEqual({
        '@type': 'Organization',
        name: 'The “Harbour” Post',
        url: 'https://post.example/',
        logo: { '@type': 'ImageObject', url: expect.stringMatching(`^${reader.url}/assets/brand-logo[.]`) },
      });
      expect(text).toContain('<meta property="og:site_name" content="The “Harbour” Post"/>');
    }
  });

  it('the sites that may frame pages may frame every page: also one that was kept, and one about a problem', async () => {
    const expected = 'frame-ancestors https://post.example https://*.post.example';
    for (const path of [...pages, ...pages])
      expect((await get(path)).headers['content-security-policy']).toContain(expected);
    const missing = await get('/s/none', 404);
    expect(missing.headers['content-security-policy']).toContain(expected);
    expect(missing.text).toContain('alt="The “Harbour” Post"');
    expect((await get('/stories/talks')).headers['content-security-policy']).not.toContain('post.example');
  });
});

it('without settings the masthead is ours, nobody may frame a page, and no further style sheet is loaded', async () => {
  const plain = await listeningReader(database.databaseUrl);
  try {
    const { text, headers } = await request(plain.url).get('/s/talks').expect(200);
    expect(text).toContain('<a class="wordmark" href="/s">Dateline</a>');
    expect(text.match(/rel="stylesheet"/g)).toHaveLength(1);
    expect(headers['content-security-policy']).toContain(`frame-ancestors 'none'`);
  } finally {
    await plain.close();
  }
});
