import { expect, it } from '@jest/globals';
import { execFileSync } from 'node:child_process';
import { assetsVersion, renderDocument } from './index.js';

execFileSync(process.execPath, ['libs/pages/bin/build.mjs']);

const head = { title: 'A <b> & "c"', language: 'en', dir: 'ltr', script: 'reader' } as const;

it('is HTML in which text is text, with the bundles by names that change with their content', () => {
  const html = renderDocument({ ...head, state: { text: '</script>' } }, <p>{'<script>'}</p>);
  expect(html).toMatch(/^<!doctype html><html lang="en" dir="ltr">/);
  expect(html).toContain('<title>A &lt;b> &amp; &quot;c&quot;</title>');
  expect(html).toContain('<p>&lt;script></p>');
  expect(html).toContain('id="state">{"text":"\\u003c/script\\u003e"}</script>');
  expect(html).toMatch(/<script type="module" src="\/assets\/reader\.[A-Z0-9]{8}\.js" integrity="sha384-/);
  expect(html).toMatch(/<link rel="stylesheet" href="\/assets\/style\.[A-Z0-9]{8}\.css" integrity="sha384-/);
});

it('has a version that tells one build of the bundles from another', () =>
  expect(assetsVersion()).toMatch(/^([A-Z0-9]{8})+$/));

it('says what to do about a script that was not built', () =>
  expect(() => renderDocument({ ...head, script: 'nothing' }, null)).toThrow(/add it to libs\/pages\/entries.mjs/));
