import canonicalize from 'canonicalize';
import { createHash } from 'node:crypto';

/** Parses JSON; undefined where the text is not JSON. */
export function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** RFC 8785 canonical JSON: the same value gives the same bytes, whatever the order of its keys. */
export function canonicalJson(value: unknown): string {
  const json = canonicalize(value);
  if (json === undefined) throw new TypeError('A value without a JSON form has no canonical JSON.');
  return json;
}

/** Lower-case hex SHA-256. */
export function sha256(bytes: string | Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

/** SHA-256 of the value's canonical JSON, in lower-case hex. */
export const digest = (value: unknown): string => sha256(canonicalJson(value));
