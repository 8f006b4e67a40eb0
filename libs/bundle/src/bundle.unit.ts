import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { mkdtempSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { commitLine, rawLine, readCommitLine, readRawLine } from './lines.js';
import { openHead, signHead } from './head.js';
import { keyFileText, largestKeyFile, makeSigningKey, readSigningKey, signingKey } from './key-file.js';
import { openManifest, signManifest } from './manifest.js';
import { BadSignature, fingerprintOf, fingerprintsIn, generateSigningKey, publicHalf, signerOf } from './signing.js';
import { anyText } from '../../../test/harness/any-text.js';

describe("a commit's line in a bundle", () => {
  test('a commit that is written as a line and read back keeps every header and every byte of its value', () => {
    const headers = fc.dictionary(anyText(), anyText());
    const value = fc.oneof(
      fc.uint8Array(),
      anyText().map(text => new Uint8Array(Buffer.from(text))),
    );
    const property = fc.property(fc.integer({ min: 1, max: 2 ** 31 }), headers, value, (position, headers, value) => {
      const line = commitLine({ position, headers, value });
      expect(line).not.toContain('\n');
      const read = readCommitLine(line)!;
      expect([read.position, { ...read.headers }, Buffer.from(read.value).toString('hex')]).toEqual([
        position,
        { ...headers },
        Buffer.from(value).toString('hex'),
      ]);
    });
    fc.assert(property);
  });

  test('a line keeps a byte order mark, and its text is readable and searchable', () => {
    const value = Buffer.from('\uFEFF{"quote":"We will rebuild."}');
    const line = commitLine({ position: 7, headers: {}, value });
    expect(line).toBe('{"headers":{},"position":7,"value":"\uFEFF{\\"quote\\":\\"We will rebuild.\\"}"}');
    expect(readCommitLine(line)!.value).toEqual(value);
  });

  test('a line has one valid form: other key orders, other spaces and other encodings are rejected', () => {
    const line = commitLine({ position: 1, headers: { a: 'b' }, value: Buffer.from('{}') });
    expect(readCommitLine(line)).toBeDefined();
    for (const other of [
      ` ${line}`,
      line.replace(':', ': '),
      '{"position":1,"headers":{"a":"b"},"value":"{}"}',
      '{"base64":"e30=","headers":{"a":"b"},"position":1}',
      line.replace('1', '0'),
      line.slice(0, -1),
      'null',
    ])
      expect([other, readCommitLine(other)]).toEqual([other, undefined]);
  });
});

describe("a raw record's line in a bundle", () => {
  const bytes = fc.uint8Array();
  test('a raw record that is written and read back keeps every byte, and its line has one valid form', () => {
    const headers = fc.array(fc.tuple(bytes, fc.option(bytes)));
    const property = fc.property(headers, fc.option(bytes), fc.boolean(), (headers, key, valueless) => {
      const raw = { headers, key, position: 7, valueless };
      const line = rawLine(raw);
      const read = readRawLine(line)!;
      expect(rawLine(read)).toBe(line);
      const hex = (each: Uint8Array | null) => each && Buffer.from(each).toString('hex');
      expect(read.headers.map(each => each.map(hex))).toEqual(headers.map(each => each.map(hex)));
      expect([hex(read.key), read.valueless]).toEqual([hex(key), valueless]);
    });
    fc.assert(property);
    const line = rawLine({
      headers: [[Buffer.from('a'), null]],
      key: Buffer.from([255]),
      position: 1,
      valueless: true,
    });
    expect(line).toBe('{"headers":[["YQ==",null]],"key":"/w==","position":1,"valueless":true}');
    for (const other of [` ${line}`, line.replace('/w==', '/w'), line.replace('/w==', '/x=='), 'null', '{'])
      expect([other, readRawLine(other)]).toEqual([other, undefined]);
  });
});

const head = { log: 'a'.repeat(64), position: 3, root: 'b'.repeat(64), time: '2026-01-01T00:00:00.000Z' };

describe('a signed head', () => {
  test('a verified head names the fingerprint of its key, and says whether it is a development key', async () => {
    const [key, dev] = [await generateSigningKey({ dev: false }), await generateSigningKey({ dev: true })];
    const jws = await signHead(await signerOf(key), head);
    expect(await openHead(jws)).toEqual({ ...head, fingerprint: key.kid, dev: false });
    const local = await openHead(await signHead(await signerOf(dev), head));
    expect([dev.kid, local.dev]).toEqual([`dev-${local.fingerprint}`, true]);
    expect(fingerprintOf(dev.kid)).toBe(local.fingerprint);
  });

  test('a head is rejected if it was altered, signed as another type, or names a key that did not sign it', async () => {
    const [key, other] = [await generateSigningKey({ dev: false }), await generateSigningKey({ dev: false })];
    const signer = await signerOf(key);
    const [protectedPart, , signature] = (await signHead(signer, head)).split('.');
    const forged = Buffer.from(JSON.stringify({ ...head, position: 2 })).toString('base64url');
    for (const jws of [
      `${protectedPart}.${forged}.${signature}`,
      await signManifest(signer, JSON.stringify(head)),
      await signHead(await signerOf({ ...key, kid: other.kid }), head),
      `${await signHead(signer, head)}==`,
      ` ${await signHead(signer, head)}`,
      'no jws',
      '',
    ])
      await expect(openHead(jws)).rejects.toThrow(BadSignature);
    await expect(openManifest(`${await signManifest(signer, 'text')}\n`)).resolves.toMatchObject({ payload: 'text' });
  });
});

describe('the signing key', () => {
  const folder = mkdtempSync(join(tmpdir(), 'dateline-test-'));

  test('a key file is never overwritten, only its owner may read it, and its fingerprint is in its public half', async () => {
    const file = join(folder, 'deep', 'key.json');
    const key = await makeSigningKey(file, { dev: false });
    expect([statSync(file).mode & 0o777, readSigningKey(file)]).toEqual([0o600, key]);
    await expect(makeSigningKey(file, { dev: false })).rejects.toThrow(/never overwritten/);
    const half = publicHalf(key);
    expect(JSON.stringify(half)).not.toContain(key.d);
    expect(await fingerprintsIn(JSON.stringify(half))).toEqual([key.kid]);
    expect(await fingerprintsIn(JSON.stringify({ keys: [half, half] }))).toEqual([key.kid, key.kid]);
    expect(await signingKey(file)).toEqual(key);
  });

  test('a key file that is missing, no Ed25519 key, too large or no regular file gives an error that says so', async () => {
    const file = join(folder, 'other.json');
    await expect(signingKey(file)).rejects.toThrow(/keygen --to/);
    writeFileSync(file, '{"kty":"RSA"}');
    await expect(signingKey(file)).rejects.toThrow(/no Ed25519 private JWK/);
    await expect(fingerprintsIn('{}')).rejects.toThrow();
    writeFileSync(file, ' '.repeat(largestKeyFile));
    expect(keyFileText(file)).toHaveLength(largestKeyFile);
    writeFileSync(file, ' '.repeat(largestKeyFile + 1));
    for (const wrong of [file, folder, '/dev/zero'])
      expect(() => keyFileText(wrong)).toThrow(/not a regular file, or has more/);
  });
});
