import { CommitAuthor } from '#domain';
import { Certificate } from '#signatures';
import { expect, test } from '@jest/globals';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { settings } from './settings.js';

const text = (path: string) => readFileSync(path, 'utf8');

/** The words of a page in code, such as `by.id`, split at what is no letter. */
const codeIn = (page: string) =>
  new Set([...page.matchAll(/`([^`\n]+)`/g)].flatMap(([, code]) => code!.split(/[^A-Za-z]+/)));

test.each(['docs/audit.md', 'docs/operate.md'])('%s names every setting that lets caches keep an answer', page => {
  const caching = Object.keys(settings).filter(name => name.startsWith('CACHE_'));
  expect(caching.length).toBeGreaterThan(2);
  expect(caching.filter(name => !text(page).includes(name))).toEqual([]);
});

test.each([
  ['the author of a commit', CommitAuthor, 'The value'],
  ['a certificate', Certificate, 'Who signed it'],
])('docs/consume-the-log.md explains every member of %s', (_, { shape }, heading) => {
  const [, section] = text('docs/consume-the-log.md').split(`\n## ${heading}\n`);
  const explained = codeIn(section!.split('\n## ')[0]!);
  expect(Object.keys(shape).filter(name => !explained.has(name))).toEqual([]);
});

/** The commands of `audit` by name, each with the source of its class. */
const commands = readdirSync('apps/audit/src', { recursive: true, encoding: 'utf8' })
  .filter(name => /command(s)?\.ts$/.test(name))
  .flatMap(name => text(join('apps/audit/src', name)).split('\n@Command(').slice(1))
  .map(source => [/name: '(\w+)'/.exec(source)![1]!, source] as const);

test.each(commands)('a page lists audit %s, and whether it answers in JSON', (name, source) => {
  const usages = ['docs/audit.md', 'docs/bundles.md'].flatMap(page => text(page).split('npm run audit -- ').slice(1));
  const its = usages.map(usage => usage.split('\n```')[0]!).filter(usage => usage.startsWith(`${name} `));
  expect(its).not.toEqual([]);
  expect(its.some(usage => usage.includes('[--json]'))).toBe(source.includes('@JsonFlag'));
});
