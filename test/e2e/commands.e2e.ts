import { expect, test } from '@jest/globals';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const run = (args: readonly string[], env: NodeJS.ProcessEnv = {}) => {
  const { status, stdout, stderr } = spawnSync(process.execPath, args, {
    encoding: 'utf8',
    timeout: 30_000,
    env: { ...process.env, NODE_OPTIONS: '', ...env },
  });
  return { status, stdout, stderr };
};

/** Every command of package.json that people type, with its program. */
const commands = {
  'npm start': ['dist/apps/demo/src/main.js', '--story', 'apps/demo/stories/alaska'],
  'npm test': ['dist/test/run.js'],
  'npm run audit': ['dist/apps/audit/src/main.js'],
  'npm run follow': ['libs/dev-servers/bin/run.mjs', 'follow'],
  'npm run screens': ['dist/test/screens.js'],
  'npm run desk:speed': ['dist/test/desk-speed.js'],
  'npm run drill': ['dist/test/drill.js', '--story', 'apps/demo/stories/alaska'],
};

test.each(Object.entries(commands))('%s --help prints its usage and does nothing', (name, program) => {
  const { status, stdout, stderr } = run([...program, '--help']);
  expect([status, stderr]).toEqual([0, '']);
  expect(stdout).toContain(name);
});

test.each(Object.entries(commands))('%s refuses an unknown option and prints its usage', (name, program) => {
  const { status, stdout, stderr } = run([...program, '--unti']);
  expect([status !== 0 && status !== null, stdout]).toEqual([true, '']);
  expect(stderr).toContain('--unti');
  expect(stderr).toContain(name);
  // A mistyped word must not lead to a stack trace.
  expect(stderr).not.toMatch(/^ {4}at /m);
});

test('`dateline token` in the containers prints a token of the development key with the given roles', () => {
  const folder = mkdtempSync(join(tmpdir(), 'dateline-test-'));
  const { status, stdout, stderr } = run(['docker/bin/token.mjs', 'editor'], {
    DEV_KEY_FILE: join(folder, 'key.json'),
  });
  rmSync(folder, { recursive: true });
  expect([status, stderr]).toEqual([0, '']);
  const claims = JSON.parse(Buffer.from(stdout.split('.')[1]!, 'base64url').toString());
  expect(claims).toMatchObject({ roles: ['editor'], iss: 'dateline-dev', aud: 'dateline' });
});
