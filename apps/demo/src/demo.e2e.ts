import { afterEach, describe, expect, test } from '@jest/globals';
import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { KafkaLine } from '../../../test/harness/kafka-line.js';

const story = 'apps/demo/stories/alaska';
const started: ChildProcess[] = [];
let line: KafkaLine | undefined;
afterEach(async () => {
  started.forEach(child => child.kill('SIGKILL'));
  await line?.close();
  line = undefined;
});

/** Runs the demo as `npm start -- ...` does, on the servers of this test run. */
function demo(...args: string[]) {
  const brokers = line && { KAFKA_BROKERS: line.brokers };
  const child = spawn(process.execPath, ['dist/apps/demo/src/main.js', '--story', story, ...args], {
    env: { ...process.env, ...brokers, NODE_OPTIONS: '', PROVISION: 'external', METRICS_PORT: '0' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  started.push(child);
  const lines: string[] = [];
  const errors: string[] = [];
  createInterface({ input: child.stdout }).on('line', line => lines.push(line));
  createInterface({ input: child.stderr }).on('line', line => errors.push(line));
  return { child, lines, errors, ended: once(child, 'close') as Promise<[number | null, string | null]> };
}

async function until(holds: () => boolean): Promise<void> {
  for (const end = Date.now() + 60_000; !holds(); await sleep(50))
    if (Date.now() > end) throw new Error('The wait timed out.');
}

const childrenOf = (pid: number): number[] =>
  execFileSync('ps', ['-A', '-o', 'pid=,ppid='], { encoding: 'utf8' })
    .trim()
    .split('\n')
    .map(line => line.trim().split(/\s+/).map(Number))
    .filter(([, parent]) => parent === pid)
    .map(([child]) => child!);

function lives(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

const playing = (lines: string[]) => lines.some(line => /^ +\d+ /.test(line));

/** A demo in the middle of its story of 70 commands, which it cannot complete before its line carries more writes. */
async function halfway() {
  line = await KafkaLine.to(process.env.KAFKA_BROKERS!);
  line.writes = 60;
  const it = demo('--once');
  await until(() => playing(it.lines));
  const apps = childrenOf(it.child.pid!);
  expect(apps).toHaveLength(4);
  return { ...it, apps, line };
}

describe('npm start -- --once', () => {
  test('the demo plays the story, reads every fact back, and ends with one line of numbers', async () => {
    const { lines, errors, ended } = demo('--once');
    expect([await ended, errors.filter(line => /error|ended unexpectedly/i.test(line))]).toEqual([[0, null], []]);
    for (const name of ['editor-api', 'projector', 'reader-api', 'fetcher'])
      expect([...lines, ...errors].join('\n')).toMatch(
        new RegExp(`${name} gives metrics at http://127.0.0.1:[1-9]\\d*/metrics`),
      );
    const summary = JSON.parse(lines.at(-1)!);
    expect(summary).toMatchObject({
      facts: 51,
      developments: 51,
      timelineEntries: 51,
      sseReceived: 51,
      provisioned: 'external',
    });
    expect(summary.position).toBe(summary.commits + 1);
    expect(summary.actors).toBeGreaterThan(10);
    expect(summary.postToGlassMs.p50).toBeGreaterThan(0);
    expect(summary.postToGlassMs.p99).toBeGreaterThanOrEqual(summary.postToGlassMs.p50);
  });

  test('the demo ends its processes when it is stopped in the middle', async () => {
    const { child, apps, ended } = await halfway();
    child.kill('SIGTERM');
    expect(await ended).toEqual([130, null]);
    expect(apps.filter(lives)).toEqual([]);
  });

  test('no process is left when the demo is killed in the middle', async () => {
    const { child, apps } = await halfway();
    child.kill('SIGKILL');
    await until(() => !apps.some(lives));
  });

  test('the demo restarts each of its processes that is killed, and completes the story', async () => {
    const { apps, line, lines, errors, ended } = await halfway();
    for (const app of apps) process.kill(app, 'SIGKILL');
    line.writes = Infinity;
    expect([await ended, errors.filter(line => /restarts/.test(line)).length]).toEqual([[0, null], 4]);
    expect(JSON.parse(lines.at(-1)!)).toMatchObject({ facts: 51, timelineEntries: 51, sseReceived: 51 });
  });
});

describe('npm start -- --once --restore', () => {
  const bundle = [
    '--restore',
    'test/bundles/format-1/whole',
    '--key',
    readFileSync('test/bundles/format-1/fingerprint', 'utf8').trim(),
  ];
  // The key store of that newsroom lost this key before the bundle was made.
  const lost = '00000000-0000-4000-8000-000000000009';

  test('the demo restores a newsroom from its bundle and verifies it', async () => {
    const { lines, ended } = demo('--once', ...bundle, '--lost-keys', lost);
    expect(await ended).toEqual([0, null]);
    const said = lines.join('\n');
    expect(said).toMatch(/WHOLE: [^]*44 commits restored[^]*SAME: [^]*EQUAL: /);
    expect(lines.filter(line => playing([line]))).toEqual([]);
  });

  test('a bundle with a missing key is refused before anything starts', async () => {
    const { lines, errors, ended } = demo('--once', ...bundle);
    expect(await ended).toEqual([1, null]);
    expect(lines.join('\n')).toMatch(new RegExp(`The key of a development is missing[^]*${lost}`));
    expect(errors.join('\n')).toMatch(/audit check failed.*Nothing was deleted, and nothing was restored/s);
    expect(errors.join('\n')).not.toMatch(/restoring|starting/);
  });
});

test('--fresh deletes nothing on servers that the demo did not start', async () => {
  const { errors, ended } = demo('--fresh');
  expect(await ended).toEqual([1, null]);
  expect(errors.join('\n')).toMatch(/--fresh deletes nothing there/);
});

test('a folder without a story gives a clear error', async () => {
  const { errors, ended } = demo('--story', 'test');
  expect(await ended).toEqual([1, null]);
  expect(errors.join('\n')).toMatch(/--story test is not the folder of a story/);
});

test('an unknown option gives a clear error', async () => {
  const { errors, ended } = demo('--onec');
  expect(await ended).toEqual([2, null]);
  expect(errors.join('\n')).toMatch(/Unknown option '--onec'[^]*npm start -- --once/);
});
