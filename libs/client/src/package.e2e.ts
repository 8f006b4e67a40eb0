import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

let folder: string;
let project: string;
let packed: string[];

/** A program of somebody who has installed the package, and nothing else. */
const program = `
import { applyChange, Dateline, liveTimeline, Refused, type Timeline } from 'dateline-client';
const api = new Dateline(process.argv[2]!);
const { title, developments } = await api.story('harbour');
const count: number = developments;
console.log(title.toUpperCase(), count);
for (const entry of (await api.timeline('harbour', { limit: 1 })).entries)
  if (entry.status !== 'taken-down') console.log(entry.headline, entry.sourcing.basis, entry.byline?.[0]?.name);
const empty: Timeline = { story: 'harbour', position: 1, entries: [], next: null };
console.log(applyChange(empty, { position: 1 } as Parameters<typeof applyChange>[1]) === empty, typeof liveTimeline);
try {
  await api.story('none');
} catch (error) {
  if (error instanceof Refused) console.log(error.status, error.code);
}
// @ts-expect-error: no such field.
console.log(typeof (await api.story('harbour')).headline);
`;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'client-package-'));
  const built = join(folder, 'built');
  await run(process.execPath, ['libs/client/bin/pack.mjs', built]);
  const { stdout } = await run('npm', ['pack', built, '--json', '--pack-destination', folder]);
  const [{ filename, files }] = JSON.parse(stdout) as [{ filename: string; files: { path: string }[] }];
  packed = files.map(({ path }) => path).sort();
  project = join(folder, 'project');
  await mkdir(project);
  await writeFile(join(project, 'package.json'), JSON.stringify({ name: 'project', private: true, type: 'module' }));
  // Offline: the package needs nothing else.
  await run('npm', ['install', '--offline', '--no-audit', '--no-fund', join(folder, filename)], { cwd: project });
});
afterAll(async () => {
  if (folder) await rm(folder, { recursive: true });
});

test('the package holds one module, its types, its licence and how to use it, and no other package', async () => {
  expect(packed).toEqual(
    expect.arrayContaining(['LICENSE', 'README.md', 'contract.d.ts', 'index.d.ts', 'index.js', 'package.json']),
  );
  expect(packed.filter(file => !/^(LICENSE|README.md|package.json|index.js|[\w-]+\.d\.ts)$/.test(file))).toEqual([]);
  expect(await readdir(join(project, 'node_modules'))).toEqual(['.package-lock.json', 'dateline-client']);
  for (const file of packed)
    expect([file, await readFile(join(project, 'node_modules/dateline-client', file), 'utf8')]).toEqual([
      file,
      expect.not.stringMatching(/(from|import\() ?['"](#|zod|node:)/),
    ]);
});

test.each([
  ['nodenext', 'nodenext'],
  ['esnext', 'bundler'],
])(
  'a fresh project type-checks against it strictly, with module %s and resolution %s',
  async (module, moduleResolution) => {
    await writeFile(join(project, 'index.ts'), program);
    const options = ['--strict', '--noEmit', '--target', 'es2024', '--lib', 'es2024,dom', '--skipLibCheck', 'false'];
    const types = ['--types', 'node', '--typeRoots', resolve('node_modules/@types')];
    const args = ['--module', module, '--moduleResolution', moduleResolution, ...options, ...types, 'index.ts'];
    const checked = await run(process.execPath, [resolve('node_modules/typescript/bin/tsc'), ...args], {
      cwd: project,
    }).catch((error: { stdout: string }) => error);
    expect(checked.stdout).toBe('');
  },
);

test('it runs there: it reads a story, and says why a server refuses', async () => {
  const entry = {
    status: 'active',
    headline: 'The port is shut',
    sourcing: { basis: 'desk' },
    byline: [{ name: 'Ada' }],
  };
  const answers: Readonly<Record<string, object>> = {
    '/stories/harbour': { title: 'The harbour', developments: 3 },
    '/stories/harbour/timeline?limit=1': { entries: [entry] },
  };
  const server = createServer((request, response) => {
    const answer = answers[request.url!];
    response.writeHead(answer ? 200 : 404, { 'Content-Type': 'application/json' });
    response.end(JSON.stringify(answer ?? { code: 'unknown-story', detail: 'None.' }));
  }).listen(0, '127.0.0.1');
  try {
    await once(server, 'listening');
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    await writeFile(join(project, 'index.ts'), program);
    const { stdout } = await run(process.execPath, ['--no-warnings', 'index.ts', url], {
      cwd: project,
      env: { ...process.env, NODE_OPTIONS: '' },
    });
    expect(stdout.split('\n')).toEqual([
      'THE HARBOUR 3',
      'The port is shut desk Ada',
      'true function',
      '404 unknown-story',
      'undefined',
      '',
    ]);
  } finally {
    server.close();
  }
});
