import { afterAll, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { isNamed, isOrphan } from './docker.js';
import { ProvisioningError } from './errors.js';
import { closed, openExternal, WAYS, waysToTry } from './ways.js';
import { identify, livingFrom, writeIdentity } from './identity.js';
import { asEnvironment } from './server-settings.js';
import { majorOf } from './native-tools.js';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const codeOf = (act: () => unknown) => {
  try {
    return act();
  } catch (error) {
    return (error as ProvisioningError).code;
  }
};

describe('the order in which ways to get servers are tried', () => {
  test('the order is external, docker, native when no data exists and no way is forced', () => {
    expect(waysToTry(undefined, undefined)).toEqual(['external', 'docker', 'native']);
  });

  test('external servers are tried first, then only the way that created the existing data', () => {
    expect(waysToTry(undefined, 'native')).toEqual(['external', 'native']);
    expect(waysToTry('', 'docker')).toEqual(['external', 'docker']);
  });

  test('a forced way is the only one tried, even if another way created the existing data', () => {
    fc.assert(
      fc.property(fc.constantFrom(...WAYS), fc.option(fc.constantFrom(...WAYS), { nil: undefined }), (forced, kept) => {
        expect(waysToTry(forced, kept)).toEqual([forced]);
      }),
    );
  });

  test('an unknown way is an error', () => {
    expect(codeOf(() => waysToTry('cloud', undefined))).toBe('unknown-way');
  });
});

describe('the error when no way works', () => {
  const lacks = {
    external: ['KAFKA_BROKERS and DATABASE_URL are not set'],
    docker: ['no Docker engine answers'],
    native: ['no Java', 'no Maven'],
  };

  test('the error names all three ways and everything that each lacks', () => {
    const { message, code } = closed(lacks, undefined, '/data');
    expect(code).toBe('impossible');
    for (const text of ['external', 'docker', 'native', ...Object.values(lacks).flat()])
      expect(message).toContain(text);
  });

  test('the error names the folder of the existing data when only the way that created it was tried', () => {
    const { message, code } = closed({ docker: lacks.docker }, 'docker', '/data');
    expect(code).toBe('kept-elsewhere');
    expect(message).toContain("'docker' created /data");
  });
});

describe('external servers', () => {
  test('external servers are used when both addresses are set', async () => {
    const opened = openExternal({ KAFKA_BROKERS: 'a:1,b:2', DATABASE_URL: 'postgres://x' });
    expect('start' in opened && (await opened.start())).toMatchObject({
      kafkaBrokers: 'a:1,b:2',
      databaseUrl: 'postgres://x',
    });
  });

  test('one external address without the other is an error', () => {
    expect(codeOf(() => openExternal({ KAFKA_BROKERS: 'a:1' }))).toBe('half-external');
    expect(codeOf(() => openExternal({ DATABASE_URL: 'postgres://x' }))).toBe('half-external');
  });
});

test.each([
  ['unix:///run/docker.sock', { socketPath: '/run/docker.sock' }, true],
  ['unix:///nonexistent', { socketPath: '/run/docker.sock' }, false],
  ['tcp://10.0.0.7:2375', { host: '10.0.0.7' }, true],
  ['tcp://10.0.0.7:2375', { socketPath: '/run/docker.sock' }, false],
  ['npipe:////./pipe/docker_engine', { socketPath: '//./pipe/docker_engine' }, true],
])(
  'DOCKER_HOST=%s, client connected to %j: is this the engine that DOCKER_HOST names? %j',
  (dockerHost, address, named) => expect(isNamed(address, dockerHost)).toBe(named),
);

test("the major version is read from Java's old and new version texts", () => {
  expect(majorOf('openjdk version "17.0.15" 2025-04-15')).toBe(17);
  expect(majorOf('java version "1.8.0_402"')).toBe(8);
  expect(majorOf('openjdk version "26" 2026-03-17')).toBe(26);
  expect(majorOf('no such file')).toBeUndefined();
});

test('a broker setting becomes an environment variable of the container image', () => {
  expect(asEnvironment({ 'a.b-c_d': '1' })).toEqual({ KAFKA_A_B__C___D: '1' });
});

describe('a container that a process left behind', () => {
  const dir = mkdtempSync(join(tmpdir(), 'dateline-unit-'));
  afterAll(() => rmSync(dir, { recursive: true }));
  const ours = { 'dateline.host': 'here', 'dateline.user': '1000' };
  const of = (labels: Record<string, string>) => isOrphan({ ...ours, 'dateline.dir': dir, ...labels }, '/mine', ours);

  test('a container is an orphan if its owner is dead, or if it is of the folder that is ours now', () => {
    expect(of({})).toBe(true);
    expect(of({ 'dateline.dir': '/mine', 'dateline.user': '1001' })).toBe(true);
    writeIdentity(join(dir, 'owner.json'), process.pid);
    expect(of({})).toBe(false);
    rmSync(join(dir, 'owner.json'));
  });

  test('a container of another user, of another host or of another program is no orphan', () => {
    expect(of({ 'dateline.user': '1001' })).toBe(false);
    expect(of({ 'dateline.host': 'there' })).toBe(false);
    expect(isOrphan({ 'dateline.host': 'here', 'dateline.dir': dir }, '/mine', ours)).toBe(false);
    expect(isOrphan({}, '/mine', ours)).toBe(false);
  });
});

describe('a pid file', () => {
  const dir = mkdtempSync(join(tmpdir(), 'dateline-unit-'));
  afterAll(() => rmSync(dir, { recursive: true }));

  test('a pid file identifies its process while the process lives', () => {
    writeIdentity(join(dir, 'pid'), process.pid);
    expect(livingFrom(join(dir, 'pid'))).toEqual(identify(process.pid));
  });

  test('a pid file identifies no process if the pid was reused or the file is malformed or missing', () => {
    writeFileSync(join(dir, 'reused'), JSON.stringify({ pid: process.pid, started: 'another day' }));
    writeFileSync(join(dir, 'garbage'), '{');
    for (const file of ['reused', 'garbage', 'missing']) expect(livingFrom(join(dir, file))).toBeUndefined();
  });
});
