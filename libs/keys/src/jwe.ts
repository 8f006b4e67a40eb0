import { createCipheriv, createDecipheriv, randomBytes, type KeyObject } from 'node:crypto';

const cipher = 'aes-256-gcm';
const ivBytes = 12;
const tagBytes = 16;

/** A JWE in compact form (RFC 7516) of direct encryption by A256GCM. The protected header is bound to the ciphertext, and readable. */
export function encryptJwe(secret: KeyObject, header: object, plaintext: string): string {
  const head = headOf(header);
  const iv = randomBytes(ivBytes);
  const encryption = createCipheriv(cipher, secret, iv).setAAD(Buffer.from(head));
  const text = Buffer.concat([encryption.update(plaintext, 'utf8'), encryption.final()]);
  return [head, '', base64url(iv), base64url(text), base64url(encryption.getAuthTag())].join('.');
}

/** The plaintext's bytes; undefined where it is not sealed under this secret with this very header. Never throws. */
export function decryptJwe(secret: KeyObject, header: object, jwe: string): Buffer | undefined {
  const [head, key, ...rest] = jwe.split('.');
  const [iv, text, tag] = rest.map(bytesOf);
  if (head !== headOf(header) || key !== '' || rest.length !== 3 || !iv || !text || !tag) return undefined;
  try {
    const decryption = createDecipheriv(cipher, secret, iv, { authTagLength: tagBytes })
      .setAAD(Buffer.from(head))
      .setAuthTag(tag);
    return Buffer.concat([decryption.update(text), decryption.final()]);
  } catch {
    return undefined;
  }
}

const base64url = (bytes: Buffer) => bytes.toString('base64url');
/** Undefined where the same bytes are written in another way: the last letter has bits to spare. */
function bytesOf(text: string): Buffer | undefined {
  const bytes = Buffer.from(text, 'base64url');
  return base64url(bytes) === text ? bytes : undefined;
}
/** The same header gives the same bytes: its members are always written in this order. */
const headOf = (header: object) => base64url(Buffer.from(JSON.stringify({ alg: 'dir', enc: 'A256GCM', ...header })));
