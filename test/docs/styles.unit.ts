import { expect, test } from '@jest/globals';
import { globSync, readFileSync } from 'node:fs';

const sheets = [...globSync('libs/pages/src/style/*.css'), 'apps/desk/src/desk.css'];

/** The classes for which a style sheet has a rule with no other selector, as in `.bar { … }`. */
const classesOf = (sheet: string) => new Set(readFileSync(sheet, 'utf8').match(/^\.[a-z][\w-]*(?= \{)/gm));

/** Classes that one style sheet refines for its own pages. */
const refined = ['.buttons', '.mark', '.moment', '.status'];

test('no class is styled in two style sheets, because the desk loads all of them', () => {
  const all = sheets.flatMap(sheet => [...classesOf(sheet)].map(name => [name, sheet] as const));
  expect(all.length).toBeGreaterThan(80);
  const twice = [...Map.groupBy(all, ([name]) => name)].flatMap(([name, places]) => (places.length > 1 ? name : []));
  expect(twice.sort()).toEqual(refined);
});
