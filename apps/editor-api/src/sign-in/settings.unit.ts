import { ConfigError, readSettings, tokenSettings } from '#platform';
import { describe, expect, test } from '@jest/globals';
import { signInOf } from './index.js';
import { signInSettings } from './settings.js';

const read = (env: Record<string, string>) => readSettings(signInSettings, env);
const start = (env: Record<string, string>) =>
  signInOf({
    ...readSettings({ ...tokenSettings, ...signInSettings }, env),
    DATABASE_URL: 'postgres://127.0.0.1/none',
  });

describe('the settings of the sign-in', () => {
  test('addresses are https, or http on this machine', () => {
    for (const name of ['OIDC_ISSUER', 'EDITOR_URL']) {
      expect(() => read({ [name]: 'http://sign-in.example' })).toThrow(/https/);
      expect(() => read({ [name]: 'https://sign-in.example' })).not.toThrow();
      expect(() => read({ [name]: 'http://127.0.0.1:1' })).not.toThrow();
    }
    expect(read({ EDITOR_URL: 'https://desk.example/' }).EDITOR_URL).toBe('https://desk.example');
  });

  test('signed tokens come from the issuer of the sign-in, since the subject alone says who somebody is', () => {
    const env = { OIDC_ISSUER: 'https://one.example', EDITOR_URL: 'https://desk.example' };
    const more = { OIDC_CLIENT_ID: 'desk', OIDC_CLIENT_SECRET: 'secret', JWKS_URL: 'https://one.example/keys' };
    expect(() => start({ ...env, ...more, JWT_ISSUER: 'https://two.example' })).toThrow(/the same issuer/);
    expect(() => start({ ...env, ...more, JWT_ISSUER: 'https://one.example/' })).not.toThrow(/the same issuer/);
  });

  test('the mapping of roles is a JSON object to roles of ours', () => {
    expect(read({ OIDC_ROLES: '{"a":"editor"}' }).OIDC_ROLES).toEqual({ a: 'editor' });
    for (const wrong of ['editor', '{"a":"boss"}', '["editor"]'])
      expect(() => read({ OIDC_ROLES: wrong })).toThrow(ConfigError);
  });

  test('the scopes contain openid, and the issuer’s word holds for less than a minute', () => {
    expect(() => read({ OIDC_SCOPES: 'profile' })).toThrow(/openid/);
    expect(() => read({ SESSION_CHECK_S: '51' })).toThrow(ConfigError);
    expect(read({ SESSION_CHECK_S: '50' }).SESSION_CHECK_S).toBe(50);
  });

  test('an issuer needs EDITOR_URL, and excludes the development key', async () => {
    expect(start({})).toBeUndefined();
    expect(() => start({ OIDC_ISSUER: 'https://sign-in.example' })).toThrow(/EDITOR_URL/);
    const both = { OIDC_ISSUER: 'https://sign-in.example', EDITOR_URL: 'https://desk.example' };
    expect(() => start({ ...both, AUTH: 'dev' })).toThrow(/exclude each other/);
    await start(both)!.close();
  });
});
