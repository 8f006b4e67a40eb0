import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { TestNewsroom } from '../harness/newsroom.js';

let newsroom: TestNewsroom;
beforeAll(async () => {
  newsroom = await TestNewsroom.open();
});
afterAll(() => newsroom?.close());

/** The routes in the README's table of this name. `…` is replaced by each code word in the row's other column. */
function routesIn(table: string): string[] {
  const [, rows = ''] = readFileSync('README.md', 'utf8').split(`| ${table} | |\n`);
  const lines = rows.split('\n\n')[0]!.split('\n').slice(1);
  return lines.flatMap(line => {
    const [first, second] = line
      .split('|')
      .slice(1)
      .map(column => [...column.matchAll(/`([^`]+)`/g)].map(([, code]) => code!));
    let method = '';
    return first!.flatMap(code => {
      const [, verb, path] = /^(?:([A-Z]+) )?(\/.*)$/.exec(code) ?? [];
      if (path === undefined) return [];
      method = verb ?? method;
      const paths = path.endsWith('…') ? second!.map(step => path.replace('…', step)) : [path];
      return paths.map(each => `${method} ${each}`);
    });
  });
}

async function routesServed(url: string): Promise<string[]> {
  const { paths } = (await (await fetch(`${url}/docs-json`)).json()) as { paths: Record<string, object> };
  const documented = Object.entries(paths).flatMap(([path, operations]) =>
    Object.keys(operations).map(method => `${method.toUpperCase()} ${path.replaceAll(/\{(\w+)\}/g, ':$1')}`),
  );
  return documented.sort();
}

test.each(['editors', 'readers'] as const)('the README lists every route of the %s’ API', async api => {
  const { url } = api === 'editors' ? newsroom.editors[0]! : newsroom.reader!;
  // Pages are for people, and not part of the API.
  const documented = routesIn(api).filter(route => !/^GET \/s(\/|$)/.test(route));
  expect(documented.sort()).toEqual(await routesServed(url));
});
