import {
  approvable,
  approvers,
  Author,
  CommitId,
  DevelopmentId,
  grounds,
  noStory,
  secondRole,
  storyStream,
  type Proposal,
} from '#domain';
import { openTold, type Keys } from '#keys';
import { z } from 'zod';
import type { Newsroom } from '../newsroom/newsroom.js';

const DeskProposal = z
  .object({
    proposal: CommitId.meta({ description: 'The commit that made it: what an approval names.' }),
    act: z.enum(['retract', 'takedown']),
    development: DevelopmentId,
    ground: z.enum(grounds).nullable().meta({ description: 'Of a takedown.' }),
    reason: z.string().nullable().meta({ description: 'Null once its development has been taken down.' }),
    by: Author,
    as: z.enum(approvers),
    recorded: z.iso.datetime(),
    needs: z.enum(approvers).meta({ description: 'The role of the other person who has to approve it.' }),
  })
  .meta({ id: 'DeskProposal' });

/** What waits for a second person in a story, oldest first. */
export const DeskProposals = z
  .object({
    position: z.int(),
    approvals: z.array(z.enum(approvable)).meta({ description: 'What the story is set to need an approval for.' }),
    proposals: z.array(DeskProposal),
  })
  .meta({ id: 'DeskProposals' });
export type DeskProposals = z.infer<typeof DeskProposals>;

/** The developments of whose keys it takes some to tell what is proposed. */
export const proposedOn = ({ stories }: Newsroom, story: string): string[] =>
  stories
    .get(story, noStory)
    .proposals.valueSeq()
    .map(({ development }) => development)
    .toArray();

/** Undefined where no such story was opened. */
export function proposalsOf({ stories, arbitration }: Newsroom, story: string, keys: Keys): DeskProposals | undefined {
  const { status, proposals, needApproval } = stories.get(story, noStory);
  if (status === 'none') return undefined;
  const waiting = [...proposals].sort(([, a], [, b]) => (a.recorded < b.recorded ? -1 : 1));
  return {
    position: arbitration.position,
    approvals: [...needApproval],
    proposals: waiting.map(([proposal, held]) => {
      const { act, development, by, as, recorded } = held;
      const reason = reasonOf(storyStream(story), held, keys);
      const ground = act === 'takedown' ? held.ground : null;
      return { proposal, act, development, ground, reason, by, as, recorded, needs: secondRole(held) };
    }),
  };
}

function reasonOf(stream: string, { act, development, told }: Proposal, keys: Keys): string | null {
  const type = act === 'takedown' ? 'TakedownProposed' : 'RetractionProposed';
  return openTold(stream, type, { development, told: told as string }, keys.get(development))?.reason ?? null;
}
