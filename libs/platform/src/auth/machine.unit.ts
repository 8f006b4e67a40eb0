import { beforeAll, describe, expect, jest, test } from '@jest/globals';
import { Logger, type ExecutionContext } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Problem } from '../problem.js';
import { readSettings } from '../settings.js';
import { Allow, AuthGuard, ForMachines, type Authenticated } from './guard.js';
import { tokenSettings } from './settings.js';
import { TokenVerifier } from './token.js';

const folder = mkdtempSync(join(tmpdir(), 'machine-'));
const settings = readSettings(tokenSettings, { AUTH: 'dev', DEV_KEY_FILE: join(folder, 'key.json') });
const machine = { story: 'flood', acts: ['pin-development'], maker: 'ada' };
const program = { id: 'machine:1', roles: ['editor'], ends: Infinity, machine };
const verifier = new TokenVerifier(settings, [{ of: () => Promise.resolve({ principal: program, issued: 0 }) }]);

/** Resolves to the code of the refusal, or to `let in`. */
async function asks(act: string | undefined, params: Record<string, string>, allowed = ['editor']): Promise<string> {
  const handler = () => undefined;
  Reflect.defineMetadata(Allow.KEY, allowed, handler);
  if (act !== undefined) Reflect.defineMetadata(ForMachines.KEY, act, handler);
  const request = { headers: {}, method: 'POST', params, ip: '127.0.0.1' } as unknown as Authenticated;
  const http = { getRequest: () => request, getResponse: () => ({ setHeader: () => undefined }) };
  const context = { switchToHttp: () => http, getHandler: () => handler, getClass: () => class {} };
  return new AuthGuard(new Reflector(), verifier).canActivate(context as unknown as ExecutionContext).then(
    () => 'let in',
    error => (error instanceof Problem ? error.details.code : Promise.reject(error)),
  );
}

test('the rights of an admitted request are looked up again, not remembered', async () => {
  let roles = ['editor'];
  const of = async () => ({ principal: { ...program, roles }, issued: 0 });
  const changing = new TokenVerifier(settings, [{ of }]);
  const request = { headers: {}, method: 'GET' };
  await changing.ofRequest(request);
  roles = ['reporter'];
  expect(await changing.current(request)).toMatchObject({ roles });
});

test('a program goes on while the database of its token is away, until its maker is revoked', async () => {
  const REVOKED_FILE = join(folder, 'revoked.json');
  writeFileSync(REVOKED_FILE, '{}');
  let isAway = false;
  const of = async () => (isAway ? Promise.reject(new Error('away')) : { principal: program, issued: 0 });
  const losing = new TokenVerifier({ ...settings, REVOKED_FILE }, [{ of }]);
  const request = { headers: { authorization: 'Bearer x' }, method: 'GET' };
  await losing.ofRequest(request);
  isAway = true;
  expect(await losing.current(request)).toBe(program);
  writeFileSync(REVOKED_FILE, '{"ada":null}');
  const late = jest.spyOn(performance, 'now').mockReturnValue(performance.now() + 1_010);
  const log = jest.spyOn(Logger.prototype, 'log').mockImplementation(() => undefined);
  expect(await losing.current(request)).toBeUndefined();
  for (const spy of [late, log]) spy.mockRestore();
});

describe('a program’s token', () => {
  beforeAll(() => void jest.spyOn(Logger.prototype, 'warn').mockImplementation(() => undefined));

  test.each<[string, string | undefined, Record<string, string>, string]>([
    ['its act in its story', 'pin-development', { story: 'flood' }, 'let in'],
    ['its act in another story', 'pin-development', { story: 'storm' }, 'wrong-story'],
    ['its act where the path names no story', 'pin-development', {}, 'wrong-story'],
    ['another act in its story', 'unpin-development', { story: 'flood' }, 'wrong-act'],
    ['a route that says nothing of programs', undefined, { story: 'flood' }, 'wrong-act'],
    ['a route for all programs', 'any', {}, 'let in'],
  ])('%s', async (_, act, params, answer) => expect(await asks(act, params)).toBe(answer));

  test('it gives no role that programs do not have', async () =>
    expect(await asks('any', {}, ['legal'])).toBe('wrong-role'));
});
