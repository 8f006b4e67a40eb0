import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { Logger, type ExecutionContext } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { base64url, exportJWK, generateKeyPair, SignJWT, UnsecuredJWT, type CryptoKey, type JWTPayload } from 'jose';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Allow, AuthGuard, TokenVerifier, type Authenticated, type Role } from './auth.js';
import { devToken } from './dev-key.js';
import { Problem } from './problem.js';

const named = { JWT_ISSUER: 'https://sign-in.test', JWT_AUDIENCE: 'dateline' };
let keys: { privateKey: CryptoKey; publicKey: CryptoKey };
let others: typeof keys;
let server: Server;
let url: string;
let answer: () => [number, string];
let folder: string;

beforeAll(async () => {
  [keys, others] = await Promise.all([generateKeyPair('ES256'), generateKeyPair('ES256')]);
  const jwks = JSON.stringify({ keys: [{ ...(await exportJWK(keys.publicKey)), kid: 'k1', alg: 'ES256' }] });
  answer = () => [200, jwks];
  server = createServer((_, response) => {
    const [status, body] = answer();
    response.writeHead(status, { 'Content-Type': 'application/json' }).end(body);
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/jwks`;
  folder = mkdtempSync(join(tmpdir(), 'auth-'));
});
afterAll(() => {
  server.close();
  rmSync(folder, { recursive: true });
});

const remote = (at = url) => new TokenVerifier({ ...named, JWKS_URL: at, DEV_KEY_FILE: '' });
const soon = () => Math.floor(Date.now() / 1000) + 60;
const signed = (claims: Record<string, unknown>, key = keys.privateKey, kid = 'k1') =>
  new SignJWT({ iss: named.JWT_ISSUER, aud: named.JWT_AUDIENCE, sub: 'ada', exp: soon(), ...claims } as JWTPayload)
    .setProtectedHeader({ alg: 'ES256', kid })
    .sign(key);
const problemOf = (failing: Promise<unknown>): Promise<Problem> =>
  failing.then(
    () => Promise.reject(new Error('It was accepted.')),
    error => (error instanceof Problem ? error : Promise.reject(error)),
  );

describe('a token', () => {
  test('of the newsroom’s sign-in says who sent it', async () =>
    expect(await remote().verify(await signed({ name: 'Ada', roles: ['editor', 'poet'] }))).toEqual({
      id: 'ada',
      name: 'Ada',
      roles: ['editor', 'poet'],
    }));

  test('needs neither a name nor roles', async () => {
    expect(await remote().verify(await signed({}))).toEqual({ id: 'ada', roles: [] });
    expect(await remote().verify(await signed({ name: '' }))).toEqual({ id: 'ada', roles: [] });
  });

  const bad: [string, () => Promise<string> | string][] = [
    ['is of another issuer', () => signed({ iss: 'https://other.test' })],
    ['is for another audience', () => signed({ aud: 'other' })],
    ['is not valid yet', () => signed({ nbf: soon() })],
    ['never expires', () => signed({ exp: undefined })],
    ['is nobody’s', () => signed({ sub: undefined })],
    ['is an empty somebody’s', () => signed({ sub: '' })],
    ['is of somebody whom no log can name', () => signed({ sub: 'a\0b' })],
    ['gives a name that no log can hold', () => signed({ name: 'Ada\ud800' })],
    ['has roles that are none', () => signed({ roles: 'editor' })],
    ['is signed by another key', () => signed({}, others.privateKey)],
    ['is signed by a key that is not known', () => signed({}, others.privateKey, 'k2')],
    [
      'is not signed',
      () => new UnsecuredJWT({ sub: 'ada', exp: soon(), iss: named.JWT_ISSUER, aud: named.JWT_AUDIENCE }).encode(),
    ],
    ['was altered', async () => (await signed({})).replace(/\.[^.]+\./, `.${base64url.encode('{"sub":"eve"}')}.`)],
    [
      'is signed with the public key as a secret',
      async () => {
        const secret = new TextEncoder().encode(JSON.stringify(await exportJWK(keys.publicKey)));
        return new SignJWT({ sub: 'ada', exp: soon(), iss: named.JWT_ISSUER, aud: named.JWT_AUDIENCE })
          .setProtectedHeader({ alg: 'HS256', kid: 'k1' })
          .sign(secret);
      },
    ],
    ['is no token', () => 'abc'],
    ['is nothing', () => ''],
  ];
  test.each(bad)('that %s is a 401', async (_, token) => {
    const { details } = await problemOf(remote().verify(await token()));
    expect(details).toMatchObject({
      status: 401,
      code: 'wrong-token',
      detail: expect.stringMatching(/not one that this newsroom/),
    });
  });

  test('that has expired is a 401 that says so', async () => {
    const { details } = await problemOf(remote().verify(await signed({ exp: soon() - 120 })));
    expect(details).toMatchObject({ status: 401, detail: expect.stringMatching(/has expired/) });
  });

  test('is no worse for a sign-in that does not answer: that is a 503', async () => {
    const token = await signed({});
    const quiet = jest.spyOn(Logger.prototype, 'warn').mockImplementation(() => undefined);
    const before = answer;
    for (const broken of [() => [500, ''], () => [200, 'not JSON'], () => [200, '{}']] as (typeof answer)[]) {
      answer = broken;
      expect((await problemOf(remote().verify(token))).details).toMatchObject({
        status: 503,
        code: 'sign-in-unavailable',
      });
    }
    answer = before;
    const nobody = await problemOf(remote('http://127.0.0.1:9/jwks').verify(token));
    expect(nobody.details.status).toBe(503);
    expect(quiet).toHaveBeenCalledTimes(4);
    quiet.mockRestore();
  });

  test('of the local key is good with the local key only', async () => {
    const local = { ...named, DEV_KEY_FILE: join(folder, 'key.json'), JWKS_URL: undefined };
    const token = await devToken(local, { id: 'dev', name: 'Dev', roles: ['editor'] });
    expect(await new TokenVerifier(local).verify(token)).toEqual({ id: 'dev', name: 'Dev', roles: ['editor'] });
    expect(
      (await problemOf(new TokenVerifier({ ...local, DEV_KEY_FILE: join(folder, 'other.json') }).verify(token))).details
        .status,
    ).toBe(401);
    expect((await problemOf(remote().verify(token))).details.status).toBe(401);
  });
});

describe('the guard', () => {
  async function asked(authorization: string | undefined, allowed?: Role[]) {
    const request = { headers: { authorization } } as Authenticated;
    const handler = () => undefined;
    if (allowed) Allow(allowed)(handler);
    const context = {
      switchToHttp: () => ({ getRequest: () => request }),
      getHandler: () => handler,
      getClass: () => Object,
    } as unknown as ExecutionContext;
    await new AuthGuard(new Reflector(), remote()).canActivate(context);
    return request.principal;
  }

  test('lets in who has one of the roles, and says who it is', async () => {
    const token = await signed({ roles: ['auditor', 'reporter'] });
    expect(await asked(`Bearer ${token}`, ['reporter', 'editor'])).toMatchObject({ id: 'ada' });
    expect(await asked(`bearer ${token}`, ['auditor'])).toMatchObject({ id: 'ada' });
  });

  test('is a 403 that names the roles for anybody else', async () => {
    const token = `Bearer ${await signed({ roles: ['reporter'] })}`;
    const { details } = await problemOf(asked(token, ['editor', 'auditor']));
    expect(details).toMatchObject({ status: 403, code: 'wrong-role', allowed: ['editor', 'auditor'] });
  });

  test('opens a route that names no roles to nobody', async () =>
    expect((await problemOf(asked(`Bearer ${await signed({ roles: ['editor'] })}`))).details.status).toBe(403));

  test.each([undefined, '', 'Bearer', 'Bearer ', 'Basic YTpi', 'Bearer a b', 'token'])(
    'asks for a token when given %j',
    async header =>
      expect((await problemOf(asked(header, ['editor']))).details).toMatchObject({ status: 401, code: 'no-token' }),
  );
});
