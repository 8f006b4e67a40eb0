import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { execFile } from 'node:child_process';
import { chmodSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { publicKeys } from './dev-key.js';

let folder: string;
beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), 'dev-key-'))));
afterEach(() => rmSync(folder, { recursive: true }));

describe('the development key', () => {
  test('the key is created once, in a file that only its owner may read', () => {
    const file = join(folder, 'made', 'here', 'key.json');
    const [key] = publicKeys(file);
    expect(key).toMatchObject({ kty: 'OKP', crv: 'Ed25519', kid: 'dev', alg: 'EdDSA' });
    expect(publicKeys(file)).toEqual([key]);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(readdirSync(join(folder, 'made', 'here'))).toEqual(['key.json']);
  });

  test('publicKeys gives the public half only', () =>
    expect(publicKeys(join(folder, 'key.json'))[0]).not.toHaveProperty('d'));

  test('processes that start at the same time get the same key', async () => {
    const file = join(folder, 'key.json');
    const script = `import(${JSON.stringify(new URL('dev-key.js', import.meta.url))}).then(m => console.log(m.publicKeys(process.argv[1])[0].x))`;
    const run = () => promisify(execFile)(process.execPath, ['-e', script, file]);
    const said = await Promise.all(Array.from({ length: 6 }, run));
    expect(new Set(said.map(({ stdout }) => stdout)).size).toBe(1);
    expect(said[0]!.stdout.trim()).toBe(publicKeys(file)[0]!.x);
    expect(readdirSync(folder)).toEqual(['key.json']);
  });

  test.each([0o640, 0o604, 0o444])('a key file that other users may read (%o) is refused', mode => {
    const file = join(folder, 'key.json');
    publicKeys(file);
    chmodSync(file, mode);
    expect(() => publicKeys(file)).toThrow(/chmod 600/);
  });

  test('a damaged key file is an error and is not replaced', () => {
    const file = join(folder, 'key.json');
    writeFileSync(file, '{', { mode: 0o600 });
    expect(() => publicKeys(file)).toThrow();
    expect(statSync(file).size).toBe(1);
  });
});
