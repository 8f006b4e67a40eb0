import { afterAll, expect, test } from '@jest/globals';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pc from 'picocolors';
import { addressLines } from './show.js';
import { writeSignIn } from './sign-in.js';

const folder = mkdtempSync(join(tmpdir(), 'sign-in-'));
afterAll(() => rmSync(folder, { recursive: true }));

const addresses = {
  editor: 'http://127.0.0.1:4999',
  reader: 'http://127.0.0.1:4998',
  story: 'a-story',
  token: 'ey.the-token',
  lawyer: 'ey.the-lawyers-token',
  kafkaBrokers: '127.0.0.1:4092',
  databaseUrl: "postgres://me:my&'word@127.0.0.1:4432/dateline",
  topic: 'a-log',
  blobStore: 'file:///a/folder',
  logs: 'logs',
  data: 'data',
};
// A file of an earlier run that others could read.
writeFileSync(join(folder, 'env'), 'TOKEN=old', { mode: 0o644 });
const signIn = writeSignIn(addresses, folder, {});
/** The environment of a shell that has sourced the file. */
const sourced = ({ env }: { env: string }): Record<string, string> =>
  Object.fromEntries(
    execFileSync('sh', ['-c', `. ${env}; env`], { encoding: 'utf8', env: {} })
      .split('\n')
      .map(line => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]),
  );
const printed = addressLines(addresses, signIn, { width: 80, colours: pc.createColors(false) }).join('\n');

test('a shell that sources the env file gets every address, both tokens and the settings for audit', () => {
  expect(sourced(signIn)).toMatchObject({
    EDITORS: 'http://127.0.0.1:4999',
    READERS: 'http://127.0.0.1:4998',
    TOKEN: 'ey.the-token',
    LAWYER: 'ey.the-lawyers-token',
    DESK: 'http://127.0.0.1:4999/desk/a-story#token=ey.the-token',
    LAWYERS_DESK: 'http://127.0.0.1:4999/desk/a-story#token=ey.the-lawyers-token',
    DATABASE_URL: "postgres://me:my&'word@127.0.0.1:4432/dateline",
    KAFKA_BROKERS: '127.0.0.1:4092',
    LOG_TOPIC: 'a-log',
    BLOB_STORE: 'file:///a/folder',
  });
});

/** The environment of a program that `npm start` or `npm test` runs in such a shell. */
function inherited(env: Record<string, string>): Record<string, string> {
  const code =
    "import { withoutStarted } from './libs/dev-servers/bin/started.mjs'; console.log(JSON.stringify(withoutStarted(process.env)))";
  return JSON.parse(execFileSync(process.execPath, ['--input-type=module', '-e', code], { encoding: 'utf8', env }));
}

test('npm start and npm test in that shell use no server of the running newsroom', () => {
  const env = inherited(sourced(signIn));
  for (const name of ['KAFKA_BROKERS', 'DATABASE_URL', 'LOG_TOPIC', 'BLOB_STORE']) expect(env).not.toHaveProperty(name);
  expect(env).toMatchObject({ EDITORS: 'http://127.0.0.1:4999', TOKEN: 'ey.the-token' });
});

test('they use servers that the person names: before npm start, or after the file was sourced', () => {
  const own = { KAFKA_BROKERS: addresses.kafkaBrokers, DATABASE_URL: addresses.databaseUrl };
  expect(inherited(sourced(writeSignIn(addresses, join(folder, 'own'), own)))).toMatchObject(own);
  const others = { KAFKA_BROKERS: 'kafka:9092', DATABASE_URL: 'postgres://db' };
  expect(inherited({ ...sourced(signIn), ...others })).toMatchObject(others);
});

test('only their owner may read the files, even if a file existed before', () => {
  for (const file of Object.values(signIn)) expect(statSync(file).mode & 0o777).toBe(0o600);
});

test('the desk’s page carries the token in the fragment, which browsers do not send to a server', () => {
  expect(readFileSync(signIn.desk, 'utf8')).toContain('url=http://127.0.0.1:4999/desk/a-story#token=ey.the-token"');
  expect(readFileSync(signIn.lawyersDesk, 'utf8')).toContain('#token=ey.the-lawyers-token"');
});

test('no token is printed', () => expect(printed).not.toMatch(/ey\./));

test('every address is printed', () => {
  for (const path of [
    '4999/desk',
    '4998/s/a-story',
    '4998/s/a-story/history',
    '4998/stories/a-story/timeline',
    '4998/stories/a-story/live',
    '4998/docs',
    '4999/docs',
  ])
    expect(printed).toContain(`http://127.0.0.1:${path}`);
  for (const file of Object.values(signIn)) expect(printed).toContain(file);
});
