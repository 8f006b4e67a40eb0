import { readSettings, tokenSettings, TokenVerifier } from '#platform';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { devSignIn } from './dev-sign-in.js';
import { schemas } from './settings.js';

let folder: string;
beforeAll(() => void (folder = mkdtempSync(join(tmpdir(), 'dev-sign-in-'))));
afterAll(() => rmSync(folder, { recursive: true }));

const settingsWith = (env: Record<string, string>) =>
  readSettings({ ...tokenSettings, NODE_ENV: schemas.NODE_ENV }, { DEV_KEY_FILE: join(folder, 'key.json'), ...env });

test('the printed development tokens are valid', async () => {
  const settings = settingsWith({ AUTH: 'dev' });
  const lines = await devSignIn(settings, 'http://127.0.0.1:1');
  const token = /#token=(\S+)$/.exec(lines[0]!)![1]!;
  expect(await new TokenVerifier(settings).verify(token)).toMatchObject({ id: 'dev-editor', roles: ['editor'] });
  expect(lines).toHaveLength(3);
});

test('no token is printed in production, or if tokens of a sign-in service are accepted', async () => {
  expect(await devSignIn(settingsWith({ AUTH: 'dev', NODE_ENV: 'production' }), 'http://127.0.0.1:1')).toEqual([]);
  expect(await devSignIn(settingsWith({ JWKS_URL: 'https://a.test/' }), 'http://127.0.0.1:1')).toEqual([]);
});
