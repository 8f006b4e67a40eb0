import { refuse, type Refusal } from './errors.js';
import type { Path } from './references.js';

// Stricter rules for texts recorded from now on. The events' schemas allow more, as they must read every log ever written; unsafe
// characters in old logs are made harmless where they are shown.

const noncharacter = /\p{Noncharacter_Code_Point}/u;
const message = 'must not contain U+FFFE, U+FFFF or another Unicode noncharacter: feeds and pages cannot show it';

/** Refuses the first text in a command's body that some surface cannot show; the refusal names its field. */
export function unshowable(value: unknown, path: Path = []): Refusal | undefined {
  if (typeof value === 'string')
    return noncharacter.test(value) ? refuse('invalid-field', { path, detail: message }) : undefined;
  if (typeof value !== 'object' || value === null) return undefined;
  for (const [key, inner] of Object.entries(value)) {
    const found = unshowable(inner, [...path, key]);
    if (found) return found;
  }
  return undefined;
}

// "+05:30" is a fixed offset without clock changes, yet JavaScript accepts it as a zone.
/** Whether this is the name of a zone in the IANA database, not an offset. */
export const isZoneName = (zone: string): boolean => /^[A-Za-z]/.test(zone);
