import { describe, expect, test } from '@jest/globals';
import { keySettings } from '#keys';
import { tokenSettings } from './auth/settings.js';
import { serving } from './edge/settings.js';
import { kafkaSettings } from './kafka.js';
import { ConfigError, readSettings } from './settings.js';

const schemas = { ...serving, ...kafkaSettings, ...keySettings, ...tokenSettings };
const picked = <Name extends keyof typeof schemas>(names: readonly Name[]) =>
  Object.fromEntries(names.map(name => [name, schemas[name]]));

const broken = (names: (keyof typeof schemas)[], env: Record<string, string>): string[] => {
  try {
    readSettings(picked(names), env);
  } catch (error) {
    if (error instanceof ConfigError)
      return error.message
        .split('\n')
        .slice(1)
        .map(line => line.trim());
    throw error;
  }
  return [];
};

describe('settings', () => {
  test('settings are read, and those with a default may be left out', () =>
    expect(
      readSettings(picked(['KAFKA_BROKERS', 'PORT', 'HOST', 'KEEP_ALIVE_MS', 'JWKS_URL']), {
        KAFKA_BROKERS: 'a:1,b.example:92',
        PORT: '0',
        JWKS_URL: '',
      }),
    ).toEqual({ KAFKA_BROKERS: ['a:1', 'b.example:92'], PORT: 0, HOST: '127.0.0.1', KEEP_ALIVE_MS: 75_000 }));

  test('all missing and wrong settings are named in one error, each with what is allowed', () => {
    const lines = broken(['KAFKA_BROKERS', 'DATABASE_URL', 'PORT', 'LOG_LEVEL', 'HOST', 'KEEP_ALIVE_MS'], {
      KAFKA_BROKERS: 'localhost',
      DATABASE_URL: 'mysql://x',
      LOG_LEVEL: 'loud',
      KEEP_ALIVE_MS: '0',
      HOST: '127.0.0.1',
    });
    expect(lines).toEqual([
      'KAFKA_BROKERS is wrong: must be host:port, several joined by commas.',
      'DATABASE_URL is wrong: must be a postgres:// URL.',
      'PORT is not set.',
      expect.stringMatching(/^LOG_LEVEL is wrong: .*"fatal".*"silent"/),
      expect.stringMatching(/^KEEP_ALIVE_MS is wrong: .*>=1/),
    ]);
  });

  test.each(['', '-1', '65536', '80.5', '8o'])('PORT=%j is refused', port =>
    expect(broken(['PORT'], { PORT: port })).toHaveLength(1),
  );

  test.each([
    'http://sign-in.example/keys',
    'data:application/json,{"keys":[]}',
    'file:///keys',
    'http://127.0.0.1.example/',
    'ftp://a/',
  ])('JWKS_URL=%s is refused', url => expect(broken(['JWKS_URL'], { JWKS_URL: url })).toHaveLength(1));

  test.each(['https://sign-in.example/keys', 'http://127.0.0.1:8080/', 'http://localhost/', 'http://[::1]:1/'])(
    'JWKS_URL=%s is accepted',
    url => expect(readSettings(picked(['JWKS_URL']), { JWKS_URL: url })).toEqual({ JWKS_URL: url }),
  );

  test('settings that the app does not read are not checked', () =>
    expect(readSettings(picked(['HOST']), { PORT: 'x', HOST: '::1' })).toEqual({ HOST: '::1' }));

  test('an error about a setting does not show a password', () => {
    const [line] = broken(['DATABASE_URL'], { DATABASE_URL: 'mysql://user:secret@host/db' });
    expect(line).not.toMatch(/secret/);
  });
});
