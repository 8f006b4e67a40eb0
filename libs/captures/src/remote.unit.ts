import { afterEach, describe, expect, test } from '@jest/globals';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { largestPagePicture } from './limits.js';
import { CaptureProofs } from './proof.js';
import { remoteCaptures } from './remote.js';
import { startSite, type Site } from './testing/site.js';

let site: Site | undefined;
afterEach(async () => {
  await site?.close();
  site = undefined;
});

const page = { url: 'https://news.example/', title: 'Talks', sources: ['html' as const] };

async function asking(answer: (request: IncomingMessage, response: ServerResponse) => void) {
  site = await startSite(answer);
  return remoteCaptures(`http://127.0.0.1:${site.port}`, 'the secret').capture('https://news.example/');
}
const answering = (status: number, body: string) =>
  asking((_, response) => response.writeHead(status, { 'content-type': 'application/json' }).end(body));

describe('captures that a fetcher makes', () => {
  test('are asked for with the secret, and fields that the log does not keep are dropped', async () => {
    const picture = { picture: 'https://news.example/i.jpg', alt: 'A ship' };
    const answer = JSON.stringify({ ...page, ...picture, more: 'of it' });
    await expect(answering(200, answer)).resolves.toEqual({ ...page, ...picture });
    expect(site!.requests.map(({ url, method, headers }) => [url, method, headers.authorization])).toEqual([
      ['/captures', 'POST', 'Bearer the secret'],
    ]);
  });

  test('of a page whose path has an @', async () => {
    const social = { ...page, url: 'https://social.example/@user/1' };
    await expect(answering(200, JSON.stringify(social))).resolves.toEqual(social);
  });

  test('a picture comes as bytes, no more than its bound, and a refusal of it keeps its code', async () => {
    let size = 3;
    site = await startSite((request, response) => {
      if (size > 0) return void response.end(Buffer.alloc(size));
      response.writeHead(422, { 'content-type': 'application/json' }).end(JSON.stringify({ code: 'capture-type' }));
    });
    const picture = () => remoteCaptures(`http://127.0.0.1:${site!.port}`, 's').picture('https://news.example/i');
    expect(await picture()).toEqual(Buffer.alloc(3));
    expect(site.requests[0]!.url).toBe('/captures/picture');
    size = largestPagePicture + 1;
    await expect(picture()).rejects.toMatchObject({ code: 'fetcher-unreachable' });
    size = 0;
    await expect(picture()).rejects.toMatchObject({ code: 'capture-type' });
  });

  test('a refusal keeps its code', async () => {
    await expect(answering(422, JSON.stringify({ code: 'capture-gone' }))).rejects.toMatchObject({
      code: 'capture-gone',
    });
  });

  test.each([
    ['a wrong secret', 401, JSON.stringify({ code: 'wrong-secret' })],
    ['no JSON', 200, '<html>'],
    ['no capture', 200, '{}'],
    ['a script in the address', 200, JSON.stringify({ ...page, url: 'javascript:alert(1)' })],
    ['a text over its bound', 200, JSON.stringify({ ...page, title: 'x'.repeat(301) })],
    ['too much', 200, JSON.stringify({ ...page, more: 'x'.repeat(40_000) })],
    ['a redirect', 302, ''],
  ])('%s counts as no answer', async (_, status, body) => {
    await expect(answering(status, body)).rejects.toMatchObject({ code: 'fetcher-unreachable' });
  });

  test('a fetcher that is not there', async () => {
    const gone = await startSite(() => undefined);
    await gone.close();
    await expect(
      remoteCaptures(`http://127.0.0.1:${gone.port}`, 's').capture('https://a.example/'),
    ).rejects.toMatchObject({
      code: 'fetcher-unreachable',
    });
  });
});

describe('the proof of a capture', () => {
  const proofs = new CaptureProofs('a secret of at least 32 characters');
  const proven = proofs.proven(page, '2026-08-15T17:00:00Z');

  test('holds for the capture in any order of its fields', () => {
    expect(proofs.isProven(proven)).toBe(true);
    expect(proofs.isProven(Object.fromEntries(Object.entries(proven).reverse()) as typeof proven)).toBe(true);
  });

  test.each([
    ['the title', { title: 'Talks go on' }],
    ['the address', { url: 'https://news.example/b' }],
    ['the moment', { at: '2026-08-15T17:00:01Z' }],
    ['a field more', { author: 'Ann' }],
    ['the proof', { proof: 'p'.repeat(43) }],
  ])('does not hold once %s is changed', (_, change) => {
    expect(proofs.isProven({ ...proven, ...change })).toBe(false);
  });

  test('does not hold under another secret', () => {
    expect(new CaptureProofs('another secret of at least 32 characters').isProven(proven)).toBe(false);
  });
});
