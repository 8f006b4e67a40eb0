import { afterEach, describe, expect, test } from '@jest/globals';
import type { ServerOptions } from 'node:https';
import { openCaptures } from './capture.js';
import { CaptureError } from './errors.js';
import { authority, certificates, key } from './testing/certificates.js';
import { startSecure, type Site } from './testing/site.js';

let site: Site | undefined;
afterEach(() => site?.close());

/** The title of a page on a site with these settings of TLS, or the code of the refusal; and how many requests the site had. */
async function captured(settings: ServerOptions, ca: string | undefined = authority) {
  site = await startSecure({ key, ...settings }, '<title>A page</title>');
  const captures = openCaptures({
    ...{ userAgent: 'DatelineTest', ports: [site.port], ...(ca !== '' && { ca }) },
    resolve: async () => [{ address: '127.0.0.1', family: 4 }],
    alsoAllows: address => address === '127.0.0.1',
  });
  const result = await captures.capture(`https://site.example:${site.port}/`).then(
    ({ title }) => title,
    (error: unknown) => (error instanceof CaptureError ? error.code : String(error)),
  );
  return [result, site.requests.length];
}

describe('a page over TLS', () => {
  test('is captured where the certificate is valid', async () => {
    expect(await captured({ cert: certificates.valid })).toEqual(['A page', 1]);
  });

  test.each<[keyof typeof certificates, string]>([
    ['wrongName', 'capture-wrong-name'],
    ['expired', 'capture-expired'],
    ['notYetValid', 'capture-expired'],
    ['selfSigned', 'capture-untrusted'],
  ])('is not asked for where the certificate is %s: %s', async (name, code) => {
    expect(await captured({ cert: certificates[name] })).toEqual([code, 0]);
  });

  test('is not asked for where only an authority that the system does not know has signed the certificate', async () => {
    expect(await captured({ cert: certificates.valid }, '')).toEqual(['capture-untrusted', 0]);
  });

  test('is not asked for over versions of TLS that are broken', async () => {
    const old = { minVersion: 'TLSv1', maxVersion: 'TLSv1.1', ciphers: 'DEFAULT@SECLEVEL=0' } as const;
    expect(await captured({ cert: certificates.valid, ...old })).toEqual(['capture-unreachable', 0]);
  });
});
