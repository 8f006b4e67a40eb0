import { z } from 'zod';
import { Author, Subject } from '../../author.js';
import { refuse, type Refusal } from '../../errors.js';
import { defineAct, defineEvent, type OtherEvent } from '../define.js';
import type { StoryDecision, StoryState } from '../state.js';
import { chiefsOf, memberOf, teamRoles, withMember, withoutMember, type Team, type TeamRole } from '../team.js';

/** In which role somebody changed the team: as a chief of it, or with the role `managing` of a token. Absent where the story was opened. */
const namers = ['chief', 'managing'] as const;
type Namer = (typeof namers)[number];

const member = Author.shape.id;

/** A person came into the story's team, or got another role there. Where the story had no team, this is its first chief. */
export const memberNamed = defineEvent({
  type: 'MemberNamed',
  fields: { member, role: z.enum(teamRoles), as: z.enum(namers).optional() },
  readers: 'internal',
  evolve: (state, { member, role }) => ({ ...state, team: withMember(state.team ?? [], member, role) }),
  reconstruct: data => nameMember.decide(data),
  fills: {
    bound: 'membersOfStory',
    full: 'The team of the story has the maximum number of members',
    instead: 'Remove somebody first.',
    // Another role for somebody in the team adds nobody.
    count: ({ team = [] }, { member }) => (memberOf(team, member) ? 0 : team.length),
  },
});

/** A person is no longer in the story's team. */
export const memberRemoved = defineEvent({
  type: 'MemberRemoved',
  fields: { member, as: z.enum(namers).optional() },
  readers: 'internal',
  evolve: (state, { member }) => (state.team ? { ...state, team: withoutMember(state.team, member) } : state),
  reconstruct: data => removeMember.decide(data),
});

/** The first chief that the first commit of a story names, as the person who opened it. */
export const firstChief = (rest: readonly OtherEvent[], by: Author): string | undefined =>
  rest.some(({ type }) => type === 'MemberNamed') ? by.id : undefined;

const Person = Subject.meta({
  description: 'The subject of the person’s token, exactly as the issuer gives it. The desk shows everybody their own.',
});
/** In a story of the whole newsroom every editor has a chief's rights, and only a managing editor names its first chief. */
const asOf = (roles: readonly string[], { team }: Pick<StoryState, 'team'>): Namer =>
  roles.includes('chief') && (team || !roles.includes('managing')) ? 'chief' : 'managing';

/** Decides on the team of a story. `without`: the team with which one of the whole newsroom begins; undefined refuses it. */
const onTeam =
  (decide: (team: Team) => ReturnType<StoryDecision>, without?: Team): StoryDecision =>
  ({ status, team = without }: StoryState) => {
    if (status === 'none') return refuse('unknown-story');
    return team ? decide(team) : refuse('no-team');
  };

/** Refuses to leave a team without a chief. */
const lastChief = (team: Team, id: string): Refusal | undefined => {
  const chiefs = chiefsOf(team);
  return chiefs.length === 1 && chiefs[0]!.id === id ? refuse('last-chief') : undefined;
};

type Naming = { readonly member: string; readonly role: TeamRole; readonly as?: Namer | undefined };

/** Adds a person to the team, or changes a member's role. A managing editor gives a story its team by naming the first chief. */
export const nameMember = defineAct({
  does: 'name-member',
  on: 'story',
  route: 'members',
  summary: 'Add a person to a story’s team, or change a member’s role there; give a story its team',
  body: z
    .strictObject({
      member: Person,
      role: z.enum(teamRoles).meta({
        description:
          'What the person may do in this story. A reporter posts and corrects their own posts; an editor acts on every post; a chief also changes the team, the headline and the posting defaults, and closes the story.',
      }),
    })
    .meta({ id: 'NameMember' }),
  command: ({ body, roles }, { story }) => ({ ...body, as: asOf(roles, story) }),
  decide: ({ member, role, as }: Naming): StoryDecision =>
    onTeam(
      team => {
        const held = memberOf(team, member);
        if (held?.role === role) return [];
        return lastChief(team, member) ?? [{ type: 'MemberNamed', data: { member, role, ...(as && { as }) } }];
      },
      role === 'chief' && as === 'managing' ? [] : undefined,
    ),
});

/** Removes a person from the team. */
export const removeMember = defineAct({
  does: 'remove-member',
  on: 'story',
  route: 'remove-member',
  summary: 'Remove a person from a story’s team',
  body: z.strictObject({ member: Person }).meta({ id: 'RemoveMember' }),
  command: ({ body, roles }, { story }) => ({ ...body, as: asOf(roles, story) }),
  decide: ({ member, as }: { member: string; as?: Namer | undefined }): StoryDecision =>
    onTeam(team => {
      if (!memberOf(team, member)) return [];
      return lastChief(team, member) ?? [{ type: 'MemberRemoved', data: { member, ...(as && { as }) } }];
    }),
});
