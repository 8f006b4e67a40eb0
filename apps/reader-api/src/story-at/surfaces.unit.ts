import { developmentParts, kindShapes, shownEntry } from '#pages';
import { standings, type Fate } from '#domain';
import type { TimelineRow, ReadableRow } from '#projections';
import { describe, expect, test } from '@jest/globals';
import { parseFeed } from '@rowanmanning/feed-parser';
import { h } from 'preact';
import { renderToString } from 'preact-render-to-string';
import { parse, parseFragment, type DefaultTreeAdapterTypes as Tree } from 'parse5';
import { addressesOf, alternates } from '../syndication/addresses.js';
import { atomFeed } from '../syndication/atom.js';
import { jsonFeed } from '../syndication/json-feed.js';
import { blogPosting, liveBlogPosting } from '../syndication/live-blog-posting.js';
import { entrySummary, timesOf } from '../syndication/wording.js';
import { presentCell, presentEntry, rowTitle, type RenderContext } from './render.js';
import { presentStory } from './render-story.js';

// Independent parsers read each surface. Each must qualify whatever is not a plain fact: every mode, standing, status and
// fate, with an editor's headline and with the catalogue's.

const at = '2026-03-01T09:00:00.000Z';
const by = { id: 'ed', name: 'Ed' };
const act = { position: 7, recorded: at, by };
const said = 'The mayor leaves office';
const bodyText = 'She said so at noon.';

interface State {
  readonly mode: 'asserted' | 'planned' | 'denied' | 'conditional';
  readonly fate: Fate | null;
  readonly standing: (typeof standings)[number];
  readonly status: TimelineRow['status'];
  readonly corrected: boolean;
  /** Whether the headline is an editor's. The catalogue's headline contains the mode. */
  readonly own: boolean;
  readonly body: boolean;
}

const both = [true, false];
const states: State[] = (['asserted', 'planned', 'denied', 'conditional'] as const).flatMap(mode =>
  (mode === 'conditional' ? ([null, 'met', 'lapsed'] as const) : [null]).flatMap(fate =>
    standings.flatMap(standing =>
      (['active', 'superseded', 'retracted', 'taken-down'] as const).flatMap(status =>
        both.flatMap(corrected =>
          both.flatMap(own => both.map(body => ({ mode, fate, standing, status, corrected, own, body }))),
        ),
      ),
    ),
  ),
);

const qualified = { asserted: '', planned: 'Planned: ', denied: 'Denied: ', conditional: 'If the talks fail: ' };
const rowOf = ({ mode, standing, status, corrected, own, body }: State, id: string): TimelineRow => {
  const told = {
    kind: 'departure',
    headline: own ? said : `${qualified[mode]}${said}`,
    body: body ? bodyText : null,
    data: { actors: ['mayor'] },
    occurred: { precision: 'unknown' as const },
    sourcing: { basis: 'official' as const, standing: 'reported' as const, group: 'the town hall' },
    modality: mode === 'conditional' ? { mode, conditions: [{ id: 'fail', text: 'the talks fail' }] } : { mode },
    byline: null,
    media: null,
    captures: null,
  };
  const row: ReadableRow = {
    ...told,
    ...act,
    story: 'talks',
    development: id,
    ordinal: 0,
    changed: 9,
    begun: null,
    actors: [],
    conditions: mode === 'conditional' ? ['fail'] : [],
    status: 'active',
    superseded_by: status === 'superseded' ? 'later' : null,
    supersedes: [],
    standing,
    checks: [],
    corrections: corrected ? [{ ...act, wrong: 'The name.', reason: 'Misheard.', was: told }] : [],
    edits: [],
    retraction: status === 'retracted' ? { ...act, reason: 'Nobody said so.' } : null,
    key: false,
    pinned: false,
    links: [],
    lifted: null,
    takedown: null,
  };
  if (status !== 'taken-down') return { ...row, status };
  const gone = {
    headline: null,
    body: null,
    data: null,
    occurred: null,
    sourcing: null,
    modality: null,
    byline: null,
    media: null,
    captures: null,
  };
  const takedown = { ground: 'legal' as const, position: 8, recorded: at };
  return { ...row, ...gone, conditions: [], corrections: [], edits: [], standing: null, status, takedown };
};

const story = {
  ...{ story: 'talks', title: 'The talks', summary: null, zone: 'UTC', language: null, status: 'open' as const },
  ...{ opened: at, closed: null, developments: 1, shredded: 0, position: 9, recorded: at, pinned: null },
  ...{ starts: null, ends: null, header: null, ended: null, continues: null },
};
const aroundWith = (fate: Fate | null): RenderContext => {
  const settled = fate && { reason: 'It was decided.', development: null, position: 9 };
  const open = { reason: null, development: null, position: null };
  return {
    continues: null,
    names: new Map(),
    linked: new Map(),
    conditions: { fail: { text: 'the talks fail', fate, ...(settled ?? open) } },
    language: null,
    retracted: new Set(),
    takedowns: new Map(),
  };
};

const wholeText = (node: Tree.Node): string =>
  'value' in node ? node.value : 'childNodes' in node ? node.childNodes.map(wholeText).join(' ') : '';
const found = (node: Tree.Node, tag: string): Tree.Element[] => [
  ...('tagName' in node && node.tagName === tag ? [node] : []),
  ...('childNodes' in node ? node.childNodes.flatMap(child => found(child, tag)) : []),
];
const htmlText = (html: string) => wholeText(parseFragment(html)).replace(/\s+/g, ' ').trim();

/** The texts of each surface: the headlines that appear alone, and the complete entries. */
function surfacesOf(state: State) {
  const id = '11111111-1111-4111-8111-111111111111';
  const context = aroundWith(state.fate);
  const row = rowOf(state, id);
  const entry = { ...presentEntry(row, context), modified: at };
  const told = presentStory({ ...story, conditions: context.conditions });
  const there = addressesOf('https://paper.example', 'talks');
  const syndicated = { story: told, log: 'l', entries: [entry], points: [] };
  const atom = parseFeed(atomFeed(syndicated, there)).items[0]!;
  const json = JSON.parse(jsonFeed(syndicated, there)).items[0];
  const [update] = liveBlogPosting(syndicated, there).liveBlogUpdate as unknown as Record<string, string>[];
  const posting = blogPosting(told, entry, there) as unknown as Record<string, string>;
  const { head, body } = developmentParts({
    story: told,
    entry: shownEntry(entry),
    kinds: kindShapes,
    inStory: '/',
    ...{ before: null, after: null, replacedBy: undefined },
    asked: undefined,
    elsewhere: {
      page: there.development(id),
      feeds: alternates(there),
      jsonLd: posting,
      summary: entrySummary(entry, timesOf(told)),
      modified: at,
    },
  });
  const page = parse(
    `<!doctype html>${renderToString(h('head', null, head.more))}${renderToString(h('body', null, body))}`,
  );
  const meta = (name: string) =>
    found(page, 'meta')
      .map(({ attrs }) => Object.fromEntries(attrs.map(({ name, value }) => [name, value])))
      .find(attrs => (attrs.property ?? attrs.name) === name)!.content!;
  const cited = row.status === 'taken-down' || row.status === 'retracted' ? undefined : row;
  const citations = cited ? [{ ...cited, status: cited.status, value: {}, conditions: [] } as never] : [];
  const cell = presentCell({ facet: 'presence', key: 'k', current: null, citations, total: 1 }, context);
  return {
    titles: {
      'the API’s title': entry.title,
      'a list on a page': row.status === 'taken-down' ? 'Taken down' : rowTitle(row, context),
      'the page’s title': head.title.replace(' – The talks', ''),
      'og:title': meta('og:title'),
      'Atom’s title': atom.title!,
      'JSON Feed’s title': json.title,
      'a LiveBlogPosting’s headline': update!.headline!,
      'a BlogPosting’s headline': posting.headline!,
      ...(cited && { 'a citation’s title': cell.citations[0]!.title }),
    },
    wholes: {
      'the page': wholeText(found(page, 'article')[0]!).replace(/\s+/g, ' '),
      'Atom’s content': htmlText(atom.content!),
      'JSON Feed’s content': htmlText(json.content_html),
      'a LiveBlogPosting’s body': update!.articleBody!,
      'a BlogPosting’s body': posting.articleBody!,
    },
    previews: { 'og:description': meta('og:description'), description: head.description! },
  };
}

/** The words that a reader must find, by the state alone. */
function wantedOf({ mode, fate, standing, status }: State): { title: RegExp[]; whole: RegExp[] } {
  if (status === 'taken-down') return { title: [/^Taken down$/], whole: [/Taken down on .*legal grounds/] };
  const modes = { asserted: [], planned: [/Planned/], denied: [/Denied/], conditional: [/If the talks fail/] }[mode];
  const fates = { met: /this happened/, lapsed: /this did not happen/ };
  const fated = mode === 'conditional' ? [fate ? fates[fate] : /still open/] : [];
  if (status === 'retracted')
    return { title: [/^Retracted: /, ...modes], whole: [/Retracted/, /Nobody said so/, ...modes] };
  const known = { confirmed: [], reported: [], hinted: [/Unconfirmed/], disputed: [/Disputed/] }[standing];
  const source = {
    confirmed: [],
    reported: [/The town hall, not independently confirmed/],
    hinted: [/The town hall, unconfirmed/],
    disputed: [/The town hall, disputed/],
  }[standing];
  const replaced = status === 'superseded';
  return {
    title: [...(replaced ? [/^Replaced: /] : []), ...known, ...modes],
    whole: [...(replaced ? [/No longer current/] : []), ...source, ...modes, ...fated],
  };
}

const qualifying =
  /Planned|Denied|If the|Disputed|Unconfirmed|unconfirmed|not independently|disputed|Retracted|Replaced|No longer|Taken down|Corrected/;
const isPlain = ({ mode, standing, status, corrected }: State) =>
  mode === 'asserted' && standing === 'confirmed' && status === 'active' && !corrected;

const byMode = Object.entries(
  Object.groupBy(states, ({ mode, fate, status }) => [mode, ...(fate ? [fate] : []), status].join(', ')),
) as [string, State[]][];

describe('every surface qualifies what is not a plain fact', () => {
  test.each(byMode)('every surface qualifies a development that is %s', (_, all) => {
    for (const state of all.filter(state => !isPlain(state))) {
      const { titles, wholes, previews } = surfacesOf(state);
      const wanted = wantedOf(state);
      const missing = (surfaces: Record<string, string>, patterns: RegExp[]) =>
        Object.entries(surfaces).flatMap(([name, text]) =>
          patterns
            .filter(pattern => !pattern.test(text))
            .map(pattern => `${JSON.stringify(state)}: ${name} lacks ${pattern}: ${text}`),
        );
      expect(missing(titles, wanted.title)).toEqual([]);
      expect(missing(wholes, wanted.whole)).toEqual([]);
      // A preview is cut off, so it must contain at least the first notice.
      expect(missing(previews, wanted.whole.slice(0, 1))).toEqual([]);
      if (state.status === 'taken-down')
        for (const text of [titles, wholes, previews].flatMap(texts => Object.values(texts)))
          expect(text).not.toContain(said);
      // A title that says "Denied" says it once.
      for (const text of Object.values(titles))
        expect(text.match(/Denied|Planned|If the talks fail/g)?.length ?? 0).toBeLessThan(2);
    }
  });

  test('every title names the outcome of a settled condition, except titles of the API', () => {
    const base = {
      mode: 'conditional',
      standing: 'confirmed',
      status: 'active',
      corrected: false,
      body: true,
    } as const;
    for (const own of both)
      for (const [fate, words] of [
        ['met', 'this happened'],
        ['lapsed', 'this did not happen'],
      ] as const) {
        const {
          'the API’s title': api,
          'a citation’s title': cited,
          ...titles
        } = surfacesOf({ ...base, own, fate }).titles;
        expect(new Set(Object.values(titles))).toEqual(new Set([`If the talks fail (${words}): ${said}`]));
        expect([api, cited]).toEqual([`If the talks fail: ${said}`, `If the talks fail: ${said}`]);
      }
  });
});

test.each(states.filter(isPlain))(
  'every surface shows a plain fact without qualifiers, own headline: $own, body: $body',
  state => {
    const { titles, wholes, previews } = surfacesOf(state);
    expect(new Set(Object.values(titles))).toEqual(new Set([said]));
    const { 'the page': page, ...others } = wholes;
    expect(new Set([...Object.values(others), ...Object.values(previews)])).toEqual(
      new Set([state.body ? bodyText : said]),
    );
    expect(page).not.toMatch(qualifying);
  },
);
