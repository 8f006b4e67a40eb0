import { describe, expect, test } from '@jest/globals';
import { cookieIn, Cookies, idOf, isSecret, keyOf, newSecret } from './cookies.js';
import { isForeign } from './sessions.js';

describe('the cookies of the desk', () => {
  test('over https their names have the prefix that binds them to this host; on one’s own machine not', () => {
    const over = new Cookies('https://desk.example');
    expect([over.session, over.signingIn]).toEqual(['__Host-dateline', '__Host-dateline-signing-in']);
    expect(over.ofSession).toEqual({ httpOnly: true, secure: true, sameSite: 'strict', path: '/' });
    expect(over.ofSigningIn).toMatchObject({ httpOnly: true, secure: true, sameSite: 'lax', path: '/' });
    expect(new Cookies('http://127.0.0.1:4800').session).toBe('dateline');
  });

  test('a cookie is read by its whole name; of two with one name none is', () => {
    expect(cookieIn('a=1; dateline=x-y; b=2', 'dateline')).toBe('x-y');
    expect(cookieIn('xdateline=x', 'dateline')).toBeUndefined();
    expect(cookieIn('dateline=x; dateline=y', 'dateline')).toBeUndefined();
    expect(cookieIn('dateline="x"', 'dateline')).toBeUndefined();
    expect(cookieIn(undefined, 'dateline')).toBeUndefined();
  });

  test('a secret is 256 bits; its id and its key differ and say nothing of it', () => {
    const secret = newSecret();
    expect([isSecret(secret), isSecret(`${secret}x`), isSecret(secret.slice(1)), isSecret('')]).toEqual([
      true,
      false,
      false,
      false,
    ]);
    expect(idOf(secret).equals(Buffer.from(keyOf(secret)))).toBe(false);
    expect(idOf(newSecret()).equals(idOf(secret))).toBe(false);
  });
});

describe('a request of another site', () => {
  const origin = 'https://desk.example';
  test.each([
    ['GET', {}, false],
    ['GET', { 'sec-fetch-site': 'none' }, false],
    ['GET', { 'sec-fetch-site': 'same-origin' }, false],
    ['GET', { 'sec-fetch-site': 'same-site' }, true],
    ['GET', { 'sec-fetch-site': 'cross-site' }, true],
    ['GET', { origin: 'https://evil.example' }, true],
    ['POST', {}, true],
    ['POST', { origin }, false],
    ['POST', { origin: 'null' }, true],
    ['POST', { origin: 'https://evil.desk.example' }, true],
    ['POST', { 'sec-fetch-site': 'same-origin' }, false],
    ['POST', { 'sec-fetch-site': 'none' }, true],
    ['POST', { 'sec-fetch-site': 'cross-site', origin }, true],
  ])('%s with %j: %s', (method, headers, foreign) => expect(isForeign({ method, headers }, origin)).toBe(foreign));
});
