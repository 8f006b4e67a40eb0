import { z } from 'zod';
import { refuse, type Refusal } from '../errors.js';

/**
 * The edition of the rules that an event was decided under: 2, or absent for the first. The effect of an event under the first edition
 * never changes, and `verify` reconstructs its decision under that edition. The second edition
 * - records the role of a recording's author, and lets reporters neither supersede nor mark as key;
 * - keeps a proposed takedown open when its development is corrected, and lets only its author or a lawyer end it;
 * - requires two people to remove an act from the list of those that need two;
 * - treats two ids that differ only in case or in invisible characters as one person.
 */
export const ruled = { rules: z.literal(2).optional() };
/** Marks events that only the second edition has. */
export const secondEdition = { rules: z.literal(2) };
/** An edition of the rules; undefined means the first. */
export type Rules = 2 | undefined;
/** The edition that new commands are decided under. */
export const currentRules = 2 as const;

/** Refuses to use the first edition after the second: a version that knows only the first cannot read events of the second. */
export const formerRules = (state: { readonly rules: Rules }, rules: Rules): Refusal | undefined =>
  state.rules && !rules ? refuse('former-rules') : undefined;

/** The field `rules` as an event holds it: absent under the first edition. */
export const underRules = (rules: Rules): { rules?: 2 } => (rules ? { rules } : {});
