import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { Logger, type ExecutionContext } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import {
  base64url,
  exportJWK,
  generateKeyPair,
  SignJWT,
  UnsecuredJWT,
  type CryptoKey,
  type JWTHeaderParameters,
  type JWTPayload,
} from 'jose';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ConfigError, readSettings } from '../settings.js';
import { tokenSettings } from './settings.js';
import { Problem } from '../problem.js';
import { devToken } from './dev-key.js';
import { Allow, AuthGuard, type Authenticated, type Role } from './guard.js';
import { Refused, TokenVerifier, trustedTokens } from './token.js';

const named = { JWT_ISSUER: 'https://sign-in.test', JWT_AUDIENCE: 'dateline' };
let keys: { privateKey: CryptoKey; publicKey: CryptoKey };
let others: typeof keys;
let server: Server;
let url: string;
let whole: () => [number, string];
let answer: typeof whole;
let folder: string;

beforeAll(async () => {
  [keys, others] = await Promise.all([generateKeyPair('ES256'), generateKeyPair('ES256')]);
  const jwks = JSON.stringify({ keys: [{ ...(await exportJWK(keys.publicKey)), kid: 'k1', alg: 'ES256' }] });
  whole = () => [200, jwks];
  answer = whole;
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

afterEach(() => void (answer = whole));

const settingsWith = (more: Record<string, string> = {}) =>
  readSettings(tokenSettings, { ...named, JWKS_URL: url, ...more });
const remote = (more?: Record<string, string>) => new TokenVerifier(settingsWith(more));
const now = () => Math.floor(Date.now() / 1000);
const soon = () => now() + 60;
type Head = { readonly kid?: string; readonly typ?: string | undefined };
const claims = (more: object) =>
  ({ iss: named.JWT_ISSUER, aud: named.JWT_AUDIENCE, sub: 'ada', iat: now(), exp: soon(), ...more }) as JWTPayload;
const signed = (more: Record<string, unknown>, key = keys.privateKey, head: Head = {}) =>
  new SignJWT(claims(more))
    .setProtectedHeader({ alg: 'ES256', kid: 'k1', typ: 'at+jwt', ...head } as JWTHeaderParameters)
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
      ends: expect.any(Number),
    }));

  test('needs neither a name nor roles', async () => {
    const plain = { id: 'ada', roles: [], ends: expect.any(Number) };
    expect(await remote().verify(await signed({}))).toEqual(plain);
    expect(await remote().verify(await signed({ name: '' }))).toEqual(plain);
  });

  const bad: [string, () => Promise<string> | string][] = [
    ['is of another issuer', () => signed({ iss: 'https://other.test' })],
    ['is for another audience', () => signed({ aud: 'other' })],
    ['is not valid yet', () => signed({ nbf: soon() })],
    ['never expires', () => signed({ exp: undefined })],
    ['is nobody’s', () => signed({ sub: undefined })],
    ['is an empty somebody’s', () => signed({ sub: '' })],
    ['is of somebody whom no log can name', () => signed({ sub: 'a\0b' })],
    ['is of the system itself', () => signed({ sub: 'dateline' })],
    ['is of the system in other letters', () => signed({ sub: 'Dateline' })],
    ['is of somebody with a space behind', () => signed({ sub: 'ada ' })],
    ['is of somebody with a tab behind', () => signed({ sub: 'ada\t' })],
    ['is of somebody with a joiner that is not seen', () => signed({ sub: 'a\u200dda' })],
    ['is of somebody who is written decomposed', () => signed({ sub: 'Ada\u0308' })],
    ['is of somebody in full width', () => signed({ sub: '\uff41da' })],
    ['does not say when it was issued', () => signed({ iat: undefined })],
    ['will be issued', () => signed({ iat: now() + 60 })],
    ['is a proof of possession', () => signed({}, undefined, { typ: 'dpop+jwt' })],
    ['is of no type', () => signed({}, undefined, { typ: undefined })],
    ['is of any type', () => signed({}, undefined, { typ: 'JWT' })],
    ['says who signed in to a client', () => signed({ nonce: 'n' })],
    ['is bound to a key that was not shown', () => signed({ cnf: { jkt: 'x' } })],
    ['gives a name that no log can hold', () => signed({ name: 'Ada\ud800' })],
    ['has roles that are none', () => signed({ roles: 'editor' })],
    ['is signed by another key', () => signed({}, others.privateKey)],
    ['is signed by a key that is not known', () => signed({}, others.privateKey, { kid: 'k2' })],
    ['is not signed', () => new UnsecuredJWT(claims({})).encode()],
    ['was altered', async () => (await signed({})).replace(/\.[^.]+\./, `.${base64url.encode('{"sub":"eve"}')}.`)],
    [
      'is signed with the public key as a secret',
      async () => {
        const secret = new TextEncoder().encode(JSON.stringify(await exportJWK(keys.publicKey)));
        return new SignJWT(claims({})).setProtectedHeader({ alg: 'HS256', kid: 'k1', typ: 'at+jwt' }).sign(secret);
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
      detail: expect.stringMatching(/newsroom does not accept/),
    });
  });

  test('that has expired is a 401 that says so', async () => {
    for (const times of [{ exp: soon() - 120 }, { iat: now() - 43_201 }]) {
      const { details } = await problemOf(remote().verify(await signed(times)));
      expect(details).toMatchObject({ status: 401, detail: expect.stringMatching(/has expired/) });
    }
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
    const nobody = await problemOf(remote({ JWKS_URL: 'http://127.0.0.1:9/jwks' }).verify(token));
    expect(nobody.details.status).toBe(503);
    expect(quiet).toHaveBeenCalledTimes(4);
    quiet.mockRestore();
  });

  test('of the local key is good with the local key only', async () => {
    const local = readSettings(tokenSettings, { ...named, AUTH: 'dev', DEV_KEY_FILE: join(folder, 'key.json') });
    const token = await devToken(local, { id: 'dev', name: 'Dev', roles: ['editor'] });
    expect(await new TokenVerifier(local).verify(token)).toMatchObject({ id: 'dev', name: 'Dev', roles: ['editor'] });
    const other = new TokenVerifier({ ...local, DEV_KEY_FILE: join(folder, 'other.json') });
    expect((await problemOf(other.verify(token))).details.status).toBe(401);
    expect((await problemOf(remote().verify(token))).details.status).toBe(401);
  });

  test('ends when it says, and no later than any token may', async () => {
    const { ends } = await remote().verify(await signed({}));
    expect(ends).toBeLessThanOrEqual(Date.now() + 60_000);
    const century = await remote().verify(await signed({ exp: now() + 3e9 }));
    expect(century.ends).toBeLessThanOrEqual(Date.now() + 43_200_000);
    const brief = await remote({ JWT_MAX_AGE_S: '60' }).verify(await signed({ iat: now() - 59, exp: now() + 3e9 }));
    expect(brief.ends).toBeLessThanOrEqual(Date.now() + 1_000);
  });

  test('says to the log why it was refused, in words of ours', async () => {
    const why = async (token: string) => ((await problemOf(remote().verify(token))) as Refused).why;
    expect(await why(await signed({ sub: 'Ada\u0308' }))).toBe('claim sub');
    expect(await why(await signed({ iss: 'evil\nline' }))).toBe('ERR_JWT_CLAIM_VALIDATION_FAILED iss');
    expect(await why(await signed({}, undefined, { typ: 'JWT' }))).toBe('type, which JWT_TYPE does not accept');
    expect(await why('a.b.c')).toBe('ERR_JWS_INVALID');
  });
});

describe('where the sign-in marks its access tokens as JWT alone', () => {
  const lax = () => remote({ JWT_TYPE: 'JWT' });

  test.each(['JWT', 'jwt', 'at+jwt', 'application/at+jwt', undefined])('a token of type %s is taken', async typ =>
    expect(await lax().verify(await signed({}, undefined, { typ }))).toMatchObject({ id: 'ada' }),
  );

  test.each<[string, object, Head]>([
    ['dpop+jwt', {}, { typ: 'dpop+jwt' }],
    ['logout+jwt', {}, { typ: 'logout+jwt' }],
    ['at_hash', { at_hash: 'x' }, { typ: 'JWT' }],
    ['nonce', { nonce: 'x' }, { typ: 'JWT' }],
    ['token_use', { token_use: 'id' }, { typ: 'JWT' }],
    ['a claim typ', { typ: 'ID' }, { typ: 'JWT' }],
    ['a claim typ', { typ: 'Refresh' }, { typ: 'JWT' }],
  ])('one that is for another use by its %s is not', async (_, more, head) =>
    expect((await problemOf(lax().verify(await signed({ ...more }, undefined, head)))).details.status).toBe(401),
  );
});

describe('whose tokens count', () => {
  test('has to be said: without keys nothing starts, and the local key counts where it is asked for', () => {
    const start = (env: Record<string, string>) => () => new TokenVerifier(readSettings(tokenSettings, env));
    expect(start({})).toThrow(ConfigError);
    expect(start({})).toThrow(/JWKS_URL/);
    expect(start({ JWKS_URL: '', DEV_KEY_FILE: join(folder, 'key.json') })).toThrow(/AUTH=dev/);
    expect(start({ AUTH: 'dev', JWKS_URL: url, DEV_KEY_FILE: join(folder, 'key.json') })).toThrow(/exclude each other/);
    expect(start({ AUTH: 'dev', DEV_KEY_FILE: join(folder, 'key.json') })).not.toThrow();
  });

  test('is a closed list of algorithms: a key of another one counts for nothing, though the sign-in publishes it', async () => {
    const { privateKey, publicKey } = await generateKeyPair('ML-DSA-44', { extractable: true });
    answer = () => [200, jwks];
    const jwks = JSON.stringify({ keys: [{ ...(await exportJWK(publicKey)), kid: 'k1', alg: 'ML-DSA-44' }] });
    const head = { alg: 'ML-DSA-44', kid: 'k1', typ: 'at+jwt' };
    const token = await new SignJWT(claims({})).setProtectedHeader(head).sign(privateKey);
    const refused = (await problemOf(remote().verify(token))) as Refused;
    expect([refused.details.status, refused.why]).toEqual([401, 'ERR_JOSE_ALG_NOT_ALLOWED']);
  });

  test('ends when a key is withdrawn, once the keys are as old as they may be', async () => {
    const verifier = remote({ JWKS_MAX_AGE_MS: '1000' });
    const token = await signed({});
    expect(await verifier.verify(token)).toMatchObject({ id: 'ada' });
    answer = () => [200, '{"keys":[]}'];
    const late = jest.spyOn(Date, 'now').mockReturnValue(Date.now() + 1_001);
    expect((await problemOf(verifier.verify(token))).details.status).toBe(401);
    late.mockRestore();
  });
});

describe('a token that is used again within a second', () => {
  test('has its signature verified once, and again after that', async () => {
    const verifier = remote();
    const token = await signed({});
    const checks = jest.spyOn(crypto.subtle, 'verify');
    for (let use = 0; use < 5; use++) expect(await verifier.verify(token)).toMatchObject({ id: 'ada' });
    expect(checks).toHaveBeenCalledTimes(1);
    const late = jest.spyOn(Date, 'now').mockReturnValue(Date.now() + 1_001);
    await verifier.verify(token);
    late.mockRestore();
    expect(checks).toHaveBeenCalledTimes(2);
    checks.mockRestore();
  });

  test('is checked for its revocation and its end each time', async () => {
    const file = join(folder, 'revoked.json');
    writeFileSync(file, '{}');
    const token = await signed({});
    const began = Date.now();
    const clock = jest.spyOn(Date, 'now').mockReturnValue(began);
    const verifier = remote({ REVOKED_FILE: file });
    clock.mockReturnValue(began + 600);
    await verifier.verify(token);
    writeFileSync(file, '{"ada":null}');
    clock.mockReturnValue(began + 1_010);
    expect(((await problemOf(verifier.verify(token))) as Refused).why).toBe('revoked');
    clock.mockRestore();
    const brief = await signed({ exp: now() + 1 });
    const { ends } = await remote().verify(brief);
    const other = remote();
    await other.verify(brief);
    const checks = jest.spyOn(crypto.subtle, 'verify');
    const end = jest.spyOn(Date, 'now').mockReturnValue(ends);
    await other.verify(brief).catch(() => undefined);
    end.mockRestore();
    expect(checks).toHaveBeenCalled();
    checks.mockRestore();
  });

  test(`is remembered with at most ${trustedTokens} others`, async () => {
    const verifier = remote();
    const first = await signed({ sub: 'first' });
    await verifier.verify(first);
    const inside = verifier as unknown as { trusted: Map<string, unknown> };
    const held = inside.trusted.get(first);
    for (let other = 1; other < trustedTokens; other++) inside.trusted.set(`t${other}`, held);
    await verifier.verify(await signed({ sub: 'last' }));
    expect([inside.trusted.size, inside.trusted.has(first)]).toEqual([trustedTokens, false]);
  });
});

describe('the guard', () => {
  const sent = jest.fn();
  let warned: jest.SpiedFunction<Logger['warn']>;
  beforeEach(() => void (warned = jest.spyOn(Logger.prototype, 'warn').mockImplementation(() => undefined)));
  afterEach(() => {
    warned.mockRestore();
    sent.mockReset();
  });

  async function asked(authorization: string | undefined, allowed?: Role[]) {
    const request = { method: 'POST', baseUrl: '', ip: '192.0.2.1', headers: { authorization } } as Authenticated;
    const handler = () => undefined;
    if (allowed) Allow(allowed)(handler);
    const context = {
      switchToHttp: () => ({ getRequest: () => request, getResponse: () => ({ setHeader: sent }) }),
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

  test('logs who was refused what, from where and why, and forbids caching', async () => {
    await problemOf(asked(`Bearer ${await signed({ roles: ['reporter'] })}`, ['editor']));
    await problemOf(asked(`Bearer ${await signed({ exp: now() - 1 })}`, ['editor']));
    await problemOf(asked(undefined, ['editor']));
    const [route, address] = ['POST unmatched', '192.0.2.1'];
    expect(warned.mock.calls).toEqual([
      [{ who: 'ada', route, address, status: 403, code: 'wrong-role', why: 'not editor' }, 'refused'],
      [{ who: null, route, address, status: 401, code: 'wrong-token', why: 'ERR_JWT_EXPIRED exp' }, 'refused'],
      [{ who: null, route, address, status: 401, code: 'no-token', why: 'no token' }, 'refused'],
    ]);
    expect(sent.mock.calls).toEqual(Array(3).fill(['Cache-Control', 'no-store']));
  });

  test('opens a route that names no roles to nobody', async () =>
    expect((await problemOf(asked(`Bearer ${await signed({ roles: ['editor'] })}`))).details.status).toBe(403));

  test.each([undefined, '', 'Bearer', 'Bearer ', 'Basic YTpi', 'Bearer a b', 'token'])(
    'asks for a token when given %j',
    async header =>
      expect((await problemOf(asked(header, ['editor']))).details).toMatchObject({ status: 401, code: 'no-token' }),
  );
});
