import { catalogue, type Sourcing } from '#domain';
import { closed } from '#domain/bidi';
import { describe, expect, it, test } from '@jest/globals';
import { renderToString } from 'preact-render-to-string';
import { pageContext, PageContextProvider } from '../page-context.js';
import { kindIcons, kindShapes } from '../kinds.js';
import type { EntryView } from '../view.js';
import { wordsFor } from '../words/index.js';
import { Entry } from './entry.js';
import { knownText } from './state.js';

const actors = [
  { id: 'ada', name: 'Ada Berg' },
  { id: 'the-union', name: 'the Union' },
];
const entry: EntryView = {
  id: 'd1',
  kind: 'statement',
  headline: 'Ada Berg: “We go on.”',
  bodyHtml: null,
  data: { speaker: 'ada', quote: 'We go on.' },
  occurred: { precision: 'unknown' },
  sourcing: { basis: 'on-record', standing: 'confirmed', actor: 'ada' },
  modality: { mode: 'asserted', conditions: [] },
  byline: null,
  standing: 'confirmed',
  actors,
  recorded: '2026-11-24T12:00:00.000Z',
  by: null,
  changed: 3,
  status: 'active',
  key: false,
  pinned: false,
  supersededBy: null,
  links: [],
  checks: [],
  corrections: [],
  edits: [],
  retraction: null,
};

const context = { story: 'talks', language: 'en', zone: 'UTC', kinds: kindShapes };
const html = (changes: Partial<EntryView>, language = 'en', dated = false) =>
  renderToString(
    <PageContextProvider.Provider value={pageContext({ ...context, language })}>
      <Entry entry={{ ...entry, ...changes }} dated={dated} />
    </PageContextProvider.Provider>,
  );
const text = (changes: Partial<EntryView>) =>
  html(changes)
    .replace(/<[^>]*>/g, ' ')
    .replace(/\s+/g, ' ');

const sourced = (basis: Sourcing['basis'], standing: Sourcing['standing'], more: object = {}) =>
  knownText({ basis, standing, ...more }, standing, actors, wordsFor('en'));

test.each([
  [sourced('anonymous', 'hinted', { group: 'Kremlin insiders' }), 'Kremlin insiders, unconfirmed'],
  [sourced('on-record', 'confirmed', { actor: 'ada' }), 'Ada Berg, on the record'],
  [sourced('official', 'confirmed', { actor: 'the-union' }), 'The Union, confirmed'],
  [sourced('official', 'reported', { group: 'US officials' }), 'US officials, not independently confirmed'],
  [sourced('desk', 'reported'), 'Our own reporting'],
  [sourced('media-report', 'disputed'), 'Media reports, disputed'],
])('the source and standing of a development are shown in plain words: %s', (said, wanted) =>
  expect(said).toBe(wanted),
);

describe('an update', () => {
  it('a quotation is shown once, with its speaker as heading, or as footer if the editor wrote a headline', () => {
    expect(html({})).toMatch(/<h3 class="speaker">Ada Berg<\/h3><blockquote><p>We go on\.<\/p><\/blockquote>/);
    expect(html({ headline: 'Ada stays' })).toMatch(/<h3>Ada stays<\/h3><blockquote>.*<footer>Ada Berg<\/footer>/);
  });

  it('says who wrote it: names with role and place, linked to their profile, and agencies', () => {
    const ada = { name: 'Ada <Quill>', role: 'correspondent', place: 'Berlin', sameAs: 'https://news.example/ada?a&b' };
    const ben = { name: 'Ben Ito', place: 'Bonn' };
    const wire = { name: 'Coast Wire', as: 'agency' } as const;
    expect(text({ byline: [ada, ben, wire] })).toContain(
      'By Ada &lt;Quill> (correspondent) in Berlin , Ben Ito in Bonn and Coast Wire ',
    );
    expect(html({ byline: [ada] })).toContain(
      '<a rel="author" href="https://news.example/ada?a&amp;b">Ada &lt;Quill></a>',
    );
    expect(text({ byline: [ben, wire] })).toContain('By Ben Ito in Bonn and Coast Wire ');
    for (const byline of [[], null]) expect(html({ byline })).not.toContain('By ');
  });

  it('shows the time alone, with the whole date as title, under a heading of its day; elsewhere the date too', () => {
    expect(html({})).toMatch(
      /<a class="posted" href="\/s\/talks\/d\/d1"><span class="unseen">Posted <\/span><time [^>]*title="24 November 2026 at 12:00">12:00<\/time>/,
    );
    expect(html({}, 'en', true)).toContain('>24 Nov 2026, 12:00</time>');
  });

  it('says what the time of the report is: of an event, of words, of a plan, or of what may not have happened', () => {
    const occurred = { from: '2026-11-24T11:30:00Z', precision: 'minute' } as const;
    const arrival = { kind: 'arrival', headline: 'Ada arrives', data: {}, occurred } as const;
    expect(text(arrival)).toContain('Happened 11:30 ');
    expect(text({ occurred: { from: '2026-11-23', precision: 'day' } })).toContain('Said 23 November 2026 ');
    const mode = (mode: 'planned' | 'denied') => ({ ...arrival, modality: { mode, conditions: [] } });
    expect(text(mode('planned'))).toContain('Planned for 11:30 ');
    expect(text(mode('denied'))).toContain('When: 11:30 ');
  });

  it('says that no time was reported only of what happens at one moment', () => {
    const unknown = { occurred: { precision: 'unknown' }, headline: 'It is so', data: {} } as const;
    const saying = catalogue
      .map(({ kind }) => kind)
      .filter(kind => text({ ...unknown, kind }).includes('not reported'));
    expect(saying).toEqual(['arrival', 'departure', 'ceremony', 'incident']);
    const planned = { modality: { mode: 'planned', conditions: [] } } as const;
    expect(text({ ...unknown, ...planned, kind: 'arrival' })).not.toContain('not reported');
  });

  it('a change on the day of posting shows the time alone; a later one shows the day too', () => {
    const correction = { wrong: 'A word.', reason: 'Misheard.', by: null };
    const corrections = ['2026-11-24T14:07:00.000Z', '2026-11-25T09:00:00.000Z'].map(recorded => ({
      ...correction,
      recorded,
    }));
    expect(text({ corrections })).toMatch(/ 14:07 \. Why.* 25 Nov 2026, 09:00 \. Why/);
  });

  it('whose byline was corrected shows who was named before', () => {
    const was = { ...entry, byline: [{ name: 'Ben Ito' }] };
    const correction = { wrong: 'The name.', reason: 'A mix-up.', recorded: entry.recorded, by: null, was };
    expect(text({ byline: [{ name: 'Ada Quill' }], corrections: [correction] })).toMatch(
      /By Ada Quill .*It said .*By Ben Ito /,
    );
  });

  it('an update that is only text shows the text once; its headline is for screen readers', () => {
    const update = { kind: 'update', headline: 'The bus & the ferry stop', data: {} } as const;
    const desk = { sourcing: { basis: 'desk', standing: 'reported' }, standing: 'reported' } as const;
    const bodyHtml = '<p>The <em>bus</em> &amp; the ferry stop. More at six.</p>';
    expect(html({ ...update, ...desk, bodyHtml })).toMatch(
      /<h3 class="unseen">The bus &amp; the ferry stop<.h3><div class="body">/,
    );
    expect(html({ ...update, ...desk, bodyHtml })).not.toContain('class="source"');
    expect(html({ ...update, ...desk, bodyHtml, headline: 'Storm' })).toContain('<h3>Storm</h3>');
    const timed = { occurred: { from: '2026-01-31T09:00:00Z', precision: 'minute' } } as const;
    expect(html({ ...update, ...desk, ...timed, bodyHtml })).toContain('class="source"');
    expect(html({ ...update, bodyHtml })).toContain('Ada Berg, on the record');
    const denied = { modality: { mode: 'denied', conditions: [] } } as const;
    expect(html({ ...update, ...desk, ...denied, headline: 'Denied: The bus & the ferry stop', bodyHtml })).toMatch(
      /is-denied">Denied<.p><h3 class="unseen">The bus/,
    );
  });

  it('an update that is conditional, planned or denied says so once, before its headline', () => {
    const condition = { id: 'c', text: 'the talks fail', fate: null, reason: null };
    const conditional = { mode: 'conditional', conditions: [condition] } as const;
    expect(text({ headline: 'If the talks fail: war', data: {}, modality: conditional })).toMatch(
      /If the talks fail still open War /,
    );
    expect(text({ headline: 'War', data: {}, modality: conditional })).toMatch(/If the talks fail still open War /);
    expect(text({ headline: 'Planned: talks', data: {}, modality: { mode: 'planned', conditions: [] } })).toMatch(
      /Planned Talks /,
    );
    expect(text({ headline: 'A halt', data: {}, modality: { mode: 'denied', conditions: [] } })).toMatch(
      /Denied A halt /,
    );
  });

  it('a retracted update shows its headline struck out and the reason, but not its text', () => {
    const retraction = { reason: 'It was somebody else.', recorded: entry.recorded, by: null };
    const shown = html({ status: 'retracted', retraction, data: null, headline: 'Ada arrives' });
    expect(shown).toMatch(/Retracted.*<del>Ada arrives<\/del>.*It was somebody else\./);
    expect(shown).not.toMatch(/source|blockquote/);
  });

  it('an update that was taken down says so with the ground, and does not show its headline', () => {
    const takedown = { ground: 'court-order', position: 9, recorded: '2026-03-07T15:10:00.000Z' } as const;
    const shown = text({ status: 'taken-down', data: null, headline: 'Ada arrives', takedown });
    expect(shown).toMatch(/Taken down on 7 Mar 2026, .*\(by order of a court\) The text of this update was deleted/);
    expect(shown).not.toContain('Ada arrives');
    expect(text({ status: 'taken-down', data: null, takedown: null })).toMatch(/Taken down The text/);
  });

  it('a corrected update says what was wrong and why, and shows or links to its former text', () => {
    const correction = { wrong: 'A word was missing.', reason: 'Misheard.', recorded: entry.recorded, by: null };
    const shown = html({ corrections: [{ ...correction, was: { ...entry, headline: 'As it was' } }] });
    expect(shown).toMatch(/A word was missing\..*Misheard\..*<del>As it was<\/del>/);
    const short = html({ corrections: [correction] });
    expect(short).toMatch(/A word was missing\..*Misheard\..*<a href="\/s\/[^"]*\/d\/[^"]*">It said<\/a>/);
  });

  it('an update that is linked to others shows the type of each link, and links to the other update', () => {
    const link = { development: 'd2', title: 'the pier is open' };
    const linked = html({
      links: [
        { as: 'contradicts', ...link },
        { as: 'follows', ...link, development: 'd3' },
      ],
    });
    expect(linked).toContain('Contradicts: <a href="/s/talks/d/d2" data-goto="d-d2">The pier is open</a>');
    expect(linked).toContain('Follows: <a href="/s/talks/d/d3"');
    expect(html({})).not.toContain('class="links"');
    expect(text({ status: 'taken-down', links: [{ as: 'answers', ...link }] })).not.toContain('pier');
  });

  it('a headline that an editor wrote is escaped', () =>
    expect(html({ headline: '<script>', data: {} })).toContain('<h3>&lt;script></h3>'));

  it("a text direction that a person's text opens is closed before our own words begin", () => {
    const rlo = '\u202e';
    const wild = (text: string) => `${text} ${rlo}tfel`;
    const condition = { id: 'c', text: wild('the talks fail'), fate: 'lapsed', reason: wild('they went on') } as const;
    const made = { recorded: entry.recorded, by: null };
    const context: Partial<EntryView> = {
      headline: wild('War'),
      data: { speaker: 'ada', paraphrase: wild('she said'), about: wild('that') },
      actors: [{ id: 'ada', name: wild('Ada') }],
      sourcing: { basis: 'official', standing: 'reported', group: wild('two') },
      standing: 'reported',
      modality: { mode: 'conditional', conditions: [condition] },
      links: [{ as: 'follows', development: 'd2', title: wild('Before') }],
      checks: [{ verdict: 'disputed', note: wild('no'), ...made }],
      corrections: [{ wrong: wild('It.'), reason: wild('Why.'), was: entry, ...made }],
    };
    const texts = (html: string) =>
      html.match(/(?<=>)[^<]+(?=<)|(?<=")[^"<>]+(?=")/g)!.filter(text => text.includes(rlo));
    const retraction = { reason: wild('No.'), ...made };
    const found = [...texts(html(context)), ...texts(html({ ...context, status: 'retracted', retraction }))];
    expect(found.length).toBeGreaterThan(12);
    expect(found.filter(text => closed(text) !== text)).toEqual([]);
    expect(html(context)).toContain('not independently confirmed');
    expect(
      knownText(
        { basis: 'official', standing: 'reported', group: `two ${rlo}slaiciffo` },
        'reported',
        [],
        wordsFor('en'),
      ),
    ).toBe('\u2068Two \u202eslaiciffo\u202c\u2069, not independently confirmed');
  });

  it('an update of a story in another language has attributes for the language and its direction', () => {
    expect(html({ headline: 'مرحبا', data: {} }, 'ar')).toContain('<h3 lang="ar" dir="rtl">مرحبا</h3>');
    expect(html({ data: {} }, 'en-GB')).toContain('lang="en-GB"');
  });
});

test.each(catalogue.map(({ kind }) => kind))(
  'the kind %s has a title, and an icon of its own that an update shows',
  kind => {
    expect(kindShapes[kind]).toMatchObject({ title: expect.stringMatching(/./) });
    const [, icon] = kindIcons.find(([name]) => name === kind)!;
    expect(icon).toMatch(/^[Mm][\d\s.,a-zA-Z-]+$/);
    expect(kindIcons.filter(([, path]) => path === icon)).toHaveLength(1);
    expect(html({ kind, data: {} })).toContain(`href="#k-${kind}"`);
  },
);
