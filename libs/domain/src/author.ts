import { z } from 'zod';
import { Line } from './text.js';

/** The person behind a command: the token's subject and, if the token gives one, a name to show. */
export const Author = z.strictObject({ id: Line(200), name: Line(200).optional() });
export type Author = z.infer<typeof Author>;

/** The author of a commit. `maker`: of a program, who made its token; it acts with that person's rights. */
export const CommitAuthor = z.strictObject({ ...Author.shape, maker: Author.shape.id.optional() });
export type CommitAuthor = z.infer<typeof CommitAuthor>;

/** The parts of a commit that a story's state keeps. */
export interface Origin {
  readonly id: string;
  readonly by: CommitAuthor;
  /** When the log received it: ISO 8601, UTC, milliseconds. */
  readonly recorded: string;
}

/** The author of commits that no person made: the log's first commit, and the lift of an embargo when its time comes. */
export const system: Author = { id: 'dateline' };

// Invisible characters: two ids that differ only by these look the same.
const unseen = /\p{Default_Ignorable_Code_Point}|\p{Cf}/gu;
const plain = (id: string) => id.normalize('NFKC').replace(unseen, '').trim();

// Upper case first: it merges "ß" with "ss", and the two lower-case sigmas.
/** Folds an id so that two spellings of one person's id become equal: it ignores case and invisible characters. */
export const foldedId = (id: string): string => plain(id).toUpperCase().toLowerCase().normalize('NFKC');

/** Whether two ids look the same: they differ only in case or in invisible characters. People are told apart by their ids, byte by byte. */
export const isSamePerson = (one: string, other: string): boolean => foldedId(one) === foldedId(other);

/** A person's id in a token: in Unicode's NFKC form, and different from the system's id. */
export const Subject = Author.shape.id
  .refine(
    id => id === plain(id),
    'must be in NFKC, without leading or trailing spaces and without invisible characters',
  )
  .refine(id => !isSamePerson(id, system.id), `must not be ${system.id}, which is the system itself`)
  .refine(id => !foldedId(id).startsWith('machine:'), 'must not begin with machine:, as the ids of programs do');
