import { describe, expect, test } from '@jest/globals';
import { createHash } from 'node:crypto';
import { captureOf, withoutPage } from './capture.js';
import { fields } from './described.js';
import { CaptureError } from './errors.js';
import { deepestNode, deepestPage, longestJsonLd, longestTexts, mostAuthors, mostMetas, mostNodes } from './limits.js';
import { oembedAddress } from './oembed.js';
import { decoded } from './page.js';
import { moreOembedAnswers } from './testing/more-oembed-answers.js';
import { oembedAnswers } from './testing/oembed-answers.js';
import { pageAnswers } from './testing/page-answers.js';
import { line } from './words.js';

const sha256 = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex');
const got = (url: string, html: string | Buffer, type = 'text/html; charset=utf-8') => {
  const bytes = Buffer.from(html as string);
  return { url, type, bytes, sha256: sha256(bytes) };
};
const ofProviders = [...oembedAnswers, ...moreOembedAnswers];
const answers = [...ofProviders, ...pageAnswers];

describe('answers of providers and pages, as they document them', () => {
  test.each(answers.map(answer => [answer.name, answer] as const))('%s', (_, { url, oembed, html, expected }) => {
    const capture = captureOf(url, { oembed, ...(html !== undefined && { page: got(url, html) }) });
    const said = Object.fromEntries(Object.entries(capture).filter(([name]) => fields.includes(name as never)));
    expect(said).toEqual(expected);
    expect(capture.sha256).toBe(html === undefined ? undefined : sha256(Buffer.from(html)));
  });

  test('thirty of them are answers of providers, each of another site that is on the list', () => {
    expect(ofProviders.length).toBeGreaterThanOrEqual(30);
    expect(ofProviders.filter(({ url }) => oembedAddress(url) === undefined).map(({ name }) => name)).toEqual([]);
    expect(new Set(ofProviders.map(({ url }) => new URL(url).host)).size).toBe(ofProviders.length);
  });
});

describe('what was captured', () => {
  test('names its sources in the order in which they are believed, and where a redirect led', () => {
    const { oembed, html } = pageAnswers.find(({ name }) => name.startsWith('oEmbed before both'))!;
    const capture = captureOf('https://youtu.be/abc', {
      oembed,
      page: got('https://www.youtube.com/watch?v=abc', html!),
    });
    expect(capture).toMatchObject({
      url: 'https://youtu.be/abc',
      answeredBy: 'https://www.youtube.com/watch?v=abc',
      sources: ['oembed', 'open-graph', 'schema.org'],
    });
  });

  test('an alternative text goes with its own picture, and is left out where nobody can say which one it is of', () => {
    const of = (html: string, oembed?: unknown) => {
      const { picture, alt } = captureOf('https://youtu.be/abc', { oembed, page: got('https://a.example/', html) });
      return [picture, alt];
    };
    const meta = (name: string, content: string) => `<meta property="og:${name}" content="${content}">`;
    const one = `<title>T</title>${meta('image', '/a.jpg')}${meta('image:alt', 'A crane')}`;
    expect(of(one)).toEqual(['https://a.example/a.jpg', 'A crane']);
    expect(of(`${one}${meta('image', '/b.jpg')}`)).toEqual(['https://a.example/a.jpg', undefined]);
    const thumbnail = { title: 'T', thumbnail_url: 'https://img.example/t.jpg' };
    expect(of(one, thumbnail)).toEqual(['https://img.example/t.jpg', undefined]);
  });

  test('an answer that says nothing is refused', () => {
    expect(() => captureOf('https://a.example/', { oembed: ['no object'] })).toThrow(
      expect.objectContaining({ code: 'capture-empty' }),
    );
  });

  test('of a site that refuses its page: what its provider says, or else the refusal', () => {
    const refused = new CaptureError('capture-denied', 'status 403');
    const url = 'https://youtu.be/abc';
    expect(withoutPage(url, { title: 'T' }, refused)).toEqual({ url, title: 'T', sources: ['oembed'] });
    expect(() => withoutPage(url, undefined, refused)).toThrow(refused);
    expect(() => withoutPage(url, {}, refused)).toThrow(refused);
    const gone = new CaptureError('capture-gone');
    expect(() => withoutPage(url, { title: 'T' }, gone)).toThrow(gone);
  });

  const { alt: _, ...ofOembed } = longestTexts;
  test.each(Object.entries(ofOembed))('%s of %i characters is kept, one more is cut', (kind, most) => {
    const title = { title: 'T' };
    const keys = { title: 'title', author: 'author_name', site: 'provider_name', text: 'html' } as const;
    const capture = (length: number) => {
      const text = 'x'.repeat(length);
      const said = kind === 'text' ? `<blockquote>${text}</blockquote>` : text;
      return captureOf('https://a.example/', { oembed: { ...title, [keys[kind as keyof typeof keys]]: said } });
    };
    expect(capture(most)[kind as 'title']).toHaveLength(most);
    expect(capture(most + 1)[kind as 'title']).toBe(`${'x'.repeat(most - 1)}…`);
  });

  test('a cut splits no character', () => {
    expect(line(`${'x'.repeat(8)}😀😀`, 10)).toBe(`${'x'.repeat(8)}…`);
  });
});

describe('of a page that says too much, the start is read', () => {
  const page = (html: string) => captureOf('https://a.example/', { page: got('https://a.example/', html) });
  const article = '{"@type":"Article","headline":"Found"}';
  const script = (json: string) => `<title>T</title><script type="application/ld+json">${json}</script>`;
  const found = (json: string) => page(script(json)).sources.includes('schema.org');

  test(`${mostMetas} meta elements`, () => {
    const after = (count: number) => `${'<meta name="x" content="y">'.repeat(count)}<meta name="author" content="Ann">`;
    expect(page(`<title>T</title>${after(mostMetas - 1)}`).author).toBe('Ann');
    expect(page(`<title>T</title>${after(mostMetas)}`).author).toBeUndefined();
  });

  test(`${longestJsonLd} characters of JSON-LD`, () => {
    expect(found(article.padEnd(longestJsonLd))).toBe(true);
    expect(found(article.padEnd(longestJsonLd + 1))).toBe(false);
  });

  test(`${mostNodes} objects of JSON-LD`, () => {
    const after = (count: number) => `[${'{"@type":"Thing"},'.repeat(count)}${article}]`;
    expect(found(after(mostNodes - 1))).toBe(true);
    expect(found(after(mostNodes))).toBe(false);
  });

  test(`objects that are ${deepestNode} deep`, () => {
    const within = (depth: number) => `${'['.repeat(depth)}${article}${']'.repeat(depth)}`;
    expect(found(within(deepestNode))).toBe(true);
    expect(found(within(deepestNode + 1))).toBe(false);
  });

  test(`${mostAuthors} authors`, () => {
    const by = (count: number) => script(JSON.stringify({ '@type': 'Article', author: Array(count).fill('A') }));
    const all = Array(mostAuthors).fill('A').join(', ');
    expect(page(by(mostAuthors)).author).toBe(all);
    expect(page(by(mostAuthors + 1)).author).toBe(all);
  });

  test(`${deepestPage} elements inside each other, to the end of the piece that is being read`, () => {
    const inside = (depth: number) =>
      `<title>T</title>${'<b>'.repeat(depth)}${' '.repeat(20_000)}<meta name="author" content="Ann">`;
    expect(page(inside(deepestPage - 1)).author).toBe('Ann');
    expect(page(inside(deepestPage + 1)).author).toBeUndefined();
  });
});

describe('the encoding of a page', () => {
  const latin = Buffer.from('<title>Caf\xe9</title>', 'latin1');
  const cases: readonly [string, Buffer, string, string][] = [
    ['its type', latin, 'text/html; charset=ISO-8859-1', 'Café'],
    ['its head', Buffer.from('<meta charset="windows-1252"><title>Caf\xe9</title>', 'latin1'), 'text/html', 'Café'],
    ['its first bytes', Buffer.from('\ufeff<title>Café</title>'), 'text/html; charset=latin1', 'Café'],
    ['UTF-8 where nothing is named', Buffer.from('<title>Café</title>'), 'text/html', 'Café'],
    ['UTF-8 where an unknown one is named', Buffer.from('<title>Café</title>'), 'text/html; charset=klingon', 'Café'],
    ['UTF-8 where its head names UTF-16', Buffer.from('<meta charset="utf-16le">Café'), 'text/html', 'Café'],
    ['UTF-16 where its type names it', Buffer.from('Café', 'utf16le'), 'text/html; charset=UTF-16', 'Café'],
    ['Japanese', Buffer.from([0x3c, 0x62, 0x3e, 0x93, 0xfa, 0x96, 0x7b]), 'text/html; charset=Shift_JIS', '日本'],
  ];
  test.each(cases)('%s', (_, bytes, type, expected) => {
    expect(decoded(bytes, type)).toContain(expected);
  });
});

describe('the list of oEmbed providers', () => {
  test.each([
    ['https://www.youtube.com/watch?v=x', 'https://www.youtube.com/oembed?format=json&url='],
    ['https://youtube.com/watch?v=x', 'https://www.youtube.com/oembed?format=json&url='],
    ['https://vimeo.com/1', 'https://vimeo.com/api/oembed.json?format=json&url='],
    ['https://x.com/a/status/1', 'https://publish.x.com/oembed?format=json&url='],
  ])('%s is on it', (page, endpoint) => {
    expect(oembedAddress(page)).toBe(endpoint + encodeURIComponent(page));
  });

  test.each([
    'https://news.example/',
    'https://evil.example/www.youtube.com/watch?v=x',
    'https://www.youtube.com.evil.example/watch?v=x',
    'https://evilyoutube.com/watch?v=x',
    'https://evil.example/?x=https://www.youtube.com/watch?v=x',
    'https://www.youtube.com/about',
  ])('%s is not', page => {
    expect(oembedAddress(page)).toBeUndefined();
  });

  test.each(oembedAnswers.map(({ name, url }) => [name, url] as const))('%s is asked', (_, url) => {
    expect(oembedAddress(url)).toBeDefined();
  });
});
