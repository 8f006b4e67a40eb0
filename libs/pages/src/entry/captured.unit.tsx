import { describe, expect, test } from '@jest/globals';
import { renderToString } from 'preact-render-to-string';
import { kindShapes } from '../kinds.js';
import { pageContext, PageContextProvider } from '../page-context.js';
import type { CaptureView } from '../view.js';
import { Captured } from './captured.js';

const page: CaptureView = {
  url: 'https://news.example/a',
  title: 'Talks end',
  author: 'Ann Example',
  site: 'Example News',
  published: '2026-11-23T09:00:00Z',
  text: 'The two leaders left.',
  sources: ['open-graph'],
  at: '2026-11-24T14:05:00Z',
  proof: 'p'.repeat(43),
};
const of = pageContext({ story: 'talks', language: 'en', zone: 'UTC', kinds: kindShapes });
const html = (pages: readonly CaptureView[] | undefined) =>
  renderToString(
    <PageContextProvider.Provider value={of}>
      <Captured pages={pages} />
    </PageContextProvider.Provider>,
  );
const text = (pages: readonly CaptureView[]) =>
  html(pages)
    .replace(/<[^>]*>/g, '')
    .replace(/\s+/g, ' ');

test('a linked page is a card: its title as the link, its text, who published it, and when it was captured', () => {
  expect(text([page])).toMatch(
    /^Talks endThe two leaders left\.Ann Example, Example News, 2026-11-23, news\.example, as captured .*14:05/,
  );
  expect(html([page])).toContain('<a href="https://news.example/a" rel="external nofollow noopener noreferrer">');
});

test('nothing on a card makes a reader’s browser ask another site', () => {
  const hostile = {
    ...page,
    title: '<img src=x onerror=alert(1)>',
    text: '<script src="https://evil.example/x.js"></script><iframe src="https://evil.example/"></iframe>',
  };
  expect(html([hostile])).not.toMatch(/<(script|iframe|img|link|style|object|embed|video|audio|source)\b/i);
  expect(html([hostile])).not.toMatch(/\bsrc=["']?http/);
});

test('a page that says little is shown by its address, and no card is shown for none', () => {
  const { url, at, sources, proof } = page;
  expect(text([{ url, at, sources, proof, text: 'Says little' }])).toMatch(
    /^https:\/\/news\.example\/aSays littlenews\.example, as captured/,
  );
  expect(html(undefined)).toBe('');
  expect(html([])).toBe('');
});

describe('a page that was captured again', () => {
  const at = '2026-11-24T16:20:00Z';
  const { title, author, site, published, text: words } = page;
  const same = { title, author, site, published, text: words, sources: page.sources, at, proof: page.proof };
  const saying = (again: NonNullable<CaptureView['again']>) =>
    text([{ ...page, again }]).split(/as captured .*?14:05/)[1];

  test('says which fields changed, and what they say now, beside the page as captured first', () => {
    expect(saying({ ...same, title: 'Talks go on' })).toBe(
      'captured again 16:20: the title changedThe title: Talks go on',
    );
    expect(saying({ ...same, title: 'Talks go on', author: undefined, text: 'They stay.' })).toBe(
      'captured again 16:20: the title, the author and the text changed' +
        'The title: Talks go onThe author: no longer givenThe text: They stay.',
    );
    expect(text([{ ...page, again: { ...same, title: 'Talks go on' } }])).toContain('Talks end');
  });

  test('may say the same, or be gone', () => {
    expect(saying({ ...same, sha256: 'b'.repeat(64) })).toBe('captured again 16:20: unchanged');
    expect(saying({ gone: true, at, proof: page.proof })).toBe('gone at 16:20');
  });

  test('is shown as text alone', () => {
    const again = { ...same, title: '<img src=x onerror=alert(1)>', text: '<script src="https://evil.example/x.js">' };
    expect(html([{ ...page, again }])).not.toMatch(
      /<(script|iframe|img|link|style|object|embed|video|audio|source)\b/i,
    );
  });
});

describe('the picture of a page', () => {
  const name = (digit: string) => digit.repeat(64);
  const source = (type: string, width: number) => ({ href: `/media/${name('c')}`, type, width, height: width / 2 });
  const picture = {
    ...{ picture: name('a'), sha256: name('b'), alt: 'A crane', width: 800, height: 400, colour: '#224466' },
    sources: [source('image/webp', 320), source('image/webp', 640), source('image/jpeg', 640)],
  };
  const again = { ...page, at: '2026-11-24T16:20:00Z' };

  test('is on its card, from this server alone, with the text that the page gives', () => {
    const card = html([{ ...page, picture }]);
    expect(card).toContain('alt="A crane"');
    expect(card.match(/(src|srcset)="[^"]*"/g)!.join()).not.toMatch(/https?:/);
    // A draft's picture has no address before somebody loads a small copy.
    expect(html([{ ...page, picture: { ...picture, sources: [] } }])).not.toContain('<img');
  });

  test.each([
    ['another', { picture }, { picture: { ...picture, sha256: name('d') } }, /the picture changedThe picture:$/],
    ['the same', { picture }, { picture }, /unchanged$/],
    ['gone', { picture }, { noPicture: 'gone' }, /the picture changedThe picture: no longer given$/],
    ['no longer named', { picture }, { noPicture: 'none' }, /the picture changedThe picture: no longer given$/],
    ['not to be had now', { picture }, { noPicture: 'not-given' }, /unchanged$/],
    ['new', { noPicture: 'none' }, { picture }, /the picture changedThe picture:$/],
    ['unknown before', {}, { picture }, /unchanged$/],
  ] as const)('when the page is captured again and it is %s', (_, first, later, expected) => {
    expect(text([{ ...page, ...first, again: { ...again, ...later } }]).trim()).toMatch(expected);
  });
});
