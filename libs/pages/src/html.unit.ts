import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { bodyFault, bodyHtml, escapeHtml, shownBody } from './html.js';

describe('a body', () => {
  it('tags that the editor typed are shown as text', () => {
    expect(bodyHtml('<script>alert(1)</script>')).toBe('<p>&lt;script&gt;alert(1)&lt;/script&gt;</p>');
    expect(bodyHtml('<img src=x onerror=alert(1)>')).not.toContain('<img');
  });

  it.each([
    'javascript:alert(1)',
    'JaVaScRiPt:alert(1)',
    'data:text/html,<script>',
    'vbscript:x',
    '//elsewhere.test/x',
    '/s/other',
    'other.html',
    '#there',
    '?x=1',
    'tel:112',
    'https://',
    '',
  ])('%s does not become a link or picture', href => {
    expect(bodyHtml(`[here](${href})`)).not.toContain('href="');
    expect(bodyHtml(`[here](${href})`)).toContain('here');
    expect(bodyHtml(`![here](${href})`)).not.toMatch(/<img|<a /);
  });

  it('a link gets a rel attribute, and its text may have markup', () => {
    expect(bodyHtml('[the *text*](https://example.test/?a=1&b=2)')).toBe(
      '<p><a href="https://example.test/?a=1&amp;b=2" rel="noopener noreferrer nofollow">the <em>text</em></a></p>',
    );
  });

  const rel = 'rel="noopener noreferrer nofollow"';

  it('a picture becomes a link with its alternative text or its address, so nothing is loaded from elsewhere', () => {
    const src = 'https://example.test/pixel.png?a=1&b';
    const href = 'https://example.test/pixel.png?a=1&amp;b';
    expect(bodyHtml(`before ![the <b>*pier*</b>](${src}) after`)).toBe(
      `<p>before <a href="${href}" ${rel}>the &lt;b&gt;pier&lt;/b&gt;</a> after</p>`,
    );
    expect(bodyHtml(`![](${src})`)).toBe(`<p><a href="${href}" ${rel}>${href}</a></p>`);
    expect(bodyHtml(`[![the pier](${src})](https://example.test/)`)).toBe(
      `<p><a href="https://example.test/" ${rel}>the pier</a></p>`,
    );
  });

  it('an address that begins with https:// becomes a link; a name that looks like an address does not', () => {
    expect(bodyHtml('See https://example.test/a?b=1.')).toBe(
      `<p>See <a href="https://example.test/a?b=1" ${rel}>https://example.test/a?b=1</a>.</p>`,
    );
    expect(bodyHtml('See example.test, 10.0.0.1, a@example.test and notes.md')).not.toContain('<a');
    expect(bodyHtml('`https://example.test/`')).not.toContain('<a');
  });

  it.each(['---', '[a]: https://example.test/', '[](https://example.test/)', '|a|\n|-|', '-', '#', '>', '&nbsp;'])(
    'a body with markup only is refused and not shown: %j',
    body => {
      const shows = body === '|a|\n|-|';
      expect(shownBody(body) === null).toBe(!shows);
      expect(bodyFault(body)).toEqual(shows ? undefined : 'must contain text, not only markup');
    },
  );

  it.each([
    ['[more](/s/other)', '/s/other'],
    ['![a](a.png)', 'a.png'],
    ['a [b][c]\n\n[c]: //elsewhere.test', '//elsewhere.test'],
    ['<tel:112>', 'tel:112'],
    ['[**a**]()', ''],
  ])('a new body with a link that is not to the web is refused: %s', (body, target) =>
    expect(bodyFault(body)).toContain(`must link to the web: "${target}" does not begin with https://`),
  );

  it('a new body may link to the web and to mailboxes, and contain pictures', () => {
    for (const body of [
      '[a](https://a.test)',
      '<me@a.test>',
      '![a](http://a.test/b.png)',
      'https://a.test',
      '`[a](b)`',
    ])
      expect(bodyFault(body)).toBeUndefined();
  });

  it('no tag of a body contains a script, an event handler or a javascript address, in any markdown', () => {
    const hostile = fc.array(
      fc.constantFrom(
        '<script>',
        '"',
        "'",
        '&',
        '](javascript:x)',
        '[a',
        '`',
        '<a href="javascript:x" onclick=x>',
        '*',
        '\n',
        'text',
      ),
      { maxLength: 30 },
    );
    fc.assert(
      fc.property(hostile, parts => {
        const tags = bodyHtml(parts.join('')).match(/<[^>]*>/g) ?? [];
        for (const tag of tags) expect(tag).not.toMatch(/script|onclick|javascript/i);
      }),
    );
  });
});

it("a headline's characters are escaped", () => {
  expect(escapeHtml(`<b>"A" & 'B'</b>`)).toBe('&lt;b&gt;&quot;A&quot; &amp; &#39;B&#39;&lt;/b&gt;');
});
