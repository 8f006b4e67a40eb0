import 'reflect-metadata';
import { afterEach, expect, jest, test } from '@jest/globals';
import { VerifyCommand } from './verify.command.js';

const { isTTY } = process.stderr;
afterEach(() => {
  jest.restoreAllMocks();
  process.stderr.isTTY = isTTY;
  process.exitCode = undefined;
});

test('the terminal gets its cursor back if the heads cannot be read', async () => {
  let shown = '';
  jest.spyOn(process.stderr, 'write').mockImplementation(text => Boolean((shown += text)));
  process.stderr.isTTY = true;
  // Neither is asked before the heads are read.
  const settings = { KAFKA_BROKERS: '127.0.0.1:1', DATABASE_URL: 'postgres://nobody@127.0.0.1:1/none' };
  jest.replaceProperty(process, 'env', { ...process.env, ...settings });
  await new VerifyCommand().run([], { heads: '/none/heads.jws' });
  expect(process.exitCode).toBe(2);
  expect(shown).toContain('/none/heads.jws does not exist.');
  expect(shown.lastIndexOf('\u001b[?25h')).toBeGreaterThan(shown.lastIndexOf('\u001b[?25l'));
});
