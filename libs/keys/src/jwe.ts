import { createCipheriv, createDecipheriv, randomBytes, type KeyObject } from 'node:crypto';

const cipher = 'aes-256-gcm';
const ivBytes = 12;
const tagBytes = 16;

/** Encrypts directly with A256GCM into a JWE in compact form (RFC 7516). The protected header is readable and bound to the ciphertext. */
export function encryptJwe(secret: KeyObject, header: object, plaintext: string): string {
  const head = headOf(header);
  const iv = randomBytes(ivBytes);
  const encryption = createCipheriv(cipher, secret, iv).setAAD(Buffer.from(head));
  const text = Buffer.concat([encryption.update(plaintext, 'utf8'), encryption.final()]);
  return [head, '', base64url(iv), base64url(text), base64url(encryption.getAuthTag())].join('.');
}

/** The plaintext's bytes; undefined if the text is not sealed under this secret with exactly this header. Never throws. */
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
/** Undefined for a non-canonical spelling of the same bytes: the last base64 letter has spare bits. */
function bytesOf(text: string): Buffer | undefined {
  const bytes = Buffer.from(text, 'base64url');
  return base64url(bytes) === text ? bytes : undefined;
}
/** Writes the members in a fixed order, so that the same header gives the same bytes. */
const headOf = (header: object) => base64url(Buffer.from(JSON.stringify({ alg: 'dir', enc: 'A256GCM', ...header })));
