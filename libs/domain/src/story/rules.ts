import { z } from 'zod';
import { isSamePerson, type Author } from '../author.js';
import { refuse, type Refusal } from '../errors.js';

const Edition = z.union([z.literal(2), z.literal(3)]);
/** An edition of the rules that events name. */
export type Edition = z.infer<typeof Edition>;

/**
 * The edition of the rules that an event was decided under; absent for the first. The effect of an event under a former edition never
 * changes, and `verify` reconstructs its decision under that edition. The second edition
 * - records the role of a recording's author, and lets reporters neither supersede nor mark as key;
 * - keeps a proposed takedown open when its development is corrected, and lets only its author or a lawyer end it;
 * - requires two people to remove an act from the list of those that need two;
 * - treats two ids that differ only in case or in invisible characters as one person.
 * The third takes ids as they are, byte by byte, as the first did: a token is accepted only with an id in one form of Unicode, and the
 * issuer says who is who.
 */
export const ruled = { rules: Edition.optional() };
/** Marks events that the first edition does not have. */
export const secondEdition = { rules: Edition };
/** An edition of the rules; undefined means the first. */
export type Rules = Edition | undefined;
/** The edition that new commands are decided under. */
export const currentRules = 3 as const;

/** Refuses to use an edition after a later one: a version that knows only the former cannot read events of the later. */
export const formerRules = (state: { readonly rules: Rules }, rules: Rules): Refusal | undefined =>
  (state.rules ?? 1) > (rules ?? 1) ? refuse('former-rules') : undefined;

/** The later of two editions. */
export const laterRules = (one: Rules, other: Rules): Rules => ((one ?? 1) > (other ?? 1) ? one : other);

/** The field `rules` as an event holds it: absent under the first edition. */
export const underRules = (rules: Rules): { rules?: Edition } => (rules ? { rules } : {});

/** The field `rules` of an event that the first edition does not have. */
export const sinceSecond = (rules: Rules): { rules: Edition } => ({ rules: rules ?? 2 });

/** Whether two authors are one person: a name is nobody. */
export const isSameUnder = (rules: Rules, one: Pick<Author, 'id'>, other: Pick<Author, 'id'>): boolean =>
  rules === 2 ? isSamePerson(one.id, other.id) : one.id === other.id;
