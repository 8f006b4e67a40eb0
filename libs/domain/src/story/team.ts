import type { Author } from '../author.js';
import { refuse, type Refusal } from '../errors.js';
import type { StoryState } from './state.js';

// The team of a story: who may work on it, and in which role. The roles of a token say who somebody is in the newsroom; the team says what
// they are in one story. A story without a team is the whole newsroom's, as every story was before there were teams.

/** The roles in a story's team. Each may do all that those before it may. */
export const teamRoles = ['reporter', 'editor', 'chief'] as const;
/** A role in a story's team. */
export type TeamRole = (typeof teamRoles)[number];

/** A person in a story's team. */
export interface Member {
  /** The subject of the person's token, byte for byte. */
  readonly id: string;
  readonly role: TeamRole;
  /** The name that came with the person's last act in the story; absent before. */
  readonly name?: string;
}

/** A story's team, in the order in which its members came. */
export type Team = readonly Member[];

/** The member with this id: the ids are compared byte for byte, so a name, or another spelling of an id, is nobody. */
export const memberOf = (team: Team, id: string): Member | undefined => team.find(member => member.id === id);

/** The team with this member in this role. */
export function withMember(team: Team, id: string, role: TeamRole): Team {
  return memberOf(team, id)
    ? team.map(member => (member.id === id ? { ...member, role } : member))
    : [...team, { id, role }];
}

/** The team without this member. */
export const withoutMember = (team: Team, id: string): Team => team.filter(member => member.id !== id);

/** Keeps the name that a member of the team signs with. */
export function withNameOf(state: StoryState, { id, name }: Author): StoryState {
  const held = state.team && memberOf(state.team, id);
  if (!held || name === undefined || held.name === name) return state;
  return { ...state, team: state.team!.map(member => (member === held ? { ...member, name } : member)) };
}

/** The chiefs of a team. */
export const chiefsOf = (team: Team): Team => team.filter(({ role }) => role === 'chief');

/** How many chiefs a refusal names. */
export const mostChiefsNamed = 5;

/** Refuses a person who is not in the story's team, and names who can add them. */
export function notInTeam(team: Team): Refusal {
  const chiefs = chiefsOf(team).slice(0, mostChiefsNamed);
  const who = chiefs.map(({ id, name }) => (name === undefined ? id : `${name} (${id})`)).join(', ');
  const detail = `You are not in the team of this story. Ask one of its chiefs to add you: ${who}.`;
  return refuse('not-in-team', { detail, allowed: chiefs.map(({ id }) => id) });
}
