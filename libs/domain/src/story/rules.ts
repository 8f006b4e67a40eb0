import { z } from 'zod';
import { refuse, type Refusal } from '../errors.js';

/**
 * The edition of the rules that an event was decided under: 2, or the first where it does not say. What an event did
 * under the first edition it does for ever, and `verify` decides it again by that. The second edition
 * - has the role that a record was made in, and lets a reporter neither supersede nor mark as key;
 * - keeps a proposed takedown open when its development is corrected, and lets its author and a lawyer alone end it;
 * - takes two people to take an act off the list of those that take two;
 * - counts two ids that differ in case, or in what is not seen, as one person.
 */
export const ruled = { rules: z.literal(2).optional() };
/** Marks events that only the second edition has. */
export const secondEdition = { rules: z.literal(2) };
export type Rules = 2 | undefined;
/** The edition that new commands are decided under. */
export const currentRules = 2 as const;

/** Refuses to use the first edition after the second: a version that knows only the first cannot read events of the second. */
export const formerRules = (state: { readonly rules: Rules }, rules: Rules): Refusal | undefined =>
  state.rules && !rules ? refuse('former-rules') : undefined;

/** The field `rules` as an event holds it: absent under the first edition. */
export const underRules = (rules: Rules): { rules?: 2 } => (rules ? { rules } : {});
