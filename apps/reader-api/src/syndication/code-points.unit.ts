import type { Story } from '#contract';
import { canonicalJson, closed, Text, unshowable } from '#domain';
import { escapeHtml, showable, shownBody } from '#pages';
import type { ReadableRow } from '#projections';
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { parseFragment, type DefaultTreeAdapterTypes as Tree } from 'parse5';
import { SaxesParser } from 'saxes';
import { change } from '../live/frames.js';
import { presentEntry } from '../story-at/render.js';
import { addressesOf } from './addresses.js';
import { atomFeed } from './atom.js';
import { jsonFeed } from './json-feed.js';
import { rssFeed } from './rss.js';
import { liveBlogPosting } from './live-blog-posting.js';
import { anyText } from '../../../../test/harness/any-text.js';

// Independent parsers read each surface with any code points that a log can hold, and must find the same text.

/** One generator for each class of code points that some text format excludes. */
const classes = fc.oneof(
  anyText({ minLength: 1, maxLength: 1 }),
  fc.constantFrom(...['\0', '\u0001', '\u000b', '\f', '\u001b', '\u007f', '\u0085', '\u009b']),
  fc.constantFrom(...['\ud800', '\udbff', '\udc00', '\udfff']),
  fc.constantFrom(...['\ufdd0', '\ufdef', '\ufffe', '\uffff', '\u{1fffe}', '\u{5ffff}', '\u{10ffff}']),
  fc.constantFrom(
    ...['\t', '\n', '\r', '\r\n', '\u2028', '\u2029', '\ufeff', '\u202e', '\u2067', '\u{e0041}', '\ue000'],
  ),
  fc.constantFrom(...['<', '>', '&', '"', "'", ']]>', '</script>', '&#0;', '&lt;', 'é', 'e\u0301', '\u{1f600}']),
);
const wild = fc.string({ unit: classes, maxLength: 12 }).map(text => `a${text}z`);

const at = '2026-03-01T09:00:00.000Z';
const rowWith = (headline: string, body: string, name: string): ReadableRow => ({
  ...{ kind: 'context', headline, body, data: {}, occurred: { precision: 'unknown' } },
  ...{
    sourcing: { basis: 'desk', standing: 'confirmed' },
    modality: { mode: 'asserted' },
    byline: null,
    media: null,
    captures: null,
  },
  ...{
    story: 's',
    development: '11111111-1111-4111-8111-111111111111',
    position: 1,
    ordinal: 0,
    changed: 1,
    begun: null,
    actors: [],
  },
  ...{ conditions: [], recorded: at, by: { name }, status: 'active', superseded_by: null, supersedes: [] },
  ...{
    standing: 'confirmed',
    checks: [],
    corrections: [],
    edits: [],
    retraction: null,
    key: false,
    pinned: false,
    links: [],
  },
  ...{ lifted: null, takedown: null },
});
const context = {
  ...{
    names: new Map(),
    linked: new Map(),
    conditions: {},
    language: null,
    continues: null,
    retracted: new Set<string>(),
  },
  takedowns: new Map(),
};
const storyWith = (title: string): Story => ({
  ...{
    id: 's',
    title,
    summary: title,
    zone: 'UTC',
    language: null,
    starts: null,
    ends: null,
    ended: null,
    continues: null,
    status: 'open',
    opened: at,
    closed: null,
  },
  ...{ developments: 1, position: 1, recorded: at, pinned: null, conditions: {} },
});

/** The texts of the elements with this name, read by a strict XML 1.0 parser. */
function textsOf(xml: string, name: string): string[] {
  const texts: string[] = [];
  const open: string[] = [];
  const parser = new SaxesParser();
  parser.on('error', error => {
    throw error;
  });
  parser.on('opentag', tag => {
    open.push(tag.name);
    if (tag.name === name) texts.push('');
  });
  const add = (text: string) => open.at(-1) === name && (texts[texts.length - 1] += text);
  parser.on('text', add);
  parser.on('cdata', add);
  parser.on('closetag', () => void open.pop());
  parser.write(xml).close();
  return texts;
}

const wholeText = (node: Tree.Node): string =>
  'value' in node ? node.value : 'childNodes' in node ? node.childNodes.map(wholeText).join('') : '';

function htmlText(html: string): string {
  const errors: string[] = [];
  const root = parseFragment(html, {
    onParseError: ({ code }) => void errors.push(code),
    sourceCodeLocationInfo: true,
  });
  expect(errors).toEqual([]);
  return wholeText(root);
}

// Both XML and HTML normalise line ends like this.
const ends = (text: string) => text.replace(/\r\n?/g, '\n');
const shown = (text: string) => ends(showable(closed(text)));
const trimmed = (text: string) => text.trim();

test('every surface can show every code point that the log can hold', () =>
  fc.assert(
    fc.property(wild, wild, wild, (headline, body, name) => {
      const entry = { ...presentEntry(rowWith(headline, body, name), context), modified: at };
      const story = storyWith(headline);
      const addresses = addressesOf('https://paper.example', 's');
      const syndicated = { story, log: 'l', entries: [entry], points: [] };

      const xml = atomFeed(syndicated, addresses);
      expect(textsOf(xml, 'title').map(trimmed)).toEqual([shown(headline), shown(headline)].map(trimmed));
      expect(textsOf(xml, 'subtitle').map(trimmed)).toEqual([trimmed(shown(headline))]);
      expect(textsOf(xml, 'name').map(trimmed)).toContain(trimmed(shown(name)));
      expect(htmlText(entry.headlineHtml!)).toBe(shown(headline));
      htmlText(shownBody(body)!);
      for (const content of textsOf(xml, 'content')) htmlText(content);

      const rss = rssFeed(syndicated, addresses);
      expect(textsOf(rss, 'title').map(trimmed)).toEqual([shown(headline), shown(headline)].map(trimmed));
      expect(textsOf(rss, 'dc:creator').map(trimmed)).toEqual([trimmed(shown(name))]);
      for (const content of textsOf(rss, 'description').slice(1)) htmlText(content);

      const feed = JSON.parse(jsonFeed(syndicated, addresses));
      expect([feed.title, feed.items[0].title, feed.items[0].authors[0].name]).toEqual(
        [headline, headline, name].map(closed),
      );
      const frame = change(entry).toString();
      expect(frame.split(/\r\n|\r|\n/).map(line => line.split(':')[0])).toEqual(['id', 'event', 'data', '', '']);
      expect(JSON.parse(frame.split('\n')[2]!.slice('data: '.length))).toEqual({ ...entry });
      expect(liveBlogPosting(syndicated, addresses).headline).toBe(headline);
    }),
    { numRuns: 300 },
  ));

test('every surface shows new text exactly as it was written', () =>
  fc.assert(
    fc.property(wild, text => {
      if (!Text(1_000).safeParse(text).success || unshowable(text)) return;
      expect(showable(text)).toBe(text);
      // The log's encoding: canonical JSON in UTF-8.
      expect(
        JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(Buffer.from(canonicalJson({ text })))),
      ).toEqual({ text });
      expect(htmlText(escapeHtml(text))).toBe(ends(text));
    }),
    { numRuns: 1_000 },
  ));
