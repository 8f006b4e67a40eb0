import { afterEach, expect, jest, test } from '@jest/globals';
import { CommandSigner, newKeyPair } from './signing.js';

const day = 86_400_000;
afterEach(() => void jest.restoreAllMocks());

test('a signer asks for a new certificate after the clock was put back, and signs by the newsroom’s clock', async () => {
  const right = Date.now();
  let asked = 0;
  // The newsroom's clock is right.
  const ask = async () => {
    const [now, expires] = [right, right + 900_000].map(at => new Date(at).toISOString());
    return Response.json({ certificate: `certificate ${++asked}`, now, expires, log: 'l', by: 'ada' });
  };
  const signer = new CommandSigner((await newKeyPair())!, ask);
  const pin = { path: '/stories/s/developments/d/pin', body: {}, key: 'k' };
  const timeSigned = async () => {
    const [, statement] = (await signer.headers(pin))['Dateline-Signature']!.split('.');
    return Date.parse(JSON.parse(Buffer.from(statement!, 'base64url').toString()).time);
  };
  const clock = jest.spyOn(Date, 'now').mockReturnValue(right + day);
  expect([await timeSigned(), await timeSigned(), asked]).toEqual([right, right, 1]);
  clock.mockReturnValue(right);
  expect([await timeSigned(), asked]).toEqual([right, 2]);
});
