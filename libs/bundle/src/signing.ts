import { calculateJwkThumbprint, CompactSign, compactVerify, decodeProtectedHeader, importJWK, type JWK } from 'jose';
import { generateKeyPairSync } from 'node:crypto';
import { z } from 'zod';

const alg = 'EdDSA';
/** Prefix of the ids of development keys, which identify no one. */
const devPrefix = 'dev-';

/** An Ed25519 private key as a JWK. Its `kid` is its RFC 7638 thumbprint, with the prefix `dev-` if it is for local use only. */
export const SigningJwk = z.object({
  kty: z.literal('OKP'),
  crv: z.literal('Ed25519'),
  x: z.base64url(),
  d: z.base64url(),
  kid: z.string(),
});
export type SigningJwk = z.infer<typeof SigningJwk>;

/** Signs with one key. */
export interface Signer {
  readonly kid: string;
  /** A compact JWS whose header bears `typ` and the public key. */
  sign(typ: string, payload: string): Promise<string>;
}

/** A verified payload, and the key that signed it. */
export interface Signed {
  readonly payload: string;
  /** RFC 7638 thumbprint of the key that signed. */
  readonly fingerprint: string;
  /** Whether the key is marked for local use only. */
  readonly dev: boolean;
}

/** The text is not a JWS, has another type, or has a signature that does not match its key. */
export class BadSignature extends Error {}

/** Creates an Ed25519 private key; `dev` marks it for local use only. */
export async function generateSigningKey({ dev }: { readonly dev: boolean }): Promise<SigningJwk> {
  const jwk = generateKeyPairSync('ed25519').privateKey.export({ format: 'jwk' });
  return SigningJwk.parse({ ...jwk, kid: `${dev ? devPrefix : ''}${await calculateJwkThumbprint(jwk as JWK)}` });
}

/** The public key as a JWK. */
export const publicHalf = ({ kty, crv, x, kid }: SigningJwk) => ({ kty, crv, x, kid, alg, use: 'sig' });

/** The fingerprint in a key's id, or the fingerprint itself. */
export const fingerprintOf = (kid: string): string => (isDev(kid) ? kid.slice(devPrefix.length) : kid);
const isDev = (kid: string) => kid.startsWith(devPrefix);

/** Creates a signer from a private key. */
export async function signerOf(jwk: SigningJwk): Promise<Signer> {
  const key = await importJWK(jwk, alg);
  const { kty, crv, x, kid } = jwk;
  const sign = (typ: string, payload: string) =>
    new CompactSign(Buffer.from(payload)).setProtectedHeader({ alg, typ, kid, jwk: { kty, crv, x } }).sign(key);
  return { kid, sign };
}

/** Verifies the signature with the key in its header: check separately whose key that is. Rejects with BadSignature. */
export async function openSigned(typ: string, jws: string): Promise<Signed> {
  try {
    if (!isWrittenInOneWay(jws)) throw new Error('It does not have three parts in base64url without padding.');
    const header = decodeProtectedHeader(jws);
    const { jwk, kid } = z.object({ jwk: z.looseObject({}), kid: z.string(), typ: z.literal(typ) }).parse(header);
    const fingerprint = await calculateJwkThumbprint(jwk as JWK);
    if (fingerprintOf(kid) !== fingerprint) throw new Error(`The key named ${kid} has the fingerprint ${fingerprint}.`);
    const { payload } = await compactVerify(jws, await importJWK(jwk as JWK, alg), { algorithms: [alg] });
    return { payload: new TextDecoder('utf-8', { fatal: true }).decode(payload), fingerprint, dev: isDev(kid) };
  } catch (error) {
    throw new BadSignature((error as Error).message, { cause: error });
  }
}

/** jose accepts padding, white space and spare bits too, so that several texts would pass for the one that was signed. */
const isWrittenInOneWay = (jws: string) => {
  const parts = jws.split('.');
  return parts.length === 3 && parts.every(part => Buffer.from(part, 'base64url').toString('base64url') === part);
};

/** The fingerprints of the keys in a JWK or a JWK set. Throws if the text is neither. */
export async function fingerprintsIn(json: string): Promise<string[]> {
  const parsed = z.union([z.object({ keys: z.array(z.looseObject({})).min(1) }), z.looseObject({ kty: z.string() })]);
  const found = parsed.parse(JSON.parse(json));
  return Promise.all(
    ('keys' in found ? (found.keys as JWK[]) : [found as JWK]).map(key => calculateJwkThumbprint(key)),
  );
}
