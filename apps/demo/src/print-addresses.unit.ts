import { expect, test } from '@jest/globals';
import { execFileSync } from 'node:child_process';
import pc from 'picocolors';
import { addressLines } from './print-addresses.js';

const lines = addressLines(
  {
    editor: 'http://127.0.0.1:4999',
    reader: 'http://127.0.0.1:4998',
    story: 'a-story',
    token: 'ey.the-token',
    lawyer: 'ey.the-lawyers-token',
    kafkaBrokers: '127.0.0.1:4092',
    databaseUrl: 'postgres://me:my&word@127.0.0.1:4432/dateline',
    topic: 'a-log',
    logs: 'logs',
    data: 'data',
  },
  { width: 80, colours: pc.createColors(false) },
);

test('what is to be pasted opens a story at the editors’ address, with the token, and says to audits which newsroom', () => {
  const pasted = lines.filter(line => /^(EDITORS=|export |curl )/.test(line)).join('\n');
  const script = `curl() { printf '%s\\n' "$@"; }\n${pasted}\nprintf '%s\\n' "$READERS"; env`;
  const words = execFileSync('sh', ['-c', script], { encoding: 'utf8' }).split('\n');
  expect(words).toContain('http://127.0.0.1:4999/stories');
  expect(words).toContain('Authorization: Bearer ey.the-token');
  expect(JSON.parse(words.find(word => word.startsWith('{'))!)).toMatchObject({ id: 'my-first-story' });
  expect(words).toContain('http://127.0.0.1:4998');
  expect(words).toContain('DATABASE_URL=postgres://me:my&word@127.0.0.1:4432/dateline');
  expect(words).toContain('KAFKA_BROKERS=127.0.0.1:4092');
  expect(words).toContain('LOG_TOPIC=a-log');
});

test('every address is there', () => {
  const printed = lines.join('\n');
  for (const path of [
    '4998/s/a-story',
    '4998/s/a-story/history',
    '4998/stories/a-story/timeline',
    '4998/stories/a-story/live',
    '4998/docs',
    '4999/docs',
  ])
    expect(printed).toContain(`http://127.0.0.1:${path}`);
});

test('the desk’s address signs in by its fragment, which no server sees', () =>
  expect(lines.join('\n')).toContain('http://127.0.0.1:4999/desk/a-story#token=ey.the-token'));
