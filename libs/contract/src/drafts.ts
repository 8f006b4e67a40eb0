import { Author, DevelopmentId } from '#domain';
import { z } from 'zod';

/**
 * Bounds of drafts: how many a story may have at a time, how many former versions of one are kept, for how many seconds one person's
 * savings are one version, how many characters of its text the list shows, and for how many days the list of ended ones is kept.
 */
export const draftBounds = { ofStory: 100, versions: 20, versionS: 60, words: 120, endedDays: 7 } as const;

/** A draft's id, chosen by the desk. It is also the Idempotency-Key of the command that the draft becomes. */
export const DraftId = z
  .string()
  .regex(
    /^[a-z0-9][a-z0-9-]{0,63}$/,
    'must be 1 to 64 lower-case letters, digits and hyphens, and begin with no hyphen',
  )
  .meta({ id: 'DraftId', description: 'Also the Idempotency-Key of the command that the draft becomes.' });

/** The acts that a draft can become. */
export const draftActs = ['record', 'correct'] as const;

const version = z.int().min(0).max(2_147_483_647);

const Written = {
  act: z.enum(draftActs).meta({ description: 'What it becomes: a new development, or a correction.' }),
  target: DevelopmentId.optional().meta({ description: 'Of a correction: the development that it corrects.' }),
  value: z.looseObject({}).meta({ description: 'The body of the command, as far as it is filled in.' }),
  was: z.looseObject({}).optional().meta({ description: 'The content when the correction began.' }),
  left: z.looseObject({}).optional().meta({ description: 'What it held under other kinds.' }),
  head: z.string().max(100).optional().meta({ description: 'The story’s head that the editor knew.' }),
};

/** A draft to save. */
export const NewDraft = z
  .strictObject({
    version: version.meta({ description: 'The version that it replaces; 0 for a new draft.' }),
    ...Written,
  })
  .refine(({ act, target }) => (act === 'correct') === (target !== undefined), {
    path: ['target'],
    error: 'must be the id of a development for `correct`, and absent for `record`',
  })
  .meta({ id: 'NewDraft' });
export type NewDraft = z.infer<typeof NewDraft>;

const Shared = {
  id: DraftId,
  version,
  act: Written.act,
  target: Written.target,
  holder: Author.meta({ description: 'Whose work it is. Others can take it over.' }),
  by: Author.meta({ description: 'Who changed it last.' }),
  begun: z.iso.datetime(),
  changed: z.iso.datetime(),
};

/** A draft in the list of a story's drafts. */
export const DraftSummary = z
  .object({ ...Shared, words: z.string().meta({ description: 'The beginning of its text.' }) })
  .meta({ id: 'DraftSummary' });
export type DraftSummary = z.infer<typeof DraftSummary>;

/** A story's drafts, those that were changed last first. */
export const Drafts = z.object({ drafts: z.array(DraftSummary) }).meta({ id: 'Drafts' });
export type Drafts = z.infer<typeof Drafts>;

/** Who wrote a version of a draft. Savings of one person within a minute are one version. */
const DraftVersion = z.object({
  version,
  by: Author,
  began: z.iso.datetime(),
  saved: z.iso.datetime(),
});

/** A draft with its content and the latest versions, newest first. */
export const Draft = z
  .object({
    ...Shared,
    value: Written.value,
    was: Written.was,
    left: Written.left,
    head: Written.head,
    versions: z.array(DraftVersion),
  })
  .meta({ id: 'Draft' });
export type Draft = z.infer<typeof Draft>;

/** A former content of a draft. */
export const FormerDraft = z
  .object({ ...DraftVersion.shape, value: Written.value })
  .meta({ id: 'FormerDraft', description: 'What a draft held in one of its latest versions.' });
export type FormerDraft = z.infer<typeof FormerDraft>;

/** The version of a draft that a person saw, for what they do to it. */
export const SeenDraft = z.strictObject({ version: version.min(1) }).meta({ id: 'SeenDraft' });
export type SeenDraft = z.infer<typeof SeenDraft>;

/** To whom a draft is handed over. */
export const HandOver = z.strictObject({ version: version.min(1), to: Author }).meta({ id: 'HandOver' });
export type HandOver = z.infer<typeof HandOver>;

/** How a draft ended. */
export const EndedDraft = z
  .object({
    id: DraftId,
    how: z
      .enum(['posted', 'discarded', 'taken-down'])
      .meta({ description: '`taken-down`: the development that it corrects was.' }),
    by: Author,
    ended: z.iso.datetime(),
  })
  .meta({ id: 'EndedDraft', description: 'Its words are gone: their key is destroyed.' });
export type EndedDraft = z.infer<typeof EndedDraft>;

/** The news of the desk's feed about drafts: which there are, and their versions. */
export interface DraftNews {
  readonly drafts: readonly { readonly id: string; readonly version: number }[];
}
