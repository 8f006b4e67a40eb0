import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { isIP } from 'node:net';
import { openCaptures, type CaptureSettings } from './capture.js';
import { CaptureError } from './errors.js';
import { hostileAddresses, hostileNames } from './testing/hostile.js';
import { startSite, type Site } from './testing/site.js';

const userAgent = 'DatelineTest';
const resolveTo = (addresses: readonly string[]) =>
  addresses.map(address => ({ address, family: isIP(address.replace(/%.*/, '')) }));
const resolve = async (host: string) => {
  const addresses = hostileNames[host] ?? ['127.0.0.1'];
  return resolveTo(addresses);
};
const refusal = async (capture: Promise<unknown>): Promise<string> => {
  try {
    await capture;
    return 'captured';
  } catch (error) {
    return error instanceof CaptureError ? error.code : String(error);
  }
};

/** A site that nobody may reach. */
let secret: Site;
beforeAll(async () => {
  secret = await startSite((_, response) =>
    response.setHeader('content-type', 'text/html').end('<title>secret</title>'),
  );
});
afterAll(() => secret.close());

const captures = (settings: Partial<CaptureSettings> = {}) =>
  openCaptures({ userAgent, ports: [80, 443, secret.port], resolve, ...settings });
const withPort = (address: string) => address.replace('PORT', String(secret.port));
const all = Object.values(hostileAddresses).flat();
const refusals = ['capture-address', 'capture-port', 'capture-private'];

describe('addresses that must not be asked', () => {
  test.each(Object.entries(hostileAddresses))('%s', async (_, addresses) => {
    for (const address of addresses) {
      const code = await refusal(captures().capture(withPort(address)));
      expect({ address, code, refused: refusals.includes(code) }).toEqual({ address, code, refused: true });
    }
    expect(secret.requests).toEqual([]);
  });

  test('none is asked for a picture either, also not by a redirect', async () => {
    for (const address of all) {
      const code = await refusal(captures().picture(withPort(address)));
      expect({ address, code, refused: refusals.includes(code) }).toEqual({ address, code, refused: true });
    }
    const site = await startSite((_, response) =>
      response.writeHead(302, { location: `http://localhost.example:${secret.port}/` }).end(),
    );
    let asked = 0;
    const settings = { alsoAllows: () => asked++ < 2, ports: [secret.port, site.port] };
    expect(await refusal(captures(settings).picture(`http://site.example:${site.port}/`))).toBe('capture-private');
    expect(secret.requests).toEqual([]);
    await site.close();
  });

  test('none is reached by a redirect from a public site either, whatever the status', async () => {
    let target = '';
    let status = 302;
    const site = await startSite((_, response) => response.writeHead(status, { location: target }).end());
    // The public site of this test is at an address of loopback, which is allowed to be the first one alone.
    let asked = 0;
    const alsoAllows = () => asked++ < 2;
    const ports = [80, 443, secret.port, site.port];
    const redirected = all.filter(address => /^(\/\/|\\\\)/.test(address) || URL.canParse(withPort(address)));
    for (const [index, address] of redirected.entries()) {
      asked = 0;
      status = [301, 302, 303, 307, 308][index % 5]!;
      // In a header beyond ASCII is sent as a browser's address bar would.
      target = encodeURI(withPort(address)).replaceAll('%25', '%');
      const code = await refusal(captures({ alsoAllows, ports }).capture(`http://site.example:${site.port}/`));
      expect({ address, code, refused: refusals.includes(code) }).toEqual({ address, code, refused: true });
    }
    expect(site.requests).toHaveLength(redirected.length);
    expect(secret.requests).toEqual([]);
    await site.close();
  });

  test('at least 180 tries were made in this file', () => {
    expect(3 * all.length).toBeGreaterThan(180);
  });
});

describe('names that change their address', () => {
  test('what a name resolved to is what is connected to: it is not resolved again', async () => {
    let resolved = 0;
    const rebinding = async () => resolveTo(resolved++ === 0 ? ['10.0.0.1'] : ['127.0.0.1']);
    const alsoAllows = (address: string) => address === '127.0.0.1';
    const code = await refusal(
      captures({ resolve: rebinding, alsoAllows }).capture(`http://rebinding.example:${secret.port}/`),
    );
    expect({ code, resolved }).toEqual({ code: 'capture-private', resolved: 1 });
    expect(secret.requests).toEqual([]);
  });

  test('a redirect to the same name resolves and checks it again', async () => {
    const site = await startSite((_, response) => response.writeHead(302, { location: '/again' }).end());
    let resolved = 0;
    const rebinding = async () => resolveTo(resolved++ === 0 ? ['127.0.0.1'] : ['127.0.0.9']);
    const settings = {
      resolve: rebinding,
      ports: [site.port],
      alsoAllows: (address: string) => address === '127.0.0.1',
    };
    expect(await refusal(captures(settings).capture(`http://rebinding.example:${site.port}/`))).toBe('capture-private');
    expect(site.requests.map(({ url }) => url)).toEqual(['/']);
    await site.close();
  });

  test('the address at the other end of a connection is checked before anything is sent', async () => {
    // The rule changes its mind between the look-up and the connection, as an address that was swapped would make it.
    let asked = 0;
    const code = await refusal(
      captures({ alsoAllows: () => asked++ === 0 }).capture(`http://swapped.example:${secret.port}/`),
    );
    expect({ code, asked }).toEqual({ code: 'capture-private', asked: 2 });
    expect(secret.requests).toEqual([]);
  });

  test('a name without an address, and one that cannot be resolved', async () => {
    const unresolved = async () => Promise.reject(Object.assign(new Error('no'), { code: 'ENOTFOUND' }));
    expect(await refusal(captures({ resolve: async () => [] }).capture('http://none.example/'))).toBe(
      'capture-unreachable',
    );
    expect(await refusal(captures({ resolve: unresolved }).capture('http://none.example/'))).toBe(
      'capture-unreachable',
    );
  });
});
