import { closed } from '#domain/bidi';
import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import { parse, type DefaultTreeAdapterTypes as Tree } from 'parse5';
import { pageSafeJson } from './document.js';
import { assetsVersion, renderDocument, showable } from './index.js';
import { anyText } from '../../../test/harness/any-text.js';

/** One of each class of code points that only some text formats can hold. */
const held = [
  '\0',
  '\u0001',
  '\u000b',
  '\f',
  '\r',
  '\u0085',
  '\u009b',
  '\ud800',
  '\udc00',
  '\ufdd0',
  '\ufffe',
  '\uffff',
  '\u{1fffe}',
  '\u{10ffff}',
  '\ufeff',
  '\u2028',
  '\u2029',
  '\u202e',
  '<',
  '&',
  '</script>',
  '<!--',
  ']]>',
];

const head = { title: 'A <b> & "c"', language: 'en', dir: 'ltr', script: 'reader' } as const;

it('a document escapes all text and loads bundles with content hashes in their names', () => {
  const html = renderDocument({ ...head, state: { text: '</script>' } }, <p>{'<script>'}</p>);
  expect(html).toMatch(/^<!doctype html><html lang="en" dir="ltr">/);
  expect(html).toContain('<title>A &lt;b> &amp; &quot;c&quot;</title>');
  expect(html).toContain('<p>&lt;script></p>');
  expect(html).toContain('id="state">{"text":"\\u003c/script\\u003e"}</script>');
  expect(html).toMatch(/<script type="module" src="\/assets\/reader\.[A-Z0-9]{8}\.js" integrity="sha384-/);
  expect(html).toMatch(/<link rel="stylesheet" href="\/assets\/style\.[A-Z0-9]{8}\.css" integrity="sha384-/);
});

it('a document with any text is HTML without errors; U+FFFD replaces characters that HTML cannot hold', () => {
  const wild = fc.string({
    unit: fc.oneof(anyText({ minLength: 1, maxLength: 1 }), fc.constantFrom(...held)),
  });
  fc.assert(
    fc.property(wild, text => {
      const html = renderDocument(
        { ...head, title: `t${text}`, state: { text }, jsonLd: [{ text }] },
        <p title={text}>{text}</p>,
      );
      const errors: string[] = [];
      const page = parse(html, { onParseError: ({ code }) => void errors.push(code), sourceCodeLocationInfo: true });
      expect(errors).toEqual([]);
      const [root] = page.childNodes.slice(1) as Tree.Element[];
      const [, body] = root!.childNodes as Tree.Element[];
      const [paragraph, script] = body!.childNodes as Tree.Element[];
      const shown = showable(closed(text)).replace(/\r\n?/g, '\n');
      expect((paragraph!.childNodes[0] as Tree.TextNode | undefined)?.value ?? '').toBe(shown);
      expect(paragraph!.attrs[0]!.value).toBe(shown);
      expect(JSON.parse((script!.childNodes[0] as Tree.TextNode).value)).toEqual({ text });
    }),
  );
});

it("the version of the assets is made of the bundles' content hashes", () =>
  expect(assetsVersion()).toMatch(/^([A-Z0-9]{8})+$/));

it('a document with a script that was not built throws an error that says where to add it', () =>
  expect(() => renderDocument({ ...head, script: 'nothing' }, null)).toThrow(/add it to libs\/pages\/entries.mjs/));

it('pageSafeJson parses to the same value, and contains no character of HTML markup', () => {
  const text = fc.string({ unit: fc.constantFrom('<', '>', '&', '\u2028', '\u2029', '"', '\\', 'é', '\ud83d\ude00') });
  // Node 24's JSON.parse may misread a key that is escaped (nodejs/node#63785); the answers' keys never are.
  const key = fc.string({ unit: fc.constantFrom('a', 'b', 'é') });
  const { value } = fc.letrec<{ value: unknown }>(tie => ({
    value: fc.oneof({ maxDepth: 3 }, text, fc.dictionary(key, tie('value')), fc.array(tie('value')), fc.double()),
  }));
  fc.assert(
    fc.property(value, value => {
      const json = pageSafeJson(value);
      expect(json).not.toMatch(/[<>&\u2028\u2029]/);
      expect(JSON.parse(json)).toEqual(JSON.parse(JSON.stringify(value)));
    }),
  );
});

it('pageSafeJson escapes </script>, so that it cannot end a script', () => {
  expect(pageSafeJson({ text: '</script>' })).toBe('{"text":"\\u003c/script\\u003e"}');
});
