import { z } from 'zod';

/** The largest number that a count may have: more than there are people. */
export const mostCounted = 10_000_000_000;
/** A count of people, votes or goals. */
export const Whole = z.int().min(0).max(mostCounted);
