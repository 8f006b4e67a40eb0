import { beforeAll, describe, expect, test } from '@jest/globals';
import { createLocalJWKSet, exportJWK, generateKeyPair, SignJWT, type JWTVerifyGetKey } from 'jose';
import { clockToleranceS, endedBy, longestAgeS } from './logout-token.js';

const event = 'http://schemas.openid.net/event/backchannel-logout';
const us = { issuer: 'https://sign-in.test', client: 'dateline' };
const claims = { iss: us.issuer, aud: us.client, sub: 'ada', sid: 'session-1', jti: 'one', events: { [event]: {} } };

let keys: JWTVerifyGetKey;
let sign: (claims: object, typ?: string) => Promise<string>;
let forge: typeof sign;
beforeAll(async () => {
  const signer = async () => {
    const { publicKey, privateKey } = await generateKeyPair('ES256');
    const set = createLocalJWKSet({ keys: [{ ...(await exportJWK(publicKey)), kid: 'k', alg: 'ES256' }] });
    const signs = (claims: object, typ = 'logout+jwt') =>
      new SignJWT({ ...claims }).setProtectedHeader({ alg: 'ES256', kid: 'k', typ }).sign(privateKey);
    return { set, signs };
  };
  const [ours, others] = [await signer(), await signer()];
  [keys, sign, forge] = [ours.set, ours.signs, others.signs];
});

const now = () => Math.floor(Date.now() / 1_000);
const ended = async (token: string) => endedBy(token, keys, us);

describe('a logout token', () => {
  test('names the sessions by the person, by the issuer’s session, or by both', async () => {
    const { sub, sid, ...rest } = { ...claims, iat: now() };
    expect(await ended(await sign({ ...rest, sub, sid }))).toEqual({ sub: 'ada', sid: 'session-1' });
    expect(await ended(await sign({ ...rest, sid }))).toEqual({ sid: 'session-1' });
    expect(await ended(await sign({ ...rest, sub }))).toEqual({ sub: 'ada' });
  });

  test.each<[string, object]>([
    ['of another issuer', { iss: 'https://evil.test' }],
    ['for another client', { aud: 'another' }],
    ['that names nobody', { sub: undefined, sid: undefined }],
    ['without its event', { events: {} }],
    ['without an id', { jti: undefined }],
    ['with a nonce, as an ID token has', { nonce: 'n' }],
    ['without a time', { iat: undefined }],
    ['that is too old', { iat: now() - longestAgeS - clockToleranceS - 5 }],
    ['of the future', { iat: now() + clockToleranceS + 60 }],
    ['that has expired', { exp: now() - clockToleranceS - 5 }],
  ])('%s is refused', async (_, changed) => {
    const token = await sign({ ...claims, iat: now(), ...changed });
    await expect(ended(token)).rejects.toMatchObject({ failure: 'refused' });
  });

  test('of another type, that the issuer did not sign, or that nobody signed, is refused', async () => {
    const whole = { ...claims, iat: now() };
    await expect(ended(await sign(whole, 'JWT'))).rejects.toMatchObject({ failure: 'refused' });
    await expect(ended(await forge(whole))).rejects.toMatchObject({ failure: 'refused' });
    const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
    await expect(ended(`${part({ alg: 'none' })}.${part(whole)}.`)).rejects.toMatchObject({ failure: 'refused' });
    await expect(ended('x')).rejects.toMatchObject({ failure: 'refused' });
  });

  test('cannot be judged while the issuer’s keys are unavailable', async () => {
    const token = await sign({ ...claims, iat: now() });
    const away = () => Promise.reject(new TypeError('fetch failed'));
    await expect(endedBy(token, away, us)).rejects.toMatchObject({ failure: 'unavailable' });
  });
});
