import canonicalize from 'canonicalize';
import { hash } from 'node:crypto';

/** Parses JSON; undefined if the text is not JSON. */
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

/**
 * Whether the text is the value's canonical JSON. `value` is what the text was parsed to. JSON.stringify gives the canonical form of everything
 * but the order of keys, and is several times as fast.
 */
export const isCanonicalJson = (value: unknown, text: string): boolean =>
  (!text.includes('\\ud') && hasSortedKeys(value) && JSON.stringify(value) === text) || canonicalJson(value) === text;

function hasSortedKeys(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return true;
  if (Array.isArray(value)) return value.every(hasSortedKeys);
  let before = '';
  for (const key of Object.keys(value)) {
    if (key < before || !hasSortedKeys((value as Record<string, unknown>)[key])) return false;
    before = key;
  }
  return true;
}

/** Lower-case hex SHA-256. */
export function sha256(bytes: string | Uint8Array): string {
  return hash('sha256', bytes);
}

/** SHA-256 of the value's canonical JSON, in lower-case hex. */
export const digest = (value: unknown): string => sha256(canonicalJson(value));
