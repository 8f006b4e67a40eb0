import { ConfigError } from '#platform';
import { expect, test } from '@jest/globals';
import { readerSettings } from './settings.js';

const env = { DATABASE_URL: 'postgres://x', PORT: '0' };

test('a reader-api that listens beyond this machine requires PUBLIC_URL', () => {
  for (const HOST of ['0.0.0.0', '::', '10.0.0.1']) {
    expect(() => readerSettings({ ...env, HOST })).toThrow(ConfigError);
    expect(() => readerSettings({ ...env, HOST })).toThrow(/PUBLIC_URL is not set[^]*https:/);
    expect(readerSettings({ ...env, HOST, PUBLIC_URL: 'https://a.example/' }).PUBLIC_URL).toBe('https://a.example');
  }
  for (const HOST of ['127.0.0.1', '::1', 'localhost']) expect(readerSettings({ ...env, HOST }).HOST).toBe(HOST);
});

test('heartbeats come often enough for clients, which give up a stream that is silent for 45 s', () => {
  expect(readerSettings({ ...env, HEARTBEAT_MS: '30000' }).HEARTBEAT_MS).toBe(30_000);
  expect(() => readerSettings({ ...env, HEARTBEAT_MS: '45000' })).toThrow(ConfigError);
});
