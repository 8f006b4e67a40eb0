import { describe, expect, test } from '@jest/globals';
import { renderToString } from 'preact-render-to-string';
import { pageContext, PageContextProvider } from '../page-context.js';
import type { MediumView } from '../view.js';
import { StoriesPage, type StoryLine } from './stories.js';

const sources = ['avif', 'webp', 'jpeg'].flatMap(type =>
  [320, 640].map(width => ({
    href: `/media/${type}-${width}`,
    type: `image/${type}`,
    width,
    height: width / 2,
  })),
);
const picture: MediumView = {
  ...{ picture: 'p', alt: 'A crane & its "load"', width: 1_200, height: 600, colour: '#224466' },
  sources,
};
const story: StoryLine = {
  ...{ id: 'storm', title: 'The storm', summary: null, zone: 'UTC', language: 'en', status: 'open' },
  ...{ continues: null, opened: '2026-03-01T09:00:00.000Z', position: 3, recorded: '2026-03-01T09:00:00.000Z' },
  ...{ conditions: {}, developments: 0, latest: null, leadPicture: null },
};
const html = (leadPicture: MediumView | null) =>
  renderToString(
    <PageContextProvider.Provider value={pageContext({ story: '', language: null, zone: 'UTC', kinds: {} })}>
      <StoriesPage stories={[{ ...story, leadPicture }]} next={null} />
    </PageContextProvider.Provider>,
  );

describe('the picture of a story in the list', () => {
  test('is small, lazy and described, and has its shape before it is loaded', () => {
    const page = html(picture);
    expect(page).toContain('<rect width="100%" height="100%" fill="#224466"');
    expect(page).toContain('srcset="/media/webp-320 320w, /media/webp-640 640w"');
    expect(page).toContain(
      '<img src="/media/jpeg-320" width="320" height="160" alt="A crane &amp; its &quot;load&quot;" loading="lazy" decoding="async"',
    );
    expect(page.match(/<img/g)).toHaveLength(1);
  });

  test('keeps the point visible that its editor chose', () => {
    expect(html({ ...picture, focus: { x: 26, y: 100 } })).toContain('<picture class="x3">');
    expect(html({ ...picture, focus: { x: 26, y: 100 }, height: 801 })).toContain('<picture class="y10">');
    expect(html(picture)).toContain('<picture>');
  });

  test('has an empty description where it only decorates', () =>
    expect(html({ ...picture, alt: '' })).toMatch(/<img [^>]*alt(=""|[ />])/));

  test('is left out where the story has none', () => expect(html(null)).not.toMatch(/<img|thumbnail/));
});
