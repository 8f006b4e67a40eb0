import { expect, test } from '@jest/globals';
import express from 'express';
import request from 'supertest';
import { clientAddress } from './client-address.js';

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
])('%s counts as %s', (ip, address) => expect(clientAddress({ ip })).toBe(address));

async function addressOf(trusted: readonly string[] | false, forwarded: string): Promise<string> {
  const app = express();
  app.set('trust proxy', trusted);
  app.use((asked, response) => void response.send(clientAddress(asked)));
  const server = app.listen(0, '127.0.0.1');
  const { text } = await request(server).get('/').set('X-Forwarded-For', forwarded);
  server.close();
  return text;
}

test('X-Forwarded-For is believed of trusted proxies alone, and no further than they go', async () => {
  expect(await addressOf(false, '192.0.2.7')).toBe('127.0.0.1');
  expect(await addressOf(['10.0.0.0/8'], '192.0.2.7')).toBe('127.0.0.1');
  expect(await addressOf(['loopback'], '192.0.2.7')).toBe('192.0.2.7');
  expect(await addressOf(['loopback'], '198.51.100.1, 192.0.2.7')).toBe('192.0.2.7');
  expect(await addressOf(['loopback', '192.0.2.0/24'], '198.51.100.1, 192.0.2.7')).toBe('198.51.100.1');
});
