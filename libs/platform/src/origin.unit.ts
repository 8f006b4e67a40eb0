import { expect, test } from '@jest/globals';
import { isLoopback, origin } from './origin.js';

test.each(['127.0.0.1', '127.8.9.10', '::1', 'localhost', '::ffff:127.0.0.1'])('%s is a loopback address', host =>
  expect(isLoopback(host)).toBe(true),
);

test.each(['0.0.0.0', '::', '10.0.0.1', '128.0.0.1', 'localhost.example', '2001:db8::1', ''])(
  '%s is not a loopback address',
  host => expect(isLoopback(host)).toBe(false),
);

test('an IPv6 address in a URL gets brackets', () => expect(origin('::1', 80)).toBe('http://[::1]:80'));
