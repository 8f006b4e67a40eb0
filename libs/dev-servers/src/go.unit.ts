import { expect, test } from '@jest/globals';
import { isRecent } from './go.js';

test.each([
  ['go version go1.25.0 linux/amd64', true],
  ['go version go1.26.8 darwin/arm64', true],
  ['go version go2.0 linux/amd64', true],
  ['go version go1.24.9 linux/amd64', false],
  ['go version go1.19.8 linux/amd64', false],
  ['', false],
])('%s is recent enough: %s', (printed, is) => expect(isRecent(printed)).toBe(is));
