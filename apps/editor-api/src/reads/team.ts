import type { DeskTeam } from '#contract';
import { mayIn, memberOf, noStory, rolesIn, seesUnpublished, storyStream, type Person } from '#domain';
import { headOf } from '#event-log';
import type { WriteModel } from '../commands/write-model.js';

/** The team of a story, and what this person may do there. */
export function teamOf({ stories, arbitration }: WriteModel, story: string, person: Person): DeskTeam {
  const state = stories.get(story, noStory);
  const { team } = state;
  const { may, mayOwn } = mayIn(state, person);
  return {
    position: arbitration.position,
    head: headOf(arbitration, storyStream(story)).id,
    of: team ? 'story' : 'newsroom',
    members: (team ?? []).map(({ id, role, name }) => ({ id, role, name: name ?? null })),
    role: (team && memberOf(team, person.maker ?? person.id)?.role) ?? null,
    roles: [...rolesIn(state, person)],
    sees: seesUnpublished(state, person),
    may: [...may],
    mayOwn: [...mayOwn],
  };
}
