import { z } from 'zod';
import { event, of } from './event.js';

/** Why something was taken down, as far as the public is told. */
export const grounds = ['legal', 'privacy', 'safety', 'court-order'] as const;
export type Ground = (typeof grounds)[number];

/** The id of a commit: the hash that its record's id is. */
export const CommitId = z.string().regex(/^[0-9a-f]{64}$/, 'must be a commit id: 64 hex digits');

// Stored names: for ever. A breaking change is a new event beside the old one.
/**
 * The key that the development's words are sealed under is to be destroyed wherever this is read: there is no way back.
 * It stands in the commit that approves the proposal.
 */
export const takedownEvents = [
  event('ContentShredded', { ...of, ground: z.enum(grounds), proposal: CommitId }),
] as const;
