import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { checkJars } from './native-tools.js';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'supply-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const write = (path: string, text: string) => {
  mkdirSync(join(folder, path, '..'), { recursive: true });
  writeFileSync(join(folder, path), text);
};
/** Runs code that imports one of our programs that Node runs before anything is installed. */
const inNode = (code: string, cwd = process.cwd()) =>
  spawnSync(process.execPath, ['--input-type=module', '-e', code], { cwd, encoding: 'utf8', timeout: 60_000 });
const bin = (name: string) => JSON.stringify(join(process.cwd(), 'libs/dev-servers/bin', name));

describe('Kafka’s jars', () => {
  const digest = (text: string) => createHash('sha256').update(text).digest('hex');

  test('an unlisted, a missing and an altered jar are each an error that names the jar', () => {
    write('jars/a.jar', 'a');
    write('jars/b.jar', 'b');
    const list = `${digest('a')}  a.jar\n${digest('b')}  b.jar\n`;
    checkJars(join(folder, 'jars'), list);
    expect(() => checkJars(join(folder, 'jars'), `${digest('a')}  a.jar\n`)).toThrow('b.jar');
    expect(() => checkJars(join(folder, 'jars'), `${list}${digest('c')}  c.jar\n`)).toThrow('c.jar');
    write('jars/a.jar', 'another');
    expect(() => checkJars(join(folder, 'jars'), list)).toThrow('a.jar');
  });

  test('the list in the repository has a SHA-256 digest for each of more than 50 jars', () => {
    expect(readFileSync('docker/kafka/jars.sha256', 'utf8')).toMatch(/^([0-9a-f]{64} {2}[\w.+-]+\.jar\n){50,}$/);
  });
});

describe('the lock of a checkout that is being prepared', () => {
  const worked = (left: string) => {
    const path = JSON.stringify(join(folder, 'preparing'));
    return inNode(`
      import { existsSync, readFileSync, writeFileSync } from 'node:fs';
      const { exclusively } = await import(${bin('lock.mjs')});
      if (${left} !== '') writeFileSync(${path}, ${left});
      const held = await exclusively(${path}, () => readFileSync(${path}, 'utf8'));
      console.log(JSON.parse(held).pid === process.pid, existsSync(${path}));`);
  };

  test.each([
    ['nobody', "''"],
    ['an earlier version with our own pid', 'String(process.pid)'],
    ['a dead process with our own pid', "JSON.stringify({ pid: process.pid, started: 'another day' })"],
    ['a dead process whose pid another one has', "JSON.stringify({ pid: process.ppid, started: 'another day' })"],
    ['a writer that was killed', "'{'"],
  ])('%s left it: the work runs, and removes it', (_, left) => {
    const { stdout, stderr } = worked(left);
    expect([stdout, stderr]).toEqual(['true false\n', '']);
    expect(readdirSync(folder).filter(name => name.startsWith('preparing'))).toEqual([]);
  });

  test('two processes work one after the other', async () => {
    const path = join(folder, 'preparing');
    const code = `
      const { exclusively } = await import(${bin('lock.mjs')});
      await exclusively(${JSON.stringify(path)}, async () => {
        console.log('begun');
        await new Promise(resolve => setTimeout(resolve, 300));
        console.log('ended');
      });`;
    const order: string[] = [];
    await Promise.all(
      [1, 2].map(async () => {
        const child = spawn(process.execPath, ['--input-type=module', '-e', code], {
          stdio: ['ignore', 'pipe', 'inherit'],
        });
        child.stdout.on('data', data => order.push(...String(data).trim().split('\n')));
        await once(child, 'close');
      }),
    );
    expect(order).toEqual(['begun', 'ended', 'begun', 'ended']);
  });
});

describe('npm packages', () => {
  test('only packages that allowScripts allows run their install scripts, even with an npm that ignores it', () => {
    for (const name of ['good', 'bad']) {
      const scripts = { postinstall: `node -e "require('fs').writeFileSync('ran', '')"` };
      write(`app/${name}/package.json`, JSON.stringify({ name, version: '1.0.0', scripts }));
    }
    const dependencies = { good: 'file:./good', bad: 'file:./bad' };
    const allowScripts = { good: true, bad: false };
    write('app/package.json', JSON.stringify({ name: 'app', version: '1.0.0', dependencies, allowScripts }));
    write('app/.npmrc', 'install-links=true\noffline=true\n');
    const app = join(folder, 'app');
    const locked = spawnSync('npm', ['install', '--package-lock-only', '--no-audit'], { cwd: app, encoding: 'utf8' });
    expect([locked.status, locked.stderr]).toEqual([0, expect.anything()]);
    const ran = inNode(
      `const { install } = await import(${bin('stages.mjs')}); await install(${JSON.stringify(app)}, process.env);`,
    );
    expect([ran.status, ran.stderr]).toEqual([0, expect.anything()]);
    expect(existsSync(join(app, 'node_modules/good/ran'))).toBe(true);
    expect(existsSync(join(app, 'node_modules/bad'))).toBe(true);
    expect(existsSync(join(app, 'node_modules/bad/ran'))).toBe(false);
  });

  test('every package that contains Node 24 is pinned to a version and a digest', () => {
    const said = inNode(
      `const { carriers } = await import(${bin('node24.mjs')}); console.log(JSON.stringify(carriers))`,
    );
    const carriers = Object.values(JSON.parse(said.stdout) as Record<string, string[]>);
    expect(carriers.length).toBeGreaterThan(2);
    for (const [name, version, integrity] of carriers) {
      expect([name, version]).toEqual([expect.stringMatching(/^node-/), expect.stringMatching(/^24\.\d+\.\d+$/)]);
      expect(integrity).toMatch(/^sha512-[\w+/]{86}==$/);
    }
  });
});
