import type { DeskStory } from '../contracts.js';

/** The kind of a post that is only its text: the desk opens with it. */
export const plainKind = 'update';

/** What the server records for the fields that a new development leaves out: the story sets it. */
export type PostingDefaults = DeskStory['defaults'];

/** The defaults of a story that sets none. */
export const standardDefaults: PostingDefaults = {
  sourcing: { basis: 'desk', standing: 'reported' },
  modality: { mode: 'asserted' },
};
