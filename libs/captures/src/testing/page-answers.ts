import type { RecordedAnswer } from './oembed-answers.js';

const ld = (value: unknown) => `<script type="application/ld+json">${JSON.stringify(value)}</script>`;
const head = (...parts: string[]) =>
  `<!doctype html><html><head>${parts.join('\n')}</head><body><p>Body</p></body></html>`;
const og = (property: string, content: string) => `<meta property="${property}" content="${content}">`;

/**
 * Pages in the shape that sites and the protocols document (ogp.me, schema.org, Google's guide to Article). Written by hand, as the
 * oEmbed answers are.
 */
export const pageAnswers: readonly RecordedAnswer[] = [
  {
    name: 'Open Graph, an article',
    url: 'https://news.example/a',
    html: head(
      '<title>Talks end | News</title>',
      og('og:title', 'Talks end without a deal'),
      og('og:site_name', 'Example News'),
      og('og:description', 'The two leaders &amp; their teams left at six.'),
      og('og:image', '/lead.jpg'),
      og('article:published_time', '2026-08-15T18:04:05+02:00'),
      og('article:author', 'Ann Example'),
    ),
    expected: {
      title: 'Talks end without a deal',
      author: 'Ann Example',
      site: 'Example News',
      published: '2026-08-15T16:04:05Z',
      text: 'The two leaders & their teams left at six.',
      picture: 'https://news.example/lead.jpg',
    },
  },
  {
    name: 'Open Graph, an author that is the address of a profile',
    url: 'https://news.example/b',
    html: head(
      og('og:title', 'B'),
      og('article:author', 'https://www.facebook.com/ann'),
      '<meta name="author" content="Ann Example">',
    ),
    expected: { title: 'B', author: 'Ann Example' },
  },
  {
    name: 'Open Graph by name in place of property, with upper case and no quotes',
    url: 'https://news.example/c',
    html: head('<META NAME=OG:TITLE CONTENT=Talks>', "<meta name='og:description' content='It\u2019s \"over\"'>"),
    expected: { title: 'Talks', text: 'It’s "over"' },
  },
  {
    name: 'Twitter’s card where there is no Open Graph',
    url: 'https://news.example/d',
    html: head(
      '<meta name="twitter:card" content="summary_large_image">',
      '<meta name="twitter:title" content="Card title">',
      '<meta name="twitter:description" content="Card text">',
      '<meta name="twitter:image" content="https://cdn.example/card.png">',
    ),
    expected: { title: 'Card title', text: 'Card text', picture: 'https://cdn.example/card.png' },
  },
  {
    name: 'schema.org, a NewsArticle as Google documents it',
    url: 'https://news.example/e',
    html: head(
      '<title>Title of a News Article</title>',
      ld({
        '@context': 'https://schema.org',
        '@type': 'NewsArticle',
        headline: 'Title of a News Article',
        image: ['https://news.example/photos/1x1/photo.jpg', 'https://news.example/photos/4x3/photo.jpg'],
        datePublished: '2026-01-05T08:00:00+08:00',
        dateModified: '2026-02-05T09:20:00+08:00',
        author: [
          { '@type': 'Person', name: 'Jane Doe', url: 'https://news.example/profile/janedoe123' },
          { '@type': 'Person', name: 'John Doe', url: 'https://news.example/profile/johndoe123' },
        ],
      }),
    ),
    expected: {
      title: 'Title of a News Article',
      author: 'Jane Doe, John Doe',
      published: '2026-01-05T00:00:00Z',
      picture: 'https://news.example/photos/1x1/photo.jpg',
    },
  },
  {
    name: 'schema.org, a graph whose nodes point to each other',
    url: 'https://blog.example/f',
    html: head(
      ld({
        '@context': 'https://schema.org',
        '@graph': [
          { '@type': 'WebSite', '@id': 'https://blog.example/#website', name: 'Example Blog' },
          { '@type': 'Person', '@id': 'https://blog.example/#ann', name: 'Ann Example' },
          { '@type': 'ImageObject', '@id': 'https://blog.example/#img', url: 'https://blog.example/i.webp' },
          {
            '@type': ['Article', 'BlogPosting'],
            headline: 'From the graph',
            author: { '@id': 'https://blog.example/#ann' },
            image: { '@id': 'https://blog.example/#img' },
            datePublished: '2026-03-01',
          },
        ],
      }),
    ),
    expected: {
      title: 'From the graph',
      author: 'Ann Example',
      site: 'Example Blog',
      published: '2026-03-01',
      picture: 'https://blog.example/i.webp',
    },
  },
  {
    name: 'schema.org, a list of scripts of which one is broken',
    url: 'https://news.example/g',
    html: head(
      '<script type="application/ld+json">{"@type":"NewsArticle","headline":</script>',
      ld([{ '@type': 'BreadcrumbList' }, { '@type': 'ReportageNewsArticle', headline: 'The second' }]),
    ),
    expected: { title: 'The second' },
  },
  {
    name: 'schema.org, a post of a social network',
    url: 'https://social.example/h',
    html: head(
      ld({
        '@type': 'SocialMediaPosting',
        headline: 'A post',
        articleBody: 'All of the post.\n\nIn two paragraphs.',
        author: { '@type': 'Person', name: ['Ann'] },
        publisher: { '@type': 'Organization', name: 'Social' },
        datePublished: '2026-04-01T10:00:00Z',
      }),
    ),
    expected: {
      title: 'A post',
      author: 'Ann',
      site: 'Social',
      published: '2026-04-01T10:00:00Z',
      text: 'All of the post. In two paragraphs.',
    },
  },
  {
    name: 'schema.org, a VideoObject',
    url: 'https://video.example/i',
    html: head(
      ld({
        '@type': 'VideoObject',
        name: 'A clip',
        description: 'Ten seconds',
        thumbnailUrl: ['//cdn.example/t.jpg'],
        uploadDate: '2026-03-31T08:00:00.123+0800',
      }),
    ),
    expected: {
      title: 'A clip',
      published: '2026-03-31T00:00:00Z',
      text: 'Ten seconds',
      picture: 'https://cdn.example/t.jpg',
    },
  },
  {
    name: 'Open Graph before schema.org, field by field',
    url: 'https://news.example/j',
    html: head(
      og('og:title', 'By Open Graph'),
      ld({ '@type': 'Article', headline: 'By schema.org', author: 'Ann Example' }),
      '<title>By HTML</title>',
    ),
    expected: { title: 'By Open Graph', author: 'Ann Example' },
  },
  {
    name: 'oEmbed before both, and the page for what it does not say',
    url: 'https://www.youtube.com/watch?v=abc',
    oembed: { type: 'video', title: 'By oEmbed', author_name: 'Channel', provider_name: 'YouTube' },
    html: head(
      og('og:title', 'By Open Graph'),
      og('og:description', 'Text'),
      ld({ '@type': 'VideoObject', name: 'By schema.org', uploadDate: '2026-05-01T01:02:03Z' }),
    ),
    expected: {
      title: 'By oEmbed',
      author: 'Channel',
      site: 'YouTube',
      published: '2026-05-01T01:02:03Z',
      text: 'Text',
    },
  },
  {
    name: 'plain HTML',
    url: 'https://plain.example/k',
    html: head('<title>\n  A plain\tpage </title>', '<meta name="description" content="Says little">'),
    expected: { title: 'A plain page', text: 'Says little' },
  },
  {
    name: 'an icon with a title of its own',
    url: 'https://plain.example/l',
    html: '<html><head></head><body><div><div><svg><title>Menu</title></svg></div></div><meta name="description" content="x"></body></html>',
    expected: { text: 'x' },
  },
  {
    name: 'dates that cannot be believed are left out',
    url: 'https://plain.example/m',
    html: head(
      '<title>Dates</title>',
      og('article:published_time', 'yesterday'),
      '<meta name="date" content="2026-02-31">',
    ),
    expected: { title: 'Dates' },
  },
  {
    name: 'a time without a zone keeps its day alone',
    url: 'https://plain.example/n',
    html: head('<title>Zone</title>', og('article:published_time', '2026-02-28T23:59:59')),
    expected: { title: 'Zone', published: '2026-02-28' },
  },
  {
    name: 'scripts, frames and pictures of other schemes are not taken over',
    url: 'https://evil.example/o',
    html: head(
      og('og:title', '&lt;img src=x onerror=alert(1)&gt;'),
      og('og:image', 'javascript:alert(1)'),
      og('og:description', 'A\u202ereversed\u2066 text'),
      '<script>document.title="changed"</script>',
    ),
    expected: { title: '<img src=x onerror=alert(1)>', text: 'Areversed text' },
  },
  {
    name: 'a picture with a user name is left out',
    url: 'https://evil.example/p',
    html: head('<title>User</title>', og('og:image', 'https://user:secret@evil.example/i.png')),
    expected: { title: 'User' },
  },
  {
    name: 'Arabic, with entities',
    url: 'https://news.example/q',
    html: head(og('og:title', '&#1575;&#1606;&#1578;&#1607;&#1578; المحادثات'), og('og:site_name', 'الأخبار')),
    expected: { title: 'انتهت المحادثات', site: 'الأخبار' },
  },
  {
    name: 'schema.org that nests without end and lists without end',
    url: 'https://evil.example/r',
    html: head(
      '<title>Deep</title>',
      `<script type="application/ld+json">${'['.repeat(20_000)}${']'.repeat(20_000)}</script>`,
      ld(Array.from({ length: 2_000 }, () => ({ '@type': 'Thing' }))),
    ),
    expected: { title: 'Deep' },
  },
  {
    name: 'the address of an author is no name',
    url: 'https://news.example/s',
    html: head(ld({ '@type': 'Article', headline: 'S', author: ['https://news.example/ann', { name: 'Bo' }] })),
    expected: { title: 'S', author: 'Bo' },
  },
];
