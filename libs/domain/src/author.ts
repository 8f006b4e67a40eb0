import { z } from 'zod';
import { Line } from './text.js';

/** Who did it: the token's subject and, where it gives one, a name to show. */
export const Author = z.strictObject({ id: Line(200), name: Line(200).optional() });
export type Author = z.infer<typeof Author>;

/** Of the commit that an event stands in, what the state of a story keeps. */
export interface Origin {
  readonly id: string;
  readonly by: Author;
  /** When the newsroom's log had it: ISO 8601, UTC, milliseconds. */
  readonly recorded: string;
}

/** Who did what no person did: the log's first commit, and the lift of an embargo at its hour. */
export const system: Author = { id: 'dateline' };

// Nothing of these is seen, so two ids that differ by them alone look the same.
const unseen = /\p{Default_Ignorable_Code_Point}|\p{Cf}/gu;
const plain = (id: string) => id.normalize('NFKC').replace(unseen, '').trim();

// Upper case first: it makes one of "ß" and "ss", and of the two lower-case sigmas.
/** What is the same of two ids that are one person's: nothing but case and what cannot be seen tells them apart. */
export const foldedId = (id: string): string => plain(id).toUpperCase().toLowerCase().normalize('NFKC');

export const isSamePerson = (one: string, other: string): boolean => foldedId(one) === foldedId(other);

/** A person's id in a token: written in the one way that Unicode's NFKC gives, and not the system's own. */
export const Subject = Author.shape.id
  .refine(
    id => id === plain(id),
    'must be in NFKC, without leading or trailing spaces and without invisible characters',
  )
  .refine(id => !isSamePerson(id, system.id), `must not be ${system.id}, which is the system itself`);
