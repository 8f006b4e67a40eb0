import { type DeskProposals } from '#contract';
import {
  bounds,
  decliners,
  keyIdOf,
  noStory,
  secondRole,
  storyStream,
  type DevelopmentProposal,
  type TextProposal,
} from '#domain';
import { openPayload, type Keys } from '#keys';
import type { WriteModel } from '../commands/write-model.js';

/** The developments and texts whose keys are needed to show the proposals to this reader. `all`: the reader may see content under embargo. */
export const proposedOn = ({ stories }: WriteModel, story: string, all: boolean): string[] => {
  const { proposals, embargoes } = stories.get(story, noStory);
  const on = proposals.valueSeq().flatMap(held => (held.act === 'approvals' ? [] : [keyIdOf(held)]));
  return on.filter(development => all || !embargoes.has(development)).toArray();
};

/** Lists a story's open proposals. `readable`: the developments whose reasons can be shown. Undefined if the story was never opened. */
export function proposalsOf(
  { stories, arbitration }: WriteModel,
  story: string,
  readable: readonly string[],
  keys: Keys,
): DeskProposals | undefined {
  const { status, proposals, needApproval } = stories.get(story, noStory);
  if (status === 'none') return undefined;
  // A log from before the bound may hold more proposals. The others appear as these are settled.
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
        text: 'text' in held ? held.text : null,
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
  held: DevelopmentProposal | TextProposal,
  readable: readonly string[],
  keys: Keys,
): string | null {
  const told = held.told as string;
  const id = keyIdOf(held);
  if (!readable.includes(id)) return null;
  if ('text' in held)
    return openPayload(stream, 'TextTakedownProposed', { text: held.text, told }, keys.get(id))?.reason ?? null;
  const type = held.act === 'takedown' ? 'TakedownProposed' : 'RetractionProposed';
  return openPayload(stream, type, { development: held.development, told }, keys.get(id))?.reason ?? null;
}
