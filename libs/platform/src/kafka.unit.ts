import { afterAll, describe, expect, test } from '@jest/globals';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ConfigError, readSettings } from './settings.js';
import { kafkaSettings, logOf } from './kafka.js';

const dir = mkdtempSync(join(tmpdir(), 'dateline-unit-'));
afterAll(() => rmSync(dir, { recursive: true }));

const file = (name: string, text: string) => {
  writeFileSync(join(dir, name), text);
  return join(dir, name);
};
const log = (env: Record<string, string>) => logOf(readSettings(kafkaSettings, { KAFKA_BROKERS: 'a:1', ...env }));

describe('the settings of the connection to Kafka', () => {
  test('the connection has neither TLS nor SASL by default', () =>
    expect(log({})).toEqual({ brokers: ['a:1'], topic: 'dateline' }));

  test('SASL uses the given name and password, and SCRAM-SHA-512 if no mechanism is given', () =>
    expect(
      log({ KAFKA_SECURITY_PROTOCOL: 'SASL_PLAINTEXT', KAFKA_SASL_USERNAME: 'u', KAFKA_SASL_PASSWORD: 'p' }),
    ).toMatchObject({ sasl: { mechanism: 'SCRAM-SHA-512', username: 'u', password: 'p' } }));

  test('certificates and the password are read from the files that the settings name', () =>
    expect(
      log({
        KAFKA_SECURITY_PROTOCOL: 'SASL_SSL',
        KAFKA_SASL_USERNAME: 'u',
        KAFKA_SASL_PASSWORD_FILE: file('password', 'from the file\n'),
        KAFKA_SSL_CA_FILE: file('ca.pem', 'CA'),
      }),
    ).toMatchObject({ tls: { ca: 'CA' }, sasl: { password: 'from the file' } }));

  test.each([
    [{ KAFKA_SECURITY_PROTOCOL: 'SASL_SSL' }, 'KAFKA_SASL_USERNAME'],
    [{ KAFKA_SECURITY_PROTOCOL: 'TLS' }, 'KAFKA_SECURITY_PROTOCOL is wrong'],
    [{ KAFKA_SECURITY_PROTOCOL: 'SSL', KAFKA_SSL_CA_FILE: '/nowhere' }, 'KAFKA_SSL_CA_FILE names a file that cannot'],
    [{ KAFKA_SECURITY_PROTOCOL: 'SSL', KAFKA_SSL_KEY_FILE: file('key', 'K') }, 'belong together'],
    [{ KAFKA_SASL_PASSWORD: 'a', KAFKA_SASL_PASSWORD_FILE: file('other', 'b') }, 'not both'],
    [{ KAFKA_SASL_PASSWORD_FILE: '/nowhere' }, 'KAFKA_SASL_PASSWORD_FILE names a file that cannot be read'],
  ])('the settings %j are refused, and the error names the wrong one', (env, named) => {
    expect(() => log(env)).toThrow(ConfigError);
    expect(() => log(env)).toThrow(named);
  });
});
