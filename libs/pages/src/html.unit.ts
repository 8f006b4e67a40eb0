import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { bodyHtml, escapeHtml } from './html.js';

describe('a body', () => {
  it('shows tags that the editor typed as text', () => {
    expect(bodyHtml('<script>alert(1)</script>')).toBe('<p>&lt;script&gt;alert(1)&lt;/script&gt;</p>');
    expect(bodyHtml('<img src=x onerror=alert(1)>')).not.toContain('<img');
  });

  it.each([
    'javascript:alert(1)',
    'JaVaScRiPt:alert(1)',
    'data:text/html,<script>',
    'vbscript:x',
    '//elsewhere.test/x',
  ])('makes no link of %s', href => {
    expect(bodyHtml(`[here](${href})`)).not.toContain('href="');
  });

  it('gives every link a rel', () => {
    expect(bodyHtml('[the *text*](https://example.test/?a=1&b=2)')).toBe(
      '<p><a href="https://example.test/?a=1&amp;b=2" rel="noopener noreferrer nofollow">the <em>text</em></a></p>',
    );
  });

  it('loads nothing from elsewhere: an image is left out', () => {
    expect(bodyHtml('before ![alt](https://example.test/pixel.png) after')).toBe('<p>before  after</p>');
  });

  it('keeps quotes and ampersands as text, whatever the markdown', () => {
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

it('a headline shows the characters that were typed, and none of them is markup', () => {
  expect(escapeHtml(`<b>"A" & 'B'</b>`)).toBe('&lt;b&gt;&quot;A&quot; &amp; &#39;B&#39;&lt;/b&gt;');
});
