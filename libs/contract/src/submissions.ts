import { Author, bounds, CommitId, SentContent, DevelopmentId, Embargo } from '#domain';
import { z } from 'zod';

const DeskSubmission = z
  .object({
    development: DevelopmentId,
    commit: CommitId.meta({ description: 'The commit that holds the content now; an approval names it.' }),
    by: Author,
    submitted: z.iso.datetime(),
    changedBy: Author.meta({ description: 'Who wrote the content that it holds now.' }),
    embargo: Embargo.nullable().meta({ description: 'The embargo that it is under after the approval.' }),
    returned: z
      .object({
        by: Author,
        at: z.iso.datetime(),
        note: z.string().nullable().meta({ description: 'Null after its development was taken down.' }),
      })
      .nullable()
      .meta({ description: 'Null while it waits for an approval.' }),
    content: SentContent.nullable().meta({ description: 'Null after its development was taken down.' }),
  })
  .meta({ id: 'DeskSubmission' });

/** What waits for another person in a story, oldest first: all of it for who may approve, and one's own for its author. */
export const DeskSubmissions = z
  .object({ position: z.int(), submissions: z.array(DeskSubmission).max(bounds.submissionsOfStory) })
  .meta({ id: 'DeskSubmissions' });
export type DeskSubmissions = z.infer<typeof DeskSubmissions>;
