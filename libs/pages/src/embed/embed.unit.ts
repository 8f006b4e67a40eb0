import { describe, expect, it, test } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { h } from 'preact';
import { renderToString } from 'preact-render-to-string';
import { asset } from '../index.js';
import { elementOf, placeOf } from './address.js';
import { alters, isBehind, mostStreams } from './feeds.js';
import { withLinksTo } from './links.js';

const bundle = (name: string) => readFileSync(asset(name).url.replace('/assets', 'dist/pages'));

describe('the address of a page of ours', () => {
  const base = 'https://live.example';

  it.each([
    ['/s/talks', { story: 'talks' }, 'dateline-story'],
    ['/s/talks/', { story: 'talks' }, 'dateline-story'],
    ['/s/talks?utm_source=x#d-1', { story: 'talks' }, 'dateline-story'],
    ['/s/talks/d/abc', { story: 'talks', development: 'abc' }, 'dateline-update'],
    ['/s/talks/actors/a%20b', { story: 'talks', actor: 'a b' }, 'dateline-state'],
  ])('%s', (path, shows, element) => {
    expect(placeOf(base + path)).toMatchObject({ base, shows });
    expect(elementOf(placeOf(base + path)!.shows)).toBe(element);
  });

  it('may have a path before it, and may be relative to the page', () => {
    expect(placeOf(`${base}/news/s/talks`)).toMatchObject({ base: `${base}/news`, page: `${base}/news/s/talks` });
    expect(placeOf('/s/talks', `${base}/article`)).toMatchObject({ base });
  });

  it.each(['', 'x', '/s', '/s/', '/s/-/search', '/s/talks/history', '/s/talks/d/', '/s/a/d/b/c', '/s/%E0%A4%A'])(
    '%j is none',
    path => expect(placeOf(base + path)).toBeUndefined(),
  );
  it.each(['javascript:/s/talks', 'data:text/html,/s/talks', 'file:///s/talks'])('%j is none', address =>
    expect(placeOf(address)).toBeUndefined(),
  );
});

test('in a fragment all addresses of ours are absolute, those of pictures too; beside it none is', () => {
  const page = () =>
    renderToString(
      h(
        'p',
        null,
        h('a', { href: '/s/x' }, '/s/x, /s/y'),
        h('a', { href: 'https://paper.example/s/x' }),
        h('picture', null, [
          h('source', { srcset: '/media/a 480w, /media/b 960w' }),
          h('img', { src: '/media/a', srcset: '/media/a 480w', alt: '/media/a' }),
        ]),
      ),
    );
  const plain = page();
  const there = 'https://live.example';
  expect(withLinksTo(there, page)).toBe(
    `<p><a href="${there}/s/x">/s/x, /s/y</a><a href="https://paper.example/s/x"></a>` +
      `<picture><source srcset="${there}/media/a 480w, ${there}/media/b 960w"/>` +
      `<img src="${there}/media/a" srcset="${there}/media/a 480w" alt="/media/a"/></picture></p>`,
  );
  expect(page()).toBe(plain);
  const fails = () => {
    throw new Error('No page.');
  };
  expect(() => withLinksTo(there, fails)).toThrow('No page.');
  expect(page()).toBe(plain);
});

describe('what a page of another site shows', () => {
  const change = (acts: string[], entries: string[] = []) => ({
    acts: acts.map(development => ({ act: 'DevelopmentCorrected', development })),
    entries: entries.map(id => ({ id }) as never),
  });

  it('changes with an update that it shows or links to, any condition or the story’s header, and, if it shows more, with the story', () => {
    const concerns = new Set(['a', 'b']);
    expect([change(['b']), change([], ['b']), change(['c'], ['c'])].map(made => alters(made, { concerns }))).toEqual([
      ...[true, true, false],
    ]);
    expect(alters({ ...change([]), conditions: {} }, { concerns })).toBe(true);
    expect(alters({ ...change([]), headers: [] }, { concerns })).toBe(true);
    expect(alters(change(['c']), { concerns: undefined })).toBe(true);
  });

  it.each([
    [{ position: 4, rewrites: 1 }, true],
    [{ position: 5, rewrites: 0 }, true],
    [{ position: 5, rewrites: 1 }, false],
    [{ position: 6, rewrites: 2 }, false],
  ])('%j is behind position 5 after one rewrite: %j', (loaded, behind) =>
    expect(isBehind(loaded, { position: 5, rewrites: 1 })).toBe(behind),
  );
});

describe('what other sites load', () => {
  it('the script has less than 40 kB, and the style sheet less than 20', () => {
    expect(bundle('embed').length).toBeLessThan(40_000);
    expect(bundle('embed-style').length).toBeLessThan(20_000);
  });

  it('nothing of the style sheet depends on the page: no root, no rem, no font to load', () => {
    const css = bundle('embed-style').toString();
    expect(css).not.toMatch(/:root|@font-face|(^|[},\s])(html|body)\b/);
    expect(css).not.toMatch(/\d(?:\.\d+)?rem\b/);
  });

  it('every token may be set by the page, in both themes, and is named nowhere else', () => {
    const css = bundle('embed-style').toString();
    const set = [...css.matchAll(/--([\w-]+):\s*([^;}]+)/g)];
    expect(set.length).toBeGreaterThan(60);
    expect(set.filter(([, name, value]) => !value!.startsWith(`var(--dateline-${name},`))).toEqual([]);
    expect(css).toMatch(/:host\(\[theme="?dark"?\]\) \.dateline\{--paper/);
    expect(css).toMatch(/@media\s*\(prefers-color-scheme:\s*dark\)\{:host\(\[theme="?auto"?\]\) \.dateline\{--paper/);
  });

  it('a page follows at most four stories', () => expect(mostStreams).toBe(4));
});
