import { rights, roledApps } from '#rights';
import { describe, expect, test } from '@jest/globals';
import { existsSync, readFileSync } from 'node:fs';

const page = readFileSync('docs/security.md', 'utf8');
const rows = page.split('\n').filter(line => line.startsWith('| '));
const tests = /[.](unit|int|e2e|containers)[.]tsx?$/;
const filesIn = (text: string) =>
  [...text.matchAll(/`([\w./-]+\/[\w./-]+\.(?:ts|tsx|mjs|sh|sql))`/g)].map(([, file]) => file!);

describe('docs/security.md', () => {
  test('every file that it names exists', () => {
    const named = filesIn(page);
    expect(named.length).toBeGreaterThan(60);
    expect(named.filter(file => !existsSync(file))).toEqual([]);
  });

  test('every threat names a test that shows what stops it', () => {
    const threats = page.slice(page.indexOf('## Threats'), page.indexOf('## What an anonymous')).split('\n');
    const unshown = threats.filter(
      line => /^\| (?!who |-)/.test(line) && !filesIn(line).some(file => tests.test(file)),
    );
    expect(unshown).toEqual([]);
  });

  test('the verdicts on ASVS are counted right, each requirement once and in order', () => {
    const verdicts = rows.flatMap(row => /^\| V([\d.]+) \| [12] \| ([a-z ]+) \| \S.* \|$/.exec(row)?.slice(1, 3) ?? []);
    const ids = verdicts.filter((_, at) => at % 2 === 0);
    expect(ids).toHaveLength(253);
    expect(ids.toSorted((a, b) => a.localeCompare(b, 'en', { numeric: true }))).toEqual(ids);
    expect(new Set(ids).size).toBe(ids.length);
    const count = (verdict: string) => verdicts.filter(each => each === verdict).length;
    const said = /: (\d+) met, (\d+) not met, (\d+) not ours[^;]*?,\s+(\d+)\s+do not apply/
      .exec(page)!
      .slice(1)
      .map(Number);
    expect(said).toEqual(['met', 'not met', 'not ours', 'does not apply'].map(count));
  });
});

test('docs/operate.md names every role, and the rights of each app on the topics', () => {
  const operate = readFileSync('docs/operate.md', 'utf8');
  for (const app of roledApps) {
    const { role, topics } = rights[app];
    expect(operate).toContain(`| \`${role}\` |`);
    if (typeof topics === 'string') continue;
    const [log, visibility] = [topics.log, topics.visibility].map(each => each.join(', ').toLowerCase());
    expect(operate).toContain(`| ${app} | ${log} | ${visibility}${visibility === '' ? '' : ' '}|`);
  }
});
