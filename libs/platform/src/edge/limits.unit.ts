import { describe, expect, test } from '@jest/globals';
import express from 'express';
import fc from 'fast-check';
import request from 'supertest';
import { clientAddress, Tally } from './limits.js';

test.each([
  ['192.0.2.7', '192.0.2.7'],
  ['::ffff:192.0.2.7', '192.0.2.7'],
  ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
  ['2001:db8:1:2::9', '2001:db8:1:2::/64'],
  ['2001:db8::1', '2001:db8:0:0::/64'],
  ['::1', '0:0:0:0::/64'],
  ['fe80::1%eth0', 'fe80:0:0:0::/64'],
  ['2001:0DB8:0001:2::', '2001:db8:1:2::/64'],
  ['::ffff:0:0', '0:0:0:0::/64'],
  ['no address', 'no address'],
])('the client %s counts as the address %s', (ip, address) => expect(clientAddress({ ip })).toBe(address));

async function addressOf(trusted: readonly string[] | false, forwarded: string): Promise<string> {
  const app = express();
  app.set('trust proxy', trusted);
  app.use((asked, response) => void response.send(clientAddress(asked)));
  const server = app.listen(0, '127.0.0.1');
  const { text } = await request(server).get('/').set('X-Forwarded-For', forwarded);
  server.close();
  return text;
}

test('X-Forwarded-For is used only from trusted proxies, up to the first address that is not trusted', async () => {
  expect(await addressOf(false, '192.0.2.7')).toBe('127.0.0.1');
  expect(await addressOf(['10.0.0.0/8'], '192.0.2.7')).toBe('127.0.0.1');
  expect(await addressOf(['loopback'], '192.0.2.7')).toBe('192.0.2.7');
  expect(await addressOf(['loopback'], '198.51.100.1, 192.0.2.7')).toBe('192.0.2.7');
  expect(await addressOf(['loopback', '192.0.2.0/24'], '198.51.100.1, 192.0.2.7')).toBe('198.51.100.1');
});

describe("the count of a client's requests", () => {
  let now = 0;
  const tally = (perMinute: number, keys?: number) => {
    now = 1_000;
    return new Tally(perMinute, () => now, keys);
  };

  test('a key may use its whole minute at once; then take returns the seconds to wait for one more', () => {
    const of = tally(10);
    for (let n = 0; n < 10; n++) expect(of.take('a')).toBe(0);
    expect(of.take('a')).toBe(6);
    expect(of.take('b')).toBe(0);
    now += 5_999;
    expect(of.take('a')).toBe(1);
    now += 1;
    expect(of.take('a')).toBe(0);
    expect(of.take('a')).toBe(6);
  });

  test('a limit of 0 allows everything and counts nothing', () => {
    const of = tally(0);
    for (let n = 0; n < 100; n++) expect(of.take('a')).toBe(0);
    expect(of.size).toBe(0);
  });

  test('the number of keys is limited: the key that was used longest ago is forgotten', () => {
    const of = tally(1, 3);
    for (const key of ['a', 'b', 'c']) of.take(key);
    expect([of.size, of.wait('a')]).toEqual([3, 60]);
    of.take('d');
    expect([of.size, of.wait('a'), of.wait('b')]).toEqual([3, 0, 60]);
  });

  test('at most twice the limit passes in any minute, and a request after the returned wait passes', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 50 }),
        fc.array(fc.integer({ min: 0, max: 5_000 })),
        (perMinute, pauses) => {
          const of = tally(perMinute);
          const taken: number[] = [];
          for (const pause of pauses) {
            now += pause;
            const wait = of.take('a');
            if (wait === 0) taken.push(now);
            else if (pause > 4_000) {
              now += wait * 1_000;
              expect(of.take('a')).toBe(0);
              taken.push(now);
            }
          }
          for (const begin of taken)
            expect(taken.filter(at => at >= begin && at < begin + 60_000).length).toBeLessThanOrEqual(2 * perMinute);
        },
      ),
    );
  });
});
