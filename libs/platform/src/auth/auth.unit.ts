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
import type { Refused } from './principal.js';
import { TokenVerifier, trustedTokens } from './token.js';

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
const day = 86_400_000;
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
  test("a token of the configured issuer gives the person's id, name, roles and end time", async () =>
    expect(await remote().verify(await signed({ name: 'Ada', roles: ['editor', 'poet'] }))).toEqual({
      id: 'ada',
      name: 'Ada',
      roles: ['editor', 'poet'],
      ends: expect.any(Number),
    }));

  test('a token without a name and roles is accepted', async () => {
    const plain = { id: 'ada', roles: [], ends: expect.any(Number) };
    expect(await remote().verify(await signed({}))).toEqual(plain);
    expect(await remote().verify(await signed({ name: '' }))).toEqual(plain);
  });

  const bad: [string, () => Promise<string> | string][] = [
    ['is of another issuer', () => signed({ iss: 'https://other.test' })],
    ['is for another audience', () => signed({ aud: 'other' })],
    ['is not valid yet', () => signed({ nbf: soon() })],
    ['never expires', () => signed({ exp: undefined })],
    ['has no subject', () => signed({ sub: undefined })],
    ['has an empty subject', () => signed({ sub: '' })],
    ['has a subject with a NUL character', () => signed({ sub: 'a\0b' })],
    ['has the system as its subject', () => signed({ sub: 'dateline' })],
    ['has the system in another case as its subject', () => signed({ sub: 'Dateline' })],
    ['has a subject that ends with a space', () => signed({ sub: 'ada ' })],
    ['has a subject that ends with a tab', () => signed({ sub: 'ada\t' })],
    ['has a subject with an invisible joiner', () => signed({ sub: 'a\u200dda' })],
    ['has a subject in decomposed Unicode', () => signed({ sub: 'Ada\u0308' })],
    ['has a subject in full-width letters', () => signed({ sub: '\uff41da' })],
    ['does not say when it was issued', () => signed({ iat: undefined })],
    ['was issued in the future', () => signed({ iat: now() + 60 })],
    ['is a DPoP proof', () => signed({}, undefined, { typ: 'dpop+jwt' })],
    ['has no type', () => signed({}, undefined, { typ: undefined })],
    ['has the general type JWT', () => signed({}, undefined, { typ: 'JWT' })],
    ['is an ID token with a nonce', () => signed({ nonce: 'n' })],
    ['is bound to a key that the request does not prove', () => signed({ cnf: { jkt: 'x' } })],
    ['has a name with a lone surrogate', () => signed({ name: 'Ada\ud800' })],
    ['has roles that are no list', () => signed({ roles: 'editor' })],
    ['is signed by another key', () => signed({}, others.privateKey)],
    ['is signed by an unknown key', () => signed({}, others.privateKey, { kid: 'k2' })],
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
    ['is empty', () => ''],
  ];
  test.each(bad)('a token that %s is refused with 401', async (_, token) => {
    const { details } = await problemOf(remote().verify(await token()));
    expect(details).toMatchObject({
      status: 401,
      code: 'wrong-token',
      detail: expect.stringMatching(/newsroom does not accept/),
    });
  });

  test('a token that has expired is refused with 401, and the detail says so', async () => {
    for (const times of [{ exp: soon() - 120 }, { iat: now() - 43_201 }]) {
      const { details } = await problemOf(remote().verify(await signed(times)));
      expect(details).toMatchObject({ status: 401, detail: expect.stringMatching(/has expired/) });
    }
  });

  test('a token whose issuer gives no usable keys is answered with 503, not 401', async () => {
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

  test('a token of the development key is accepted only by a verifier with that same key', async () => {
    const local = readSettings(tokenSettings, { ...named, AUTH: 'dev', DEV_KEY_FILE: join(folder, 'key.json') });
    const token = await devToken(local, { id: 'dev', name: 'Dev', roles: ['editor'] });
    expect(await new TokenVerifier(local).verify(token)).toMatchObject({ id: 'dev', name: 'Dev', roles: ['editor'] });
    const other = new TokenVerifier({ ...local, DEV_KEY_FILE: join(folder, 'other.json') });
    expect((await problemOf(other.verify(token))).details.status).toBe(401);
    expect((await problemOf(remote().verify(token))).details.status).toBe(401);
  });

  test('a token ends at its exp, and at the latest when its maximum age is reached', async () => {
    const { ends } = await remote().verify(await signed({}));
    expect(ends).toBeLessThanOrEqual(Date.now() + 60_000);
    const century = await remote().verify(await signed({ exp: now() + 3e9 }));
    expect(century.ends).toBeLessThanOrEqual(Date.now() + 43_200_000);
    const brief = await remote({ JWT_MAX_AGE_S: '60' }).verify(await signed({ iat: now() - 30, exp: now() + 3e9 }));
    expect(brief.ends).toBeLessThanOrEqual(Date.now() + 30_000);
  });

  test("the log's reason for a refused token is our own text and contains nothing of the token", async () => {
    const why = async (token: string) => ((await problemOf(remote().verify(token))) as Refused).why;
    expect(await why(await signed({ sub: 'Ada\u0308' }))).toBe('claim sub');
    expect(await why(await signed({ iss: 'evil\nline' }))).toBe('ERR_JWT_CLAIM_VALIDATION_FAILED iss');
    expect(await why(await signed({}, undefined, { typ: 'JWT' }))).toBe('type, which JWT_TYPE does not accept');
    expect(await why('a.b.c')).toBe('ERR_JWS_INVALID');
  });
});

describe('with JWT_TYPE=JWT', () => {
  const lax = () => remote({ JWT_TYPE: 'JWT' });

  test.each(['JWT', 'jwt', 'at+jwt', 'application/at+jwt', undefined])('a token of type %s is accepted', async typ =>
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
  ])('a token that %s marks for another use is refused with 401', async (_, more, head) =>
    expect((await problemOf(lax().verify(await signed({ ...more }, undefined, head)))).details.status).toBe(401),
  );
});

describe('which keys are trusted', () => {
  test('a verifier needs JWKS_URL or AUTH=dev, and refuses both together', () => {
    const start = (env: Record<string, string>) => () => new TokenVerifier(readSettings(tokenSettings, env));
    expect(start({})).toThrow(ConfigError);
    expect(start({})).toThrow(/JWKS_URL/);
    expect(start({ JWKS_URL: '', DEV_KEY_FILE: join(folder, 'key.json') })).toThrow(/AUTH=dev/);
    expect(start({ AUTH: 'dev', JWKS_URL: url, DEV_KEY_FILE: join(folder, 'key.json') })).toThrow(/exclude each other/);
    expect(start({ AUTH: 'dev', DEV_KEY_FILE: join(folder, 'key.json') })).not.toThrow();
  });

  test('a token signed with an algorithm outside our list is refused, even if the issuer publishes its key', async () => {
    const { privateKey, publicKey } = await generateKeyPair('ML-DSA-44', { extractable: true });
    answer = () => [200, jwks];
    const jwks = JSON.stringify({ keys: [{ ...(await exportJWK(publicKey)), kid: 'k1', alg: 'ML-DSA-44' }] });
    const head = { alg: 'ML-DSA-44', kid: 'k1', typ: 'at+jwt' };
    const token = await new SignJWT(claims({})).setProtectedHeader(head).sign(privateKey);
    const refused = (await problemOf(remote().verify(token))) as Refused;
    expect([refused.details.status, refused.why]).toEqual([401, 'ERR_JOSE_ALG_NOT_ALLOWED']);
  });

  test('a token of a withdrawn key is refused once the cached keys have reached their maximum age', async () => {
    const verifier = remote({ JWKS_MAX_AGE_MS: '1000' });
    const token = await signed({});
    expect(await verifier.verify(token)).toMatchObject({ id: 'ada' });
    answer = () => [200, '{"keys":[]}'];
    const late = jest.spyOn(performance, 'now').mockReturnValue(performance.now() + 1_001);
    expect((await problemOf(verifier.verify(token))).details.status).toBe(401);
    late.mockRestore();
  });

  test('a token of a withdrawn key is refused as soon after the clock was put back by a day', async () => {
    const right = Date.now();
    const clock = jest.spyOn(Date, 'now').mockReturnValue(right + day);
    const verifier = remote({ JWKS_MAX_AGE_MS: '1000', JWT_MAX_AGE_S: '604800' });
    const token = await signed({ iat: right / 1_000 - 60, exp: right / 1_000 + 172_800 });
    expect(await verifier.verify(token)).toMatchObject({ id: 'ada' });
    answer = () => [200, '{"keys":[]}'];
    clock.mockReturnValue(right);
    const late = jest.spyOn(performance, 'now').mockReturnValue(performance.now() + 1_001);
    expect((await problemOf(verifier.verify(token))).details.status).toBe(401);
    late.mockRestore();
    clock.mockRestore();
  });

  test('the keys are fetched for a token that names an unknown one, but not again at once', async () => {
    let fetched = 0;
    answer = () => (fetched++, whole());
    const verifier = remote();
    const unknown = () => signed({}, others.privateKey, { kid: 'k2' });
    await verifier.verify(await signed({}));
    expect((await problemOf(verifier.verify(await unknown()))).details.status).toBe(401);
    expect(fetched).toBe(1);
    const late = jest.spyOn(performance, 'now').mockReturnValue(performance.now() + 10_001);
    expect((await problemOf(verifier.verify(await unknown()))).details.status).toBe(401);
    expect((await problemOf(verifier.verify(await unknown()))).details.status).toBe(401);
    expect(fetched).toBe(2);
    late.mockRestore();
  });
});

describe('the cache of verified tokens', () => {
  test("a token's signature is verified once a second at most, and again after that", async () => {
    const verifier = remote();
    const token = await signed({});
    const checks = jest.spyOn(crypto.subtle, 'verify');
    const began = performance.now();
    const clock = jest.spyOn(performance, 'now').mockReturnValue(began);
    for (let use = 0; use < 5; use++) expect(await verifier.verify(token)).toMatchObject({ id: 'ada' });
    expect(checks).toHaveBeenCalledTimes(1);
    clock.mockReturnValue(began + 1_001);
    await verifier.verify(token);
    clock.mockRestore();
    expect(checks).toHaveBeenCalledTimes(2);
    checks.mockRestore();
  });

  test('a token’s signature is verified again after a second, also if the clock was put back meanwhile', async () => {
    const verifier = remote();
    const token = await signed({});
    const checks = jest.spyOn(crypto.subtle, 'verify');
    const right = Date.now();
    const clock = jest.spyOn(Date, 'now').mockReturnValue(right + day);
    await verifier.verify(token);
    clock.mockReturnValue(right);
    const late = jest.spyOn(performance, 'now').mockReturnValue(performance.now() + 1_001);
    await verifier.verify(token);
    for (const spy of [late, clock]) spy.mockRestore();
    expect(checks).toHaveBeenCalledTimes(2);
    checks.mockRestore();
  });

  test('a cached token that was revoked or has ended is not served from the cache', async () => {
    const file = join(folder, 'revoked.json');
    writeFileSync(file, '{}');
    const token = await signed({});
    const began = performance.now();
    const clock = jest.spyOn(performance, 'now').mockReturnValue(began);
    const verifier = remote({ REVOKED_FILE: file });
    clock.mockReturnValue(began + 600);
    await verifier.verify(token);
    writeFileSync(file, '{"ada":null}');
    clock.mockReturnValue(began + 1_010);
    expect(((await problemOf(verifier.verify(token))) as Refused).why).toBe('revoked');
    clock.mockRestore();
    const brief = await signed({ exp: now() + 60 });
    const { ends } = await remote().verify(brief);
    const other = remote();
    const end = jest.spyOn(Date, 'now').mockReturnValue(ends - 100);
    await other.verify(brief);
    const checks = jest.spyOn(crypto.subtle, 'verify');
    end.mockReturnValue(ends);
    await other.verify(brief).catch(() => undefined);
    end.mockRestore();
    expect(checks).toHaveBeenCalled();
    checks.mockRestore();
  });

  test('an admitted request goes on while the keys are unavailable, until its person is revoked', async () => {
    const quiet = jest.spyOn(Logger.prototype, 'warn').mockImplementation(() => undefined);
    const file = join(folder, 'revoked-meanwhile.json');
    writeFileSync(file, '{}');
    const clock = jest.spyOn(performance, 'now').mockReturnValue(performance.now());
    const pass = (ms: number) => clock.mockReturnValue(performance.now() + ms);
    const verifier = remote({ REVOKED_FILE: file, JWKS_MAX_AGE_MS: '1000' });
    const request = { headers: { authorization: `Bearer ${await signed({})}` }, method: 'GET' };
    const admitted = await verifier.ofRequest(request);
    answer = () => [500, ''];
    pass(1_010);
    expect(await verifier.current(request)).toBe(admitted);
    writeFileSync(file, '{"ada":null}');
    pass(1_010);
    expect(await verifier.current(request)).toBeUndefined();
    expect(quiet).toHaveBeenCalledTimes(2);
    for (const spy of [clock, quiet]) spy.mockRestore();
  });

  test('requests that come together with one token share one verification, and its failure', async () => {
    const verifier = remote();
    const [good, bad] = [await signed({}), await signed({ sub: '' })];
    const checks = jest.spyOn(crypto.subtle, 'verify');
    const together = await Promise.all(Array.from({ length: 5 }, () => verifier.verify(good)));
    expect(together).toEqual(Array.from({ length: 5 }, () => expect.objectContaining({ id: 'ada' })));
    const refused = await Promise.all(Array.from({ length: 5 }, () => problemOf(verifier.verify(bad))));
    expect(refused.map(({ details }) => details.status)).toEqual([401, 401, 401, 401, 401]);
    expect(checks).toHaveBeenCalledTimes(2);
    await problemOf(verifier.verify(bad));
    expect(checks).toHaveBeenCalledTimes(3);
    checks.mockRestore();
  });

  test(`at most ${trustedTokens} tokens are cached, and the oldest is dropped for a new one`, async () => {
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

  test('a person with one of the allowed roles is let in, and the request has that person as principal', async () => {
    const token = await signed({ roles: ['auditor', 'reporter'] });
    expect(await asked(`Bearer ${token}`, ['reporter', 'editor'])).toMatchObject({ id: 'ada' });
    expect(await asked(`bearer ${token}`, ['auditor'])).toMatchObject({ id: 'ada' });
  });

  test('a person without an allowed role is refused with 403, which names the allowed roles', async () => {
    const token = `Bearer ${await signed({ roles: ['reporter'] })}`;
    const { details } = await problemOf(asked(token, ['editor', 'auditor']));
    expect(details).toMatchObject({ status: 403, code: 'wrong-role', allowed: ['editor', 'auditor'] });
  });

  test('a refusal is logged with person, route, address and reason, and its answer must not be cached', async () => {
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

  test('a route that names no roles is refused with 403 for everybody', async () =>
    expect((await problemOf(asked(`Bearer ${await signed({ roles: ['editor'] })}`))).details.status).toBe(403));

  test.each([undefined, '', 'Bearer', 'Bearer ', 'Basic YTpi', 'Bearer a b', 'token'])(
    'the header %j is refused with 401 no-token',
    async header =>
      expect((await problemOf(asked(header, ['editor']))).details).toMatchObject({ status: 401, code: 'no-token' }),
  );
});
