import { approvable, approvers, Author, bounds, CommitId, DevelopmentId, grounds, TextId } from '#domain';
import { z } from 'zod';

/** A proposal that waits for a second person. */
export const DeskProposal = z
  .object({
    proposal: CommitId.meta({ description: 'Id of the commit that made the proposal; an approval names it.' }),
    act: z.enum(['retract', 'takedown', 'approvals']),
    development: DevelopmentId.nullable().meta({
      description: 'Null if the proposal is not about a development.',
    }),
    text: TextId.nullable().meta({ description: 'The version of the header that a takedown is about.' }),
    acts: z
      .array(z.enum(approvable))
      .nullable()
      .meta({ description: 'All acts that would need an approval from then on.' }),
    ground: z.enum(grounds).nullable().meta({ description: 'Given for a takedown.' }),
    reason: z.string().nullable().meta({
      description:
        'Null after its development was taken down. Under embargo, null for those who may not see what readers cannot see.',
    }),
    by: Author,
    as: z.enum(approvers),
    recorded: z.iso.datetime(),
    corrected: z.iso.datetime().nullable().meta({
      description: 'When its development was last corrected after the proposal: review it before you approve.',
    }),
    needs: z.enum(approvers).meta({ description: 'The role that the approving person needs.' }),
    declines: z.array(z.enum(approvers)).meta({ description: 'The roles that let another person decline it.' }),
  })
  .meta({ id: 'DeskProposal' });

/** A story's open proposals, oldest first. */
export const DeskProposals = z
  .object({
    position: z.int(),
    approvals: z.array(z.enum(approvable)).meta({ description: 'The acts that need an approval in this story.' }),
    proposals: z.array(DeskProposal).max(bounds.openProposalsOfStory),
  })
  .meta({ id: 'DeskProposals' });
export type DeskProposals = z.infer<typeof DeskProposals>;
