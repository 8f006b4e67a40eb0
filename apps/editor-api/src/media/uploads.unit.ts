import { KeyStoreError } from '#keys';
import { expect, test } from '@jest/globals';
import { fileURLToPath } from 'node:url';
import { Uploads } from './uploads.js';

const keys = { keyFor: () => Promise.reject(new KeyStoreError('keys-unreachable')) };

test('anchors that are no certificates, or no file, are a wrong setting', () => {
  const anchored = (file: string) => () =>
    Uploads.of({ BLOB_STORE: 'file:///tmp/none', CREDENTIALS_ANCHORS: file }, keys);
  expect(anchored(fileURLToPath(import.meta.url))).toThrow(/CREDENTIALS_ANCHORS names a file without certificates/);
  expect(anchored('/no/such/file.pem')).toThrow(/CREDENTIALS_ANCHORS names a file that cannot be read/);
});
