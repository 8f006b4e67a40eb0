import { canonicalJson } from '#domain';
import { z } from 'zod';
import { openSigned, type Signer } from './signing.js';

const type = 'dateline-head+jws';
/** SHA-256 in lower-case hex. */
export const Hash = z.string().regex(/^[0-9a-f]{64}$/);

/** A signed statement about a log: how many commits it has, and the root of their Merkle tree. */
export const Head = z.strictObject({
  /** The log's id: the id of its first commit. */
  log: Hash,
  position: z.int().positive(),
  root: Hash,
  /** When it was signed: ISO 8601, UTC, milliseconds. */
  time: z.iso.datetime({ precision: 3 }),
});
export type Head = z.infer<typeof Head>;
/** A verified head, and the key that signed it. */
export type SignedHead = Head & { readonly fingerprint: string; readonly dev: boolean };

/** Signs a head as a compact JWS, one line. */
export const signHead = (signer: Signer, head: Head): Promise<string> =>
  signer.sign(type, canonicalJson(Head.parse(head)));

/** Rejects with BadSignature, or with a ZodError if the signature is good and the payload is not a head. */
export async function openHead(jws: string): Promise<SignedHead> {
  const { payload, fingerprint, dev } = await openSigned(type, jws);
  return { ...Head.parse(JSON.parse(payload)), fingerprint, dev };
}
