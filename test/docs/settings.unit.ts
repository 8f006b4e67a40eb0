import { expect, test } from '@jest/globals';
import { readFileSync, writeFileSync } from 'node:fs';
import { apps, settings, settingsPage } from './settings.js';

const page = 'docs/settings.md';

test('docs/settings.md is generated from the schemas', () => {
  if (process.env.UPDATE_DOCS) writeFileSync(page, settingsPage());
  expect(readFileSync(page, 'utf8')).toBe(settingsPage());
});

test('every setting has a description and belongs to an app', () => {
  const rows = settingsPage()
    .split('\n')
    .filter(line => line.startsWith('| `'));
  expect(rows).toHaveLength(Object.keys(settings).length);
  for (const row of rows) expect(row).toMatch(/^\| `[A-Z_]+` \| \S.*\. \|.*\| [a-z-]+(, [a-z-]+)* \|$/);
});

test('the page shows defaults and values that a transform makes', () => {
  const page = settingsPage();
  for (const [name, allowed, byDefault] of [
    ['OIDC_SCOPES', '', 'openid profile offline_access'],
    ['CAPTURE_PORTS', '', '80,443'],
    ['KAFKA_ACLS', '`true`, `false`', 'false'],
  ])
    expect(page).toMatch(new RegExp(`^\\| \`${name}\` \\|.*\\| ${allowed} \\| \`${byDefault}\` \\|`, 'm'));
});

test('a setting of several apps has the same schema in each', () => {
  for (const schemas of Object.values(apps))
    for (const [name, schema] of Object.entries(schemas))
      expect([name, schema === settings[name]]).toEqual([name, true]);
});
