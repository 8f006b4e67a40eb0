import { storyStream } from '#domain';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { parseFragment, type DefaultTreeAdapterTypes as Tree } from 'parse5';
import request from 'supertest';
import {
  corrected,
  listeningReader,
  meeting,
  recorded,
  retracted,
  takenDown,
  TestNewsroom,
} from '../newsroom.fixture.js';
import { cellsEmbedded, updatesEmbedded } from './fragments.js';
import { Oembed } from './oembed.js';

let database: Awaited<ReturnType<typeof TestNewsroom.database>>;
let newsroom: TestNewsroom;
let reader: Awaited<ReturnType<typeof listeningReader>>;
const there = 'https://live.example';
const stream = storyStream('talks');
const ids = Array.from({ length: updatesEmbedded + 1 }, () => randomUUID());
const [first, second] = ids as [string, string];

beforeAll(async () => {
  database = await TestNewsroom.database();
  newsroom = await TestNewsroom.on(database.databaseUrl);
  await newsroom.register('ada', 'Ada <b>');
  await newsroom.openStory('talks');
  for (const id of ids)
    await newsroom.post(stream, recorded(id, meeting(['ada'], { headline: `Said “${ids.indexOf(id)}” href="/x"` })));
  reader = await listeningReader(database.databaseUrl, {
    PUBLIC_URL: there,
    BRAND_NAME: 'The Post',
    BRAND_ACCENT: '#0a5c36 #6fd19b',
  });
});
afterAll(async () => {
  await reader?.close();
  await newsroom?.close();
  await database?.drop();
});

const get = (path: string, status = 200) => request(reader.url).get(path).expect(status);
const paths = [
  ['/s/talks', 'dateline-story'],
  [`/s/talks/d/${first}`, 'dateline-update'],
  ['/s/talks/actors/ada', 'dateline-state'],
] as const;

const attributes = ({ attrs }: Tree.Element) => Object.fromEntries(attrs.map(({ name, value }) => [name, value]));
const everyElement = (node: Tree.Node): Tree.Element[] => [
  ...('tagName' in node ? [node] : []),
  ...('childNodes' in node ? node.childNodes.flatMap(everyElement) : []),
  ...('content' in node ? everyElement(node.content) : []),
];
const elementsOf = async (path: string) => everyElement(parseFragment((await get(`${path}/embed`)).text));

describe('a fragment for another site’s page', () => {
  it.each(paths)('%s is one element with a shadow tree, and complete without a script', async (path, name) => {
    const [element, template, ...inside] = await elementsOf(path);
    expect([element!.tagName, attributes(element!)]).toEqual([name, { src: there + path }]);
    expect([template!.tagName, attributes(template!)]).toEqual(['template', { shadowrootmode: 'open' }]);
    expect(attributes(inside[0]!)).toEqual({ rel: 'stylesheet', href: `${there}/embed.css` });
    expect(attributes(inside[1]!)).toMatchObject({
      ...{ class: 'dateline', lang: 'en', dir: 'ltr' },
      ...{ 'data-position': String(newsroom.position), 'data-rewrites': '0' },
    });
    expect(inside.map(({ tagName }) => tagName)).not.toContain('script');
    expect((await get(`${path}/embed`)).text).toContain('The Post');
  });

  it.each(paths)('%s has only absolute links, and no handler or style that a strict page refuses', async (path, _) => {
    const elements = await elementsOf(path);
    const links = elements.flatMap(element => (element.tagName === 'a' ? [attributes(element).href!] : []));
    expect(links.length).toBeGreaterThan(2);
    for (const link of links) expect(link).toMatch(/^https?:\/\//);
    expect(links).toContain(`${there}/s/talks`);
    for (const element of elements)
      for (const { name } of element.attrs)
        expect([element.tagName, name]).toEqual([element.tagName, expect.not.stringMatching(/^(on|style$)/)]);
  });

  it('words that look like a link remain words', async () => {
    const { text } = await get(`/s/talks/d/${second}/embed`);
    expect(text).toContain('Said “1” href=&quot;/x&quot;');
  });

  it('a page beside it keeps its own links', async () => {
    await get('/s/talks/embed');
    expect((await get('/s/talks')).text).toContain('href="/s/talks/history"');
  });

  it('a story shows its newest updates, an actor so many cells, and each says where the rest is', async () => {
    const { text } = await get('/s/talks/embed');
    expect(text.match(/<article /g)).toHaveLength(updatesEmbedded);
    expect(text).not.toContain('Said “0”');
    expect(text).toContain(`<a href="${there}/s/talks">All updates</a>`);
    expect((await get('/s/talks/actors/ada/embed')).text).toContain('All that is known');
    expect(cellsEmbedded).toBe(12);
  });

  it('any page may load it, the script and the style sheet', async () => {
    for (const [path] of paths)
      expect((await get(`${path}/embed`)).headers).toMatchObject({ 'access-control-allow-origin': '*' });
    for (const [path, type] of [
      ['/embed.js', 'text/javascript'],
      ['/embed.css', 'text/css'],
    ] as const) {
      const { headers, type: found } = await get(path);
      expect(found).toBe(type);
      expect(headers).toMatchObject({
        ...{ 'access-control-allow-origin': '*', 'cross-origin-resource-policy': 'cross-origin' },
        ...{ 'cache-control': 'public, max-age=300', 'x-content-type-options': 'nosniff' },
      });
      await request(reader.url).get(path).set('If-None-Match', headers.etag!).expect(304);
      expect(headers).not.toHaveProperty('set-cookie');
    }
    expect((await get('/embed.css')).text).toContain('.dateline{--accent:var(--dateline-accent,#0a5c36);');
  });

  it('a correction, a retraction and a takedown are in the next answer, without the words', async () => {
    const path = `/s/talks/d/${second}/embed`;
    await newsroom.post(
      stream,
      corrected(second, meeting(['ada'], { headline: 'Put right' }), 'The word.', 'Misheard.'),
    );
    expect((await get(path)).text).toMatch(/Put right.*Corrected.*The word\./s);
    await newsroom.post(stream, retracted(second, 'Nobody said so.'));
    const gone = (await get(path)).text;
    expect(gone).toMatch(/is-retracted.*Retracted.*Nobody said so\./s);
    await newsroom.post(stream, ...takenDown(second));
    const removed = (await get(path)).text;
    expect(removed).toContain('Taken down');
    expect(removed).not.toMatch(/Put right|Nobody said so/);
  });

  it('what readers do not have is answered with 404', async () => {
    for (const path of ['/s/none/embed', `/s/talks/d/${randomUUID()}/embed`, '/s/talks/actors/none/embed'])
      await get(path, 404);
  });
});

describe('oEmbed', () => {
  const ask = (url: string, more: object = {}, status = 200) =>
    request(reader.url)
      .get('/oembed')
      .query({ url, ...more })
      .expect(status);

  it.each(paths)('%s names its oEmbed answer, which gives the element and the script', async (path, name) => {
    const page = (await get(path)).text;
    const [, address] = /<link rel="alternate" type="application\/json\+oembed" href="([^"]+)"/.exec(page)!;
    expect(address!.startsWith(`${there}/oembed?`)).toBe(true);
    const { body } = await get(address!.slice(there.length).replaceAll('&amp;', '&'));
    expect(Oembed.parse(body)).toMatchObject({ provider_name: 'The Post', provider_url: there, width: 600 });
    const [element, link, script] = everyElement(parseFragment(body.html)) as [
      Tree.Element,
      Tree.Element,
      Tree.Element,
    ];
    expect([element.tagName, attributes(element)]).toEqual([name, { src: there + path }]);
    expect([link.tagName, attributes(link)]).toEqual(['a', { href: there + path }]);
    expect(attributes(script)).toEqual({ type: 'module', async: '', src: `${there}/embed.js` });
  });

  it('the code that sites keep has none of an update’s words', async () => {
    const { text } = await ask(`${there}/s/talks/d/${first}`);
    expect(text).not.toContain('Said');
    expect(JSON.parse(text).title).toBe('An update of About talks');
  });

  it('the code that sites keep has no name of an actor', async () => {
    const { text } = await ask(`${there}/s/talks/actors/ada`);
    expect(text).not.toContain('Ada');
    expect(JSON.parse(text).title).toBe('What is known of an actor in About talks');
  });

  it('the width is what the site asks for, within bounds', async () => {
    for (const [maxwidth, width] of [
      [1, 220],
      [220, 220],
      [400, 400],
      [10_000, 600],
    ])
      expect((await ask(`${there}/s/talks`, { maxwidth })).body.width).toBe(width);
    await ask(`${there}/s/talks`, { maxwidth: 10_001 }, 422);
    await ask(`${there}/s/talks`, { format: 'xml' }, 422);
  });

  it.each([
    'https://other.example/s/talks',
    'http://live.example/s/talks',
    `${there}.evil.example/s/talks`,
    `${there}/x/s/talks`,
    `${there}/stories/talks`,
    `${there}/s/-/search`,
    'javascript:alert(1)//s/talks',
    'talks',
    `${there}/s/%FF`,
    `${there}/s/%00`,
  ])('%s is not a page of ours', async url => {
    const { body } = await ask(url, {}, 422);
    expect(body.errors[0]).toMatchObject({ field: 'url', message: expect.stringContaining(`on ${there}`) });
  });

  it('a page that does not exist is answered with 404', async () => {
    for (const path of ['/s/none', `/s/talks/d/${randomUUID()}`, '/s/talks/actors/none'])
      await ask(there + path, {}, 404);
  });
});
