import { expect, test } from '@jest/globals';
import type { Request } from 'express';
import type { ReaderSettings } from '../settings.js';
import { PublicUrl } from './public-url.js';

const asked = (localAddress: string, host: string | undefined) =>
  ({
    socket: { localAddress, localPort: 4801 },
    headers: { host },
    get: () => host,
    hostname: host,
  }) as unknown as Request;
const urlOf = (PUBLIC_URL?: string) => new PublicUrl({ PUBLIC_URL, HOST: '127.0.0.1' } as ReaderSettings);

test.each([undefined, 'evil.example', 'a b', ':99999', '"', '[', ''])(
  'the Host header %j does not change links',
  host => {
    expect(urlOf().of(asked('127.0.0.1', host))).toBe('http://127.0.0.1:4801');
    expect(urlOf().of(asked('::1', host))).toBe('http://[::1]:4801');
    expect(urlOf('https://live.example').of(asked('127.0.0.1', host))).toBe('https://live.example');
  },
);
