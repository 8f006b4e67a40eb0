import { describe, expect, test } from '@jest/globals';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { anyOf, riddles } from './riddles.js';

const longestLine = 160;
const riddle = anyOf(riddles);

const pages = readdirSync('docs', { recursive: true, encoding: 'utf8' })
  .filter(name => name.endsWith('.md'))
  .map(name => join('docs', name));

const blank = (text: string) => text.replaceAll(/[^\n]/g, '');
/** A page without its blocks of code. Lines keep their numbers. */
const proseOf = (page: string) => readFileSync(page, 'utf8').replaceAll(/^```[\s\S]*?^```/gm, blank);
const lineAt = (text: string, index: number) => text.slice(0, index).split('\n').length;

/** The anchors that GitHub gives to a page's headings. */
const headingsOf = (page: string) =>
  [...proseOf(page).matchAll(/^#+ (.*)$/gm)].map(([, title]) =>
    title!
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-'),
  );

function isBroken(page: string, link: string): boolean {
  if (/^https?:/.test(link)) return false;
  const [file, heading] = link.split('#');
  const target = file ? join(dirname(page), file) : page;
  return !existsSync(target) || (heading !== undefined && !headingsOf(target).includes(heading));
}

describe.each(['README.md', 'test/frozen/README.md', ...pages])('%s', page => {
  test(`lines of prose have at most ${longestLine} characters`, () => {
    const lines = proseOf(page).split('\n');
    const long = lines.flatMap((text, index) =>
      text.length > longestLine && !text.startsWith('|') ? [`${index + 1}: ${text.length}`] : [],
    );
    expect(long).toEqual([]);
  });

  test('the page has no phrase from the list of riddles', () => {
    const prose = proseOf(page).replaceAll(/`[^`]*`|\]\([^)]*\)/g, blank);
    expect([...prose.matchAll(riddle)].map(match => `${lineAt(prose, match.index)}: ${match[0]}`)).toEqual([]);
  });

  test('all links lead to existing files and headings', () => {
    const links = [...proseOf(page).matchAll(/\]\(([^)\s]+)\)/g)].map(([, link]) => link!);
    expect(links.filter(link => isBroken(page, link))).toEqual([]);
  });
});

test('every decision’s title begins with its number', () => {
  const others = readdirSync('docs/decisions').filter(name => {
    const number = Number(name.slice(0, 4));
    return !readFileSync(join('docs/decisions', name), 'utf8').startsWith(`# ${number}. `);
  });
  expect(others).toEqual([]);
});

test('every decision has its own number', () => {
  const numbers = readdirSync('docs/decisions').map(name => name.slice(0, 4));
  expect(numbers).toEqual([...new Set(numbers)]);
});
