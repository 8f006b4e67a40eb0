import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';

const cipher = 'aes-256-gcm';
const ivBytes = 12;
const tagBytes = 16;

/** A JWE in compact form (RFC 7516) of direct encryption by A256GCM. The protected header is bound to the ciphertext, and readable. */
export function encryptJwe(secret: Uint8Array, header: object, plaintext: string): string {
  const head = headOf(header);
  const iv = randomBytes(ivBytes);
  const encryption = createCipheriv(cipher, secret, iv).setAAD(Buffer.from(head));
  const text = Buffer.concat([encryption.update(plaintext, 'utf8'), encryption.final()]);
  return [head, '', base64url(iv), base64url(text), base64url(encryption.getAuthTag())].join('.');
}

/** The plaintext's bytes; undefined where it is not sealed under this secret with this very header. Never throws. */
export function decryptJwe(secret: Uint8Array, header: object, jwe: string): Buffer | undefined {
  const [head, key, iv, text, tag] = jwe.split('.');
  if (head !== headOf(header) || key !== '' || !iv || text === undefined || !tag) return undefined;
  try {
    const decryption = createDecipheriv(cipher, secret, Buffer.from(iv, 'base64url'), { authTagLength: tagBytes })
      .setAAD(Buffer.from(head))
      .setAuthTag(Buffer.from(tag, 'base64url'));
    return Buffer.concat([decryption.update(Buffer.from(text, 'base64url')), decryption.final()]);
  } catch {
    return undefined;
  }
}

const base64url = (bytes: Buffer) => bytes.toString('base64url');
/** The same header gives the same bytes: its members are always written in this order. */
const headOf = (header: object) => base64url(Buffer.from(JSON.stringify({ alg: 'dir', enc: 'A256GCM', ...header })));
