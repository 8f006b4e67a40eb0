import type { Actor, KeyPoint, Story, ReadableEntry } from '#contract';
import { closed } from '#domain';
import { describe, expect, test } from '@jest/globals';
import { noticesLimit, plainText } from '#pages';
import { parseFeed } from '@rowanmanning/feed-parser';
import { addressesOf } from './addresses.js';
import { atomFeed } from './atom.js';
import { jsonFeed } from './json-feed.js';
import { rssFeed } from './rss.js';
import { liveBlogPosting } from './live-blog-posting.js';
import { profilePage } from './profile-page.js';
import { robots, sitemap, sitemapIndex } from '../http/crawlers.js';
import type { DatedEntry } from './syndicated.js';
import { entryHtml, entrySummary, entryText, entryTitle, summaryLimit, timesOf } from './wording.js';

const addresses = addressesOf('https://paper.example', 'talks');
const story: Story = {
  id: 'talks',
  title: 'The talks',
  summary: null,
  zone: 'UTC',
  language: 'NB-no',
  starts: null,
  ends: null,
  status: 'open',
  opened: '2026-03-01T09:00:00.000Z',
  closed: null,
  ended: null,
  continues: null,
  developments: 1,
  position: 9,
  recorded: '2026-03-01T10:00:00.000Z',
  pinned: null,
  conditions: {},
};
const reported = {
  kind: 'statement',
  headline: 'So it is',
  headlineHtml: 'So it is',
  bodyHtml: '<p>It is 1 &lt; 2 &amp; <strong>so</strong>.</p>',
  data: {},
  occurred: { precision: 'unknown' as const },
  sourcing: { basis: 'desk' as const, standing: 'confirmed' as const },
  modality: { mode: 'asserted' as const, conditions: [] },
  byline: null,
};
const act = { position: 8, recorded: '2026-03-01T10:00:00.000Z', by: 'Ed' };
const entry = (more: Partial<ReadableEntry> = {}): DatedEntry => ({
  ...reported,
  id: '11111111-1111-4111-8111-111111111111',
  title: 'So it is',
  standing: 'confirmed',
  actors: [],
  recorded: '2026-03-01T09:30:00.000Z',
  by: 'Ada',
  position: 5,
  changed: 8,
  status: 'active',
  key: false,
  pinned: false,
  links: [],
  lifted: null,
  supersedes: [],
  supersededBy: null,
  checks: [],
  corrections: [],
  edits: [],
  retraction: null,
  modified: '2026-03-01T10:00:00.000Z',
  ...more,
});
const heard = { basis: 'official' as const, standing: 'reported' as const, group: 'harbour staff' };
const times = timesOf(story);
const corrections = [{ ...act, wrong: 'The hour.', reason: 'Misheard <so>.', was: reported }];
const posted = (more: Partial<Story>, ...entries: DatedEntry[]) =>
  liveBlogPosting({ story: { ...story, ...more }, log: 'l', entries, points: [] }, addresses);

describe('the pages that an entry links to', () => {
  const capture = {
    ...{ url: 'https://news.example/?a=1&b="', title: 'Talks <end>', site: 'Example & Co', sources: ['html' as const] },
    ...{ at: '2026-03-01T14:05:00Z', proof: 'p'.repeat(43) },
  };
  const again = { at: '2026-03-01T16:20:00Z', proof: capture.proof };
  const linking = entry({
    captures: [capture, { ...capture, url: 'https://b.example/', title: undefined, site: undefined }],
  });
  const link = '<a href="https://news.example/?a=1&amp;b=&quot;">Talks &lt;end&gt;</a>, Example &amp; Co';
  const all = { story, log: 'l', entries: [linking], points: [] };

  test('follow its words as links with the captured title, and when it was captured', () => {
    expect(entryHtml(linking, times).split('\n').slice(-2)).toEqual([
      `<p>${link}, as captured 1 Mar 2026, 14:05</p>`,
      '<p><a href="https://b.example/">https://b.example/</a>, as captured 1 Mar 2026, 14:05</p>',
    ]);
    expect(entryHtml(entry(), times)).not.toContain('captured');
  });

  test('say if they are gone, and are left out where the entry was taken down', () => {
    const gone = entry({ captures: [{ ...capture, again: { ...again, gone: true } }] });
    expect(entryHtml(gone, times)).toContain('as captured 1 Mar 2026, 14:05, gone at 16:20</p>');
    expect(entryHtml({ ...gone, status: 'taken-down' } as never, times)).not.toContain('captured');
  });

  test('are cited in the JSON-LD, with what each page says of itself', () => {
    const [first, second] = [linking, entry()].map(each => posted({}, each).liveBlogUpdate as never[]);
    const page = { '@type': 'WebPage', url: capture.url, headline: capture.title };
    const written = { author: 'Ann Example', published: '2026-03-01' };
    const whole = posted({}, entry({ captures: [{ ...capture, ...written }] })).liveBlogUpdate as never[];
    const publisher = { '@type': 'Organization', name: 'Example & Co' };
    expect(first).toMatchObject([
      {
        citation: [
          { ...page, publisher },
          { '@type': 'WebPage', url: 'https://b.example/' },
        ],
      },
    ]);
    expect(whole).toMatchObject([
      { citation: [{ ...page, author: { '@type': 'Person', name: 'Ann Example' }, datePublished: '2026-03-01' }] },
    ]);
    expect(second![0]).not.toHaveProperty('citation');
  });

  test('are in each feed, and an independent parser reads them', () => {
    for (const feed of [atomFeed(all, addresses), rssFeed(all, addresses)]) {
      const [item] = parseFeed(feed).items;
      expect(item!.content ?? item!.description).toContain('<a href="https://b.example/">https://b.example/</a>');
    }
    expect(JSON.parse(jsonFeed(all, addresses)).items[0].content_html).toContain(link);
  });
});

describe('the authors of an entry', () => {
  const byline = [
    { name: 'Ada Quill', role: 'correspondent', place: 'Berlin', sameAs: 'https://news.example/ada' },
    { name: 'Coast Wire', as: 'agency' as const, place: 'Port', sameAs: 'https://wire.example' },
  ];
  const feeds = (more: Partial<ReadableEntry>) => {
    const syndicated = { story, log: 'l', entries: [entry(more)], points: [] };
    const { items } = JSON.parse(jsonFeed(syndicated, addresses)) as { items: { authors?: object[] }[] };
    const [, atom = ''] = atomFeed(syndicated, addresses).split('<entry>');
    return {
      json: items[0]!.authors,
      atom: atom.match(/<author>[^]*<.author>/)?.[0].replace(/\s+/g, ''),
      ld: posted({}, entry(more)).author,
    };
  };

  test('a feed names the people of the byline as authors, and not the person who posted', () =>
    expect(feeds({ byline })).toEqual({
      json: [
        { name: 'Ada Quill', url: 'https://news.example/ada' },
        { name: 'Coast Wire', url: 'https://wire.example' },
      ],
      atom:
        '<author><name>AdaQuill</name><uri>https://news.example/ada</uri></author>' +
        '<author><name>CoastWire</name><uri>https://wire.example</uri></author>',
      ld: [
        {
          ...{ '@type': 'Person', name: 'Ada Quill', jobTitle: 'correspondent' },
          ...{ workLocation: { '@type': 'Place', name: 'Berlin' }, sameAs: 'https://news.example/ada' },
        },
        {
          ...{ '@type': 'Organization', name: 'Coast Wire' },
          ...{ location: { '@type': 'Place', name: 'Port' }, sameAs: 'https://wire.example' },
        },
      ],
    }));

  test('are nobody where its byline is empty, and who posted it where it is from before bylines', () => {
    expect(feeds({ byline: [] })).toEqual({ json: undefined, atom: undefined, ld: undefined });
    const ada = { json: [{ name: 'Ada' }], atom: '<author><name>Ada</name></author>' };
    expect(feeds({ byline: null })).toEqual({ ...ada, ld: [{ '@type': 'Person', name: 'Ada' }] });
  });
});

describe('an entry in feeds', () => {
  test.each<[Partial<ReadableEntry>, string]>([
    [{}, 'So it is'],
    [{ corrections }, 'Corrected: So it is'],
    [{ status: 'superseded', corrections }, 'Replaced: So it is'],
    [{ status: 'retracted', retraction: { ...act, reason: 'No.' }, corrections }, 'Retracted: So it is'],
  ])('its title says first whether it was corrected, replaced or retracted', (more, title) =>
    expect(entryTitle(entry(more), times)).toBe(title),
  );

  test('its text ends with the figures of its kind, because feeds have no drawings', () => {
    const counts = [{ of: 'injured', least: 2, by: 'staff' }];
    const data = { incident: 'fire', affected: ['port'], counts };
    const actors = [{ id: 'staff', name: 'the <staff>' }];
    const told = entry({ kind: 'incident', data, actors, bodyHtml: null });
    expect(entryHtml(told, times)).toBe(
      '<p>So it is</p>\n<ul><li>at least 2 injured, says the &lt;staff&gt;</li></ul>',
    );
    expect(entryText(told, times)).toBe('So it is\nat least 2 injured, says the <staff>');
    expect(entryHtml(entry({ kind: 'incident', data, actors: [] }), times)).toContain('says staff');
    expect(entryHtml({ ...told, status: 'retracted', data: null } as DatedEntry, times)).not.toContain('injured');
    expect(entryHtml(entry({ kind: 'rumour' }), times)).not.toContain('<ul>');
  });

  test('the correction and the sourcing come before the body, escaped', () =>
    expect(entryHtml(entry({ corrections, standing: 'reported', sourcing: heard }), times)).toBe(
      '<p><strong>Corrected.</strong> The hour. Misheard &lt;so&gt;.</p>\n' +
        `<p>Harbour staff, not independently confirmed.</p>\n${reported.bodyHtml}`,
    ));

  test.each([noticesLimit, noticesLimit + 1])(
    'of %s corrections at most noticesLimit are shown, the latest among them',
    many => {
      const all = Array.from({ length: many }, (_, i) => ({ ...corrections[0]!, wrong: `Number ${i}.` }));
      const html = entryHtml(entry({ corrections: all }), times);
      expect(html.match(/Number/g)).toHaveLength(noticesLimit);
      expect(html).toContain(`Number ${many - 1}.`);
    },
  );

  test.each([
    [summaryLimit, false],
    [summaryLimit + 1, true],
  ])('the preview begins with its modality and is cut after %s characters', (length, cut) => {
    const bodyHtml = `<p>${'word '.repeat(100).slice(0, length - 11)}end</p>`;
    const summary = entrySummary(entry({ bodyHtml, modality: { mode: 'denied', conditions: [] } }), times);
    expect(summary).toMatch(/^Denied\. word/);
    expect(summary.length).toBeLessThanOrEqual(summaryLimit);
    expect(summary.endsWith('…')).toBe(cut);
  });
});

test('text by people is isolated from ours, so that its direction marks affect nothing else', () => {
  const rlo = '\u202e';
  const wild = (text: string) => `${text} ${rlo}tfel`;
  const modality = {
    mode: 'conditional' as const,
    conditions: [
      { id: 'c', text: wild('it fails'), fate: 'met' as const, reason: wild('Yes.'), development: null, position: 9 },
    ],
  };
  const found = entry({
    headline: wild('War'),
    modality,
    standing: 'disputed',
    sourcing: { ...heard, group: wild('two') },
    corrections: [{ ...act, wrong: wild('It.'), reason: wild('Why.') }],
    checks: [{ ...act, verdict: 'disputed', note: wild('No.') }],
    bodyHtml: null,
  });
  const title = entryTitle(found, times);
  expect(title).toBe(
    `Corrected: Disputed: If \u2068it fails ${rlo}tfel\u202c\u2069 (this happened): \u2068War ${rlo}tfel\u202c\u2069`,
  );
  const [posting] = posted({}, found).liveBlogUpdate as unknown as { correction: { text: string }[] }[];
  const texts = [
    title,
    ...entryHtml(found, times).split(/<[^>]*>/),
    entryText(found, times),
    posting!.correction[0]!.text,
  ];
  expect(texts.filter(text => closed(text) !== text)).toEqual([]);
});

describe('the LiveBlogPosting', () => {
  test('it has the period of the story, its language and its authors', () => {
    expect(posted({}, entry(), entry({ by: null }))).toMatchObject({
      '@context': 'https://schema.org',
      '@type': 'LiveBlogPosting',
      headline: 'The talks',
      coverageStartTime: story.opened,
      dateModified: story.recorded,
      inLanguage: 'nb-NO',
      author: [{ '@type': 'Person', name: 'Ada' }],
    });
    expect(posted({})).not.toHaveProperty('coverageEndTime');
    expect(posted({ ended: story.recorded, status: 'closed' })).toHaveProperty('coverageEndTime', story.recorded);
    expect(posted({ language: 'no language' })).not.toHaveProperty('inLanguage');
  });

  test('it has each update with its text, dates and address', () =>
    expect(posted({}, entry()).liveBlogUpdate).toMatchObject([
      {
        '@type': 'BlogPosting',
        headline: 'So it is',
        articleBody: 'It is 1 < 2 & so.',
        datePublished: '2026-03-01T09:30:00.000Z',
        dateModified: '2026-03-01T10:00:00.000Z',
        url: 'https://paper.example/s/talks/d/11111111-1111-4111-8111-111111111111',
      },
    ]));

  test('it says of corrections and retractions what, when and by whom', () => {
    const retraction = { ...act, reason: 'Nobody said so.' };
    const retracted = entry({ corrections, status: 'retracted', retraction, bodyHtml: null });
    expect(posted({}, retracted).liveBlogUpdate).toMatchObject([
      {
        articleBody: 'Retracted. We published this and no longer stand by it. Nobody said so.\nRetracted: So it is',
        creativeWorkStatus: 'Retracted',
        correction: [
          {
            '@type': 'CorrectionComment',
            text: 'The hour. Misheard <so>.',
            datePublished: act.recorded,
            author: [{ '@type': 'Person', name: 'Ed' }],
          },
          { '@type': 'CorrectionComment', text: 'Retracted: Nobody said so.' },
        ],
      },
    ]);
    expect(JSON.stringify(posted({}, entry()))).not.toContain('correction');
  });
});

test('a taken-down entry shows only when and on what ground', () => {
  const nothing = { headline: null, headlineHtml: null, bodyHtml: null, data: null, occurred: null, sourcing: null };
  const takedown = { ground: 'privacy', position: 8, recorded: '2026-03-02T10:00:00.000Z' } as const;
  const status = 'taken-down' as const;
  const gone = {
    ...entry(),
    ...nothing,
    modality: null,
    standing: null,
    corrections: [],
    status,
    takedown,
  } as DatedEntry;
  const text = 'Taken down on 2 Mar 2026, 10:00 (to protect a person’s privacy).';
  const why = 'The text of this update was deleted.';
  expect([entryTitle(gone, times), entryHtml(gone, times)]).toEqual([
    'Taken down',
    `<p><strong>${text}</strong> ${why}</p>`,
  ]);
  expect(posted({}, gone).liveBlogUpdate).toMatchObject([{ headline: 'Taken down', articleBody: `${text} ${why}` }]);
});

test('HTML becomes plain text with its entities decoded once', () =>
  expect(plainText('<p>a &amp;lt; b</p>\n<p>&lt;c&gt; &quot;d&quot;</p>')).toBe('a &lt; b\n<c> "d"'));

test('the sitemap uses the base URL, escaped, and robots.txt names the sitemap', () => {
  const base = 'https://paper.example/a&b';
  expect(sitemap([story], base)).toContain(
    `<url><loc>https://paper.example/a&amp;b/s/talks</loc><lastmod>${story.recorded}</lastmod></url>`,
  );
  expect(sitemapIndex(['a', 'b'], base)).toContain(
    '<sitemap><loc>https://paper.example/a&amp;b/sitemap.xml?from=b</loc></sitemap>',
  );
  expect(robots(base)).toContain(`Sitemap: ${base}/sitemap.xml`);
});

describe('the structured data of an actor’s page', () => {
  const actor: Actor = {
    id: 'ada',
    name: 'Ada',
    kind: 'person',
    aliases: [],
    affiliations: [],
    description: null,
    wikidata: null,
    iso3166: null,
    position: 2,
  };
  const url = 'https://paper.example/s/talks/actors/ada';

  test.each([
    ['person', 'ProfilePage', 'Person'],
    ['organisation', 'ProfilePage', 'Organization'],
    ['group', 'ProfilePage', 'Organization'],
    ['state', 'WebPage', 'Country'],
    ['market', 'WebPage', 'Thing'],
  ] as const)('the page of a %s is a %s about a %s', (kind, page, entity) =>
    expect(profilePage(story, { ...actor, kind }, [], addresses)).toEqual({
      '@context': 'https://schema.org',
      '@type': page,
      '@id': url,
      url,
      name: 'Ada',
      inLanguage: 'nb-NO',
      dateModified: story.recorded,
      isPartOf: {
        '@type': 'LiveBlogPosting',
        '@id': addresses.page,
        url: addresses.page,
        headline: 'The talks',
      },
      mainEntity: { '@type': entity, '@id': `${url}#actor`, name: 'Ada' },
    }),
  );

  test('it has everything from the registry, and those affiliations that are organisations', () => {
    const known = { ...actor, aliases: ['Ada B.'], description: 'Mayor.', wikidata: 'Q42', iso3166: 'NO' };
    const [council, norway] = [
      { ...actor, id: 'council', name: 'Council', kind: 'organisation' as const },
      { ...actor, id: 'norway', name: 'Norway', kind: 'state' as const },
    ];
    expect(profilePage(story, known, [council, norway], addresses)).toMatchObject({
      mainEntity: {
        alternateName: ['Ada B.'],
        description: 'Mayor.',
        sameAs: 'https://www.wikidata.org/entity/Q42',
        identifier: { propertyID: 'ISO 3166-1 alpha-2', value: 'NO' },
        memberOf: [{ '@type': 'Organization', '@id': `${addresses.actor('council')}#actor`, name: 'Council' }],
      },
    });
    expect(profilePage(story, { ...known, kind: 'state' }, [council], addresses)).not.toHaveProperty(
      'mainEntity.memberOf',
    );
  });
});

describe('the key points of a story', () => {
  const cites = [{ development: entry().id, title: 'So it is', status: 'active' as const }];
  const at = { first: 3, position: 8, recorded: '2026-03-01T10:00:00.000Z', cites, struck: null, takedown: null };
  const id = (n: number) => `22222222-2222-4222-8222-22222222222${n}`;
  const struck = { development: entry().id, status: 'retracted', recorded: at.recorded } as const;
  const gone = { ground: 'privacy', position: 8, recorded: at.recorded } as const;
  const points: KeyPoint[] = [
    { ...at, text: id(1), words: 'The road is <closed>.' },
    { ...at, text: id(2), words: 'The bridge is open.', struck },
    { ...at, text: id(3), words: null, takedown: gone },
    { ...at, text: id(4), words: 'Nobody is hurt.' },
  ];
  const all = (found: readonly KeyPoint[], summary: string | null) => {
    const syndicated = { story: { ...story, summary }, log: 'l', entries: [], points: found };
    const { description, _dateline } = JSON.parse(jsonFeed(syndicated, addresses));
    const subtitle = parseFeed(atomFeed(syndicated, addresses)).description ?? undefined;
    return { description, _dateline, subtitle, abstract: liveBlogPosting(syndicated, addresses).abstract };
  };

  test('those that stand are in a feed’s description, in its data for programs, and the abstract for search engines', () => {
    const said = 'What we know: 1. The road is <closed>. 2. Nobody is hurt.';
    const listed = (n: number, text: string) => ({
      ...{ id: `urn:uuid:${id(n)}`, text, date_modified: at.recorded },
      rests_on: [addresses.development(entry().id)],
    });
    expect(all(points, 'A storm comes.')).toEqual({
      description: `A storm comes. ${said}`,
      _dateline: { key_points: [listed(1, 'The road is <closed>.'), listed(4, 'Nobody is hurt.')] },
      subtitle: `A storm comes. ${said}`,
      abstract: 'The road is <closed>.\nNobody is hurt.',
    });
    expect(all(points, null).description).toBe(said);
  });

  test('where none stands, nothing is said of them', () => {
    const nothing = { description: undefined, _dateline: undefined, subtitle: undefined, abstract: undefined };
    expect(all(points.slice(1, 3), null)).toEqual(nothing);
    expect(all([], 'A storm comes.')).toEqual({
      ...nothing,
      description: 'A storm comes.',
      subtitle: 'A storm comes.',
    });
  });
});
