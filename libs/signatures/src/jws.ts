import { createPublicKey, sign, verify, type KeyObject } from 'node:crypto';
import { z } from 'zod';

/** The algorithm of authors' keys: ECDSA on P-256 with SHA-256. Every browser and Node make such keys that no script can read. */
export const authorAlgorithm = 'ES256';
// P1363 is the form that JWS demands: the two numbers one after the other.
const hash = 'sha256';
const form = { dsaEncoding: 'ieee-p1363' } as const;

const coordinate = z.string().regex(/^[\w-]{43}$/, 'must be 32 bytes in base64url');
/** The public half of an author's key, as a JWK. */
export const AuthorKey = z
  .strictObject({ kty: z.literal('EC'), crv: z.literal('P-256'), x: coordinate, y: coordinate })
  .meta({ id: 'AuthorKey', description: 'The public half of a key for ES256, as a JWK (RFC 7517).' });
export type AuthorKey = z.infer<typeof AuthorKey>;

/** The key; undefined if the coordinates are no point of the curve. */
export function publicKeyOf(jwk: AuthorKey): KeyObject | undefined {
  try {
    return createPublicKey({ key: jwk, format: 'jwk' });
  } catch {
    return undefined;
  }
}

const Header = z.strictObject({ alg: z.literal(authorAlgorithm), typ: z.string(), kid: z.string().optional() });

const bytesOf = (text: string): Buffer | undefined => {
  const bytes = Buffer.from(text, 'base64url');
  // Another spelling of the same bytes would be another text with the same signature.
  return bytes.toString('base64url') === text ? bytes : undefined;
};

function jsonIn(part: string): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytesOf(part)));
  } catch {
    return undefined;
  }
}

/** The payload of a compact JWS of this type, before its signature is verified. Undefined if it is not one. */
export function payloadIn(typ: string, jws: string): unknown {
  const [head = '', body = '', signature = '', ...more] = jws.split('.');
  const header = Header.safeParse(jsonIn(head));
  if (more.length > 0 || !header.success || header.data.typ !== typ || !bytesOf(signature)) return undefined;
  return jsonIn(body);
}

/** Whether the key signed this compact JWS. Synchronous, so that pure functions can ask; WebCrypto takes as long, on another thread. */
export function isSignedBy(key: KeyObject, jws: string): boolean {
  const at = jws.lastIndexOf('.');
  const signature = bytesOf(jws.slice(at + 1));
  return signature !== undefined && verify(hash, Buffer.from(jws.slice(0, at)), { key, ...form }, signature);
}

const base64url = (text: string) => Buffer.from(text).toString('base64url');

/** Signs the text as a compact JWS of this type. */
export function signJws(key: KeyObject, typ: string, payload: string): string {
  const input = `${base64url(JSON.stringify({ alg: authorAlgorithm, typ }))}.${base64url(payload)}`;
  return `${input}.${sign(hash, Buffer.from(input), { key, ...form }).toString('base64url')}`;
}
