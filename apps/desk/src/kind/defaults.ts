import type { Value } from '../form-model/values.js';

/** The kind of a post that is only its text: the desk opens with it. */
export const plainKind = 'update';

/** The modality of a development that gives none. */
export const plainModality = { mode: 'asserted' } as const;

/** What the server records for the fields that a new development leaves out. */
export interface PostingDefaults {
  readonly sourcing: Value;
  readonly modality: Value;
}

/** The defaults of a story that sets none. */
export const standardDefaults: PostingDefaults = {
  sourcing: { basis: 'desk', standing: 'reported' },
  modality: plainModality,
};
