import {
  approvable,
  approvers,
  Author,
  bounds,
  CommitId,
  decliners,
  DevelopmentId,
  grounds,
  noStory,
  secondRole,
  storyStream,
  type DevelopmentProposal,
} from '#domain';
import { openTold, type Keys } from '#keys';
import { z } from 'zod';
import type { Newsroom } from '../newsroom/newsroom.js';

const DeskProposal = z
  .object({
    proposal: CommitId.meta({ description: 'The commit that made it: what an approval names.' }),
    act: z.enum(['retract', 'takedown', 'approvals']),
    development: DevelopmentId.nullable().meta({ description: 'Null where it is about what takes two people.' }),
    acts: z.array(z.enum(approvable)).nullable().meta({ description: 'All that would take two people from then on.' }),
    ground: z.enum(grounds).nullable().meta({ description: 'Of a takedown.' }),
    reason: z.string().nullable().meta({
      description:
        'Null once its development has been taken down, and under embargo for everybody but `editor` and `legal`.',
    }),
    by: Author,
    as: z.enum(approvers),
    recorded: z.iso.datetime(),
    corrected: z.iso.datetime().nullable().meta({
      description: 'When its development was last corrected since: look at it again before you approve.',
    }),
    needs: z.enum(approvers).meta({ description: 'The role of the other person who has to approve it.' }),
    declines: z.array(z.enum(approvers)).meta({ description: 'The roles in which another person may decline it.' }),
  })
  .meta({ id: 'DeskProposal' });

/** What waits for a second person in a story, oldest first. */
export const DeskProposals = z
  .object({
    position: z.int(),
    approvals: z.array(z.enum(approvable)).meta({ description: 'What the story is set to need an approval for.' }),
    proposals: z.array(DeskProposal).max(bounds.openProposalsOfStory),
  })
  .meta({ id: 'DeskProposals' });
export type DeskProposals = z.infer<typeof DeskProposals>;

/** The developments of whose keys it takes some to tell what is proposed, to somebody who may read them all or not. */
export const proposedOn = ({ stories }: Newsroom, story: string, all: boolean): string[] => {
  const { proposals, embargoes } = stories.get(story, noStory);
  const on = proposals.valueSeq().flatMap(held => ('development' in held ? [held.development] : []));
  return on.filter(development => all || !embargoes.has(development)).toArray();
};

/** `readable`: the developments whose proposals are told with their reasons. Undefined where no such story was opened. */
export function proposalsOf(
  { stories, arbitration }: Newsroom,
  story: string,
  readable: readonly string[],
  keys: Keys,
): DeskProposals | undefined {
  const { status, proposals, needApproval } = stories.get(story, noStory);
  if (status === 'none') return undefined;
  // A log from before there was a bound may hold more of them: they are told as others are settled.
  const waiting = [...proposals]
    .sort(([, a], [, b]) => (a.recorded < b.recorded ? -1 : 1))
    .slice(0, bounds.openProposalsOfStory);
  return {
    position: arbitration.position,
    approvals: [...needApproval],
    proposals: waiting.map(([proposal, held]) => {
      const { act, by, as, recorded } = held;
      return {
        ...{ proposal, act, by, as, recorded },
        development: 'development' in held ? held.development : null,
        acts: 'acts' in held ? [...held.acts] : null,
        ground: 'ground' in held ? held.ground : null,
        reason: 'reason' in held ? held.reason : reasonOf(storyStream(story), held, readable, keys),
        corrected: ('corrected' in held && held.corrected) || null,
        needs: secondRole(held),
        declines: [...decliners(held)],
      };
    }),
  };
}

function reasonOf(
  stream: string,
  { act, development, told }: DevelopmentProposal,
  readable: readonly string[],
  keys: Keys,
): string | null {
  if (!readable.includes(development)) return null;
  const type = act === 'takedown' ? 'TakedownProposed' : 'RetractionProposed';
  return openTold(stream, type, { development, told: told as string }, keys.get(development))?.reason ?? null;
}
