import { refuse, type Refusal } from './errors.js';
import type { Path } from './references.js';

// What is asked of texts that are recorded from now on. Schemas of events ask for less, as they have to read every log
// that was ever written: whatever stands in one is made harmless where it is shown.

const noncharacter = /\p{Noncharacter_Code_Point}/u;
const message = 'must not contain U+FFFE, U+FFFF or another Unicode noncharacter: feeds and pages cannot show it';

/** The first text in a command's body that not every surface can show, as a refusal that names its field. */
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

// "+05:30" is an offset, and no place where clocks are put forward; JavaScript takes it for a zone all the same.
/** Whether it is the name of a zone in the IANA database, and not an offset. */
export const isZoneName = (zone: string): boolean => /^[A-Za-z]/.test(zone);
