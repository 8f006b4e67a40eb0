import { expect, test } from '@jest/globals';
import { z } from 'zod';
import { blobSettings } from './store.js';

const settings = z.object(blobSettings);
const accepts = (BLOB_STORE: string) => settings.safeParse({ BLOB_STORE }).success;

test.each(['file:///var/lib/dateline/blobs', 's3://newsroom', 's3://newsroom/', 's3://news.example/a/b'])(
  'BLOB_STORE may be %s',
  url => expect(accepts(url)).toBe(true),
);

test.each([
  '',
  'blobs',
  '/var/blobs',
  'https://bucket.example/',
  's3://',
  's3:///prefix',
  's3://ab',
  's3://Upper',
  's3://user:password@bucket',
])('BLOB_STORE may not be %j', url => expect(accepts(url)).toBe(false));
